using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Workers;

/// <summary>The workers and how they are.</summary>
public sealed partial class WorkersPanel
{
    private const int Most = 8;

    private IReadOnlyList<WorkerSummary>? _workers;

    [Inject]
    public required IWorkerRepository Repository { get; init; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override object Subject => nameof(WorkersPanel);

    protected override bool Concerns(Change change) => change.EntityType == "worker";

    protected override async Task ReadAsync(CancellationToken cancellationToken) =>
        _workers = [.. (await WholeList.ReadAsync(Repository.ListAsync, cancellationToken)).OrderBy(worker => worker.Status is "inactive")];
}
