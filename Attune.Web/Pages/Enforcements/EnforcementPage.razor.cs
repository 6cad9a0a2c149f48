using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>One enforcement. While it is pending the page says so, and turns by itself when it is resolved.</summary>
public sealed partial class EnforcementPage
{
    private Enforcement? _enforcement;
    private Lineage _lineage = new();
    private Rule? _rule;
    private IReadOnlyList<FieldChange> _changes = [];
    private ParameterSecrets _secrets = ParameterSecrets.ByName;
    private bool _read;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IParameterSecrets Secrets { get; init; }

    [Inject]
    public required Lineages Lineages { get; init; }

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    protected override object Subject => Id;

    private IReadOnlyList<ExecutionSummary> Executions => _lineage.Steps is [var step] ? step.Executions : [];

    private bool HasFailed => _lineage.Steps is [{ HasFailed: true }];

    // Only what is so by now is known.
    private string? WhyDisabled => (_enforcement, _rule) switch
    {
        ({ Shadow: true }, _) => "The rule was a shadow: this is what it would have done.",
        (not { Status: EnforcementStatus.Disabled }, _) => null,
        (_, null) => "The rule is not there any more.",
        (_, { Trigger: null } rule) => $"The trigger {rule.TriggerRef} is not there any more.",
        (_, { Action: null } rule) => $"The action {rule.ActionRef} is not there any more.",
        (_, { State: RuleState.Disabled }) => "The rule is switched off.",
        _ => "When it was to be resolved, the rule was switched off, or its trigger or action was not there. They are there now.",
    };

    protected override void SubjectChanged() =>
        (_read, _enforcement, _lineage, _rule, _changes, _secrets) = (false, null, new(), null, [], ParameterSecrets.ByName);

    protected override bool Concerns(Change change) =>
        change.Enforcement == Id
        || (change.Id == Id && change.Channel is Channels.EnforcementCreated or Channels.EnforcementStatusChanged);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await Enforcements.FindAsync(Id, cancellationToken);
        var lineage = found is null ? new() : await Lineages.OfEnforcementAsync(found, cancellationToken);
        if (found is not null && _enforcement is null)
        {
            await ReadRuleAsync(found, lineage, cancellationToken);
        }

        (_enforcement, _lineage, _read) = (found, lineage, true);
    }

    // Once: what the page says of the rule is for comparison, and not what it is about.
    private async Task ReadRuleAsync(Enforcement enforcement, Lineage lineage, CancellationToken cancellationToken)
    {
        _rule = await Rules.FindAsync(enforcement.RuleRef, cancellationToken) is { } rule && rule.Id == enforcement.Rule ? rule : null;
        var used = enforcement is { Rule: { } id, RuleVersion: { } version }
            ? await Rules.FindVersionAsync(id, version, cancellationToken)
            : null;
        _secrets = await Secrets.OfAsync(
            used?.ActionRef ?? lineage.Steps.SelectMany(step => step.Executions).FirstOrDefault()?.ActionRef, cancellationToken);
        if (_rule is { } now && used is not null && now.Version != used.Version
            && await Rules.FindVersionAsync(now.Id, now.Version, cancellationToken) is { } today)
        {
            var secrets = await Secrets.OfAsync(today.ActionRef, cancellationToken);
            _changes = (today with { ActionParams = secrets.HideToCompare(today.ActionParams)!.Value }).ChangesSince(
                used with { ActionParams = _secrets.HideToCompare(used.ActionParams)!.Value });
        }
    }

    private static string Join(Enforcement enforcement) => enforcement.Condition == ConditionJoin.All ? "all" : "any";
}
