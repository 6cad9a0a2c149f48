using Attune.Db.Changes;
using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>The triggers with the most events, and the rules with the most enforcements.</summary>
public sealed partial class Busiest
{
    private const int Most = 5;

    private IReadOnlyList<RefVolume>? _triggers;
    private IReadOnlyList<RefVolume>? _rules;

    [Inject]
    public required IVolumeRepository Repository { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    protected override object Subject => nameof(Busiest);

    protected override bool Concerns(Change change) => change.Channel is Channels.EventCreated or Channels.EnforcementCreated;

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (since, until) = HourlyBars.Range(Clock.GetUtcNow());
        _triggers = await Repository.TopAsync(VolumeSeries.Events, since, until, Most, cancellationToken);
        _rules = await Repository.TopAsync(VolumeSeries.Enforcements, since, until, Most, cancellationToken);
    }
}
