using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Actions;

/// <summary>One action: what it takes, which rules run it, and how it went lately.</summary>
public sealed partial class ActionPage
{
    private const int Recent = 10;
    private const int MostRules = 50;

    private static readonly EquatableList<ExecutionStatus> Failed =
        [ExecutionStatus.Failed, ExecutionStatus.Timeout, ExecutionStatus.Abandoned];

    private Modules.Enforcements.Action? _action;
    private IReadOnlyList<ParameterRow> _parameters = [];
    private IReadOnlyList<ExecutionSummary> _executions = [];
    private IReadOnlyList<ExecutionSummary> _failures = [];
    private IReadOnlyList<RuleSummary> _rules = [];
    private bool _hasMoreRules;
    private bool _read;

    [Parameter]
    public required string Reference { get; set; }

    [Inject]
    public required IActionRepository All { get; init; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    protected override object Subject => Reference;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override void SubjectChanged() => (_read, _action, _executions, _failures, _rules) = (false, null, [], [], []);

    protected override bool Concerns(Change change) =>
        change.ActionRef == Reference && change.Channel is (Channels.ExecutionCreated or Channels.ExecutionStatusChanged);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var action = await All.FindAsync(Reference, cancellationToken);
        var some = new PageRequest { Size = Recent };
        var executions = await Executions.ListAsync(new() { ActionRef = Reference }, some, cancellationToken);
        var failures = await Executions.ListAsync(new() { ActionRef = Reference, Statuses = Failed }, some, cancellationToken);
        var rules = await Rules.ListAsync(new() { ActionRef = Reference }, new PageRequest { Size = MostRules }, cancellationToken);
        (_action, _executions, _failures, _rules, _read) = (action, executions.Items, failures.Items, rules.Items, true);
        (_hasMoreRules, _parameters) = (rules.Next is not null, ActionWords.Rows(action?.ParamSchema));
    }

    private async Task DeleteAsync()
    {
        var sure = await Dialogs.SureAsync(
            $"Delete {Reference}?",
            _rules.Count == 0 ? "Its executions are kept."
                : $"{Format.Count(_rules.Count, "rule")} will find no action. Its executions are kept.",
            "Delete");
        if (sure && await Snackbar.TryAsync(() => All.DeleteAsync(Reference, Leaving)))
        {
            Snackbar.Add($"{Reference} has been deleted.");
            Navigation.NavigateTo(Urls.Actions);
        }
    }
}
