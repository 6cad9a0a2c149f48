using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>One execution and its history, which grows while it runs.</summary>
public sealed partial class ExecutionPage
{
    private Execution? _execution;
    private Worker? _worker;
    private Lineage _lineage = new();
    private IReadOnlyList<HistoryEntry> _history = [];
    private Cursor? _older;
    private bool _read;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

    [Inject]
    public required IWorkerRepository Workers { get; init; }

    [Inject]
    public required IHistoryRepository History { get; init; }

    [Inject]
    public required Lineages Lineages { get; init; }

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    protected override object Subject => Id;

    protected override void SubjectChanged() =>
        (_read, _execution, _worker, _lineage, _history, _older) = (false, null, null, new(), [], null);

    protected override bool Concerns(Change change) =>
        change.Id == Id && change.Channel is Channels.ExecutionCreated or Channels.ExecutionStatusChanged;

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await Executions.FindAsync(Id, cancellationToken) is not { } found)
        {
            (_execution, _read) = (null, true);
            return;
        }

        var lineage = await Lineages.OfExecutionAsync(found, cancellationToken);
        var history = await HistoryAsync(found, after: null, cancellationToken);
        if (found.Worker != _worker?.Id)
        {
            _worker = found.Worker is { } worker ? await Workers.FindAsync(worker, cancellationToken) : null;
        }

        (_execution, _lineage, _history, _older, _read) = (found, lineage, history.Items, history.Next, true);
    }

    private Task OlderAsync() => TakeTurnAsync(async token =>
    {
        var older = await HistoryAsync(_execution!, _older, token);
        (_history, _older) = ([.. _history, .. older.Items], older.Next);
    });

    // Nothing can be recorded of an execution before it was there; the day is for clocks that disagree.
    private Task<Page<HistoryEntry>> HistoryAsync(Execution execution, Cursor? after, CancellationToken cancellationToken) =>
        History.ListAsync(
            HistoryEntityType.Execution,
            new HistoryFilter { EntityId = execution.Id, Since = execution.Created.AddDays(-1) },
            new PageRequest { Size = PageRequest.MaxSize, After = after },
            cancellationToken);
}
