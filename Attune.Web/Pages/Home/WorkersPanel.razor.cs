using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>The workers and how they are.</summary>
public sealed partial class WorkersPanel
{
    private IReadOnlyList<Worker>? _workers;

    [Inject]
    public required IWorkerRepository Repository { get; init; }

    // A heartbeat alone is signalled to nobody; while executions run, the times shown are at most this old.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    protected override object Subject => nameof(WorkersPanel);

    protected override bool Concerns(Change change) => change.EntityType is "worker" or "execution";

    protected override async Task ReadAsync(CancellationToken cancellationToken) =>
        _workers = await Repository.ListAsync(cancellationToken);
}
