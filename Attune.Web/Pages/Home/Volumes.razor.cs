using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Web.Lists;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>How much of everything there was in the last 24 hours, hour by hour.</summary>
public sealed partial class Volumes
{
    private static readonly Tile[] Tiles =
    [
        new(VolumeSeries.Events, "Events", "event", range => new EventsFilter { Range = range }.Address),
        new(VolumeSeries.Enforcements, "Enforcements", "enforcement", range => new EnforcementsFilter { Range = range }.Address),
        new(VolumeSeries.ExecutionThroughput, "Executions", "execution", range => new ExecutionsFilter { Range = range }.Address),
    ];

    private static readonly EnforcementsFilter Pending = new() { Status = [EnforcementStatus.Created] };

    private static readonly ExecutionsFilter Failed = new()
    {
        Status = [ExecutionStatus.Failed, ExecutionStatus.Timeout, ExecutionStatus.Abandoned],
        Range = TimeFilter.Of(TimeSpan.FromHours(24)),
    };

    private Dictionary<VolumeSeries, IReadOnlyList<HourlyBar>>? _bars;
    private VolumeSeries _chosen = VolumeSeries.Events;
    private long _failed;
    private long _finished;
    private Total _pending;

    [Inject]
    public required IVolumeRepository Repository { get; init; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    // Sums over a day: dearer than a list, and nobody reads them three times a second.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    protected override object Subject => nameof(Volumes);

    private Tile Chosen => Tiles.First(tile => tile.Series == _chosen);

    private string FailedShare => _finished == 0
        ? "of no executions"
        : FormattableString.Invariant($"{100.0 * _failed / _finished:0.#} % of finished");

    protected override bool Concerns(Change change) => change.EntityType is "event" or "enforcement" or "execution";

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (since, until) = HourlyBars.Range(Clock.GetUtcNow());
        var bars = new Dictionary<VolumeSeries, IReadOnlyList<HourlyBar>>();
        foreach (var tile in Tiles)
        {
            bars[tile.Series] = HourlyBars.Fill(await Repository.ReadAsync(tile.Series, since, until, cancellationToken), since, until);
        }

        var statuses = await Repository.ReadAsync(VolumeSeries.ExecutionStatus, since, until, cancellationToken);
        var pending = await Enforcements.ListAsync(
            new EnforcementFilter { Statuses = [EnforcementStatus.Created] },
            new PageRequest { Size = 1, IncludeTotal = true }, cancellationToken);

        _bars = bars;
        _failed = Sum(statuses, status => Failed.Status.Contains(status));
        _finished = Sum(statuses, Statuses.IsFinal);
        _pending = pending.Total ?? new Total(pending.Items.Count, IsMinimum: pending.Next is not null);
    }

    private static long Sum(IEnumerable<VolumePoint> points, Func<ExecutionStatus, bool> counted) =>
        points.Where(point => Statuses.Execution(point.Label) is { } status && counted(status)).Sum(point => point.Value);

    private sealed record Tile(VolumeSeries Series, string Name, string Noun, Func<TimeFilter, string> Link)
    {
        public long Total(Dictionary<VolumeSeries, IReadOnlyList<HourlyBar>> bars) => bars[Series].Sum(bar => bar.Value);
    }
}
