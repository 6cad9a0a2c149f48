using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Executions;

/// <summary>One execution and its history, which grows while it runs.</summary>
public sealed partial class ExecutionPage
{
    private const int MostAttempts = 50;
    private const int MostReruns = 10;

    private static readonly Page<ExecutionSummary> NoReruns = new([], null);

    private Execution? _execution;
    private Worker? _worker;
    private IReadOnlyList<ExecutionSummary> _attempts = [];
    private Lineage _lineage = new();
    private IReadOnlyList<HistoryEntry> _history = [];
    private Cursor? _older;
    private Page<ExecutionSummary> _reruns = NoReruns;
    private ParameterSecrets _secrets = ParameterSecrets.ByName;
    private bool _read;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

    [Inject]
    public required IExecutionReruns Reruns { get; init; }

    [Inject]
    public required IParameterSecrets Secrets { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IWorkerRepository Workers { get; init; }

    [Inject]
    public required IHistoryRepository History { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    [Inject]
    public required Lineages Lineages { get; init; }

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    protected override object Subject => Id;

    protected override void SubjectChanged() =>
        (_read, _execution, _worker, _attempts, _lineage, _history, _older, _reruns) = (false, null, null, [], new(), [], null, NoReruns);

    protected override bool Concerns(Change change) =>
        change.Channel is Channels.ExecutionCreated or Channels.ExecutionStatusChanged
        && (change.Id == Id || (_execution is { } shown && IsKin(shown, change)));

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

        if (found.ActionRef != _execution?.ActionRef)
        {
            _secrets = await Secrets.OfAsync(found.ActionRef, cancellationToken);
        }

        var attempts = await AttemptsAsync(found, cancellationToken);
        _reruns = await Executions.ListAsync(
            new() { RerunOf = Id, Since = found.Created }, new() { Size = MostReruns }, cancellationToken);
        (_execution, _attempts, _lineage, _history, _older, _read) = (found, attempts, lineage, history.Items, history.Next, true);
    }

    // Another attempt, or the same run again, or one that may be: a change does not name the first.
    private static bool IsKin(Execution shown, Change change) =>
        (shown.MaxRetries > 0 || Statuses.IsFinal(shown.Status))
        && change.Enforcement == shown.Enforcement && change.ActionRef == shown.ActionRef;

    private async Task<IReadOnlyList<ExecutionSummary>> AttemptsAsync(Execution execution, CancellationToken cancellationToken)
    {
        if (execution is { OriginalExecution: null, MaxRetries: null or 0 })
        {
            return [];
        }

        var first = execution.OriginalExecution is { } original ? await Executions.FindAsync(original, cancellationToken) : execution;
        var later = await Executions.ListAsync(
            new ExecutionFilter { OriginalExecution = execution.OriginalExecution ?? execution.Id },
            new PageRequest { Size = MostAttempts }, cancellationToken);
        return [.. first is null ? [] : new[] { AttemptsPanel.Summary(first) }, .. later.Items.Reverse()];
    }

    private async Task CancelAsync()
    {
        var sure = await Dialogs.SureAsync(
            $"Cancel execution #{Id}?",
            _execution!.Worker is null
                ? "No worker will take it, and no further attempt follows."
                : "Its worker is told to stop; what it has done by then is not undone. No further attempt follows.",
            "Cancel execution", "Keep it");
        if (sure && await Snackbar.TryAsync(() => Executions.CancelAsync(Id, Leaving)))
        {
            await TakeTurnAsync(ReadAsync);
        }
    }

    private async Task RerunAsync()
    {
        var sure = await Dialogs.SureAsync(
            $"Run execution #{Id} again?",
            $"{_execution!.ActionRef} is run with the same parameters, as a new execution. What it did before is not undone.",
            "Run again");
        if (sure)
        {
            await Snackbar.TryAsync(async () =>
            {
                if (await Reruns.RerunAsync(Id, new(), Leaving) is { } again)
                {
                    Navigation.NavigateTo(Urls.Execution(again.Id));
                }
            });
        }
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
