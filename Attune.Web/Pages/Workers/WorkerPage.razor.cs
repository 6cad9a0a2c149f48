using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Attune.Web.Pages.Workers;

/// <summary>One worker: how it is, which executions it has leased, and what was recorded of it.</summary>
public sealed partial class WorkerPage
{
    private const int MostLeased = 50;

    // As far back as the engine looks for executions under a lease.
    private static readonly TimeSpan Near = TimeSpan.FromDays(6);

    // As long as it is kept.
    private static readonly TimeSpan Recorded = TimeSpan.FromDays(180);

    private static readonly ExecutionStatus[] Leased = [ExecutionStatus.Scheduled, ExecutionStatus.Running, ExecutionStatus.Canceling];

    private Worker? _worker;
    private IReadOnlyList<string> _actions = [];
    private IReadOnlyList<ExecutionSummary> _leased = [];
    private bool _hasMore;
    private IReadOnlyList<HistoryEntry> _history = [];
    private Cursor? _older;
    private bool _read;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    public required IWorkerRepository Workers { get; init; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

    [Inject]
    public required IHistoryRepository History { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IOptions<WorkersOptions> Settings { get; init; }

    // Every execution that begins or ends anywhere concerns it.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override object Subject => Id;

    protected override void SubjectChanged() => (_read, _worker, _leased, _history, _older) = (false, null, [], [], null);

    // A change of an execution does not say which worker has leased it.
    protected override bool Concerns(Change change) =>
        (change.EntityType == "worker" && change.Id == Id) || change.Channel == Channels.ExecutionStatusChanged;

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await Workers.FindAsync(Id, cancellationToken) is not { } found)
        {
            (_worker, _read) = (null, true);
            return;
        }

        var leased = await Executions.ListAsync(
            new ExecutionFilter { Worker = Id, Statuses = Leased, Since = Clock.GetUtcNow() - Near },
            new PageRequest { Size = MostLeased },
            cancellationToken);
        var history = await HistoryAsync(after: null, cancellationToken);
        (_worker, _leased, _hasMore, _read) = (found, leased.Items, leased.Next is not null, true);
        (_history, _older) = (history.Items, history.Next);
        _actions = [.. WorkerWords.Actions(found).Distinct()];
    }

    private string Lead(Worker worker) => worker.Status switch
    {
        "inactive" => $"It has stopped, or nothing was heard of it for {Settings.Value.LostAfterText}.",
        "error" => "Something is wrong with it.",
        _ => "It is there, and takes executions of its actions.",
    };

    private Task OlderAsync() => TakeTurnAsync(async token =>
    {
        var older = await HistoryAsync(_older, token);
        (_history, _older) = ([.. _history, .. older.Items], older.Next);
    });

    private Task<Page<HistoryEntry>> HistoryAsync(Cursor? after, CancellationToken cancellationToken) => History.ListAsync(
        HistoryEntityType.Worker,
        new HistoryFilter { EntityId = Id, Since = Clock.GetUtcNow() - Recorded },
        new PageRequest { Size = PageRequest.MaxSize, After = after },
        cancellationToken);
}
