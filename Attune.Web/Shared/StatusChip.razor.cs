using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A state in a word, with its colour. One of the parameters says which.</summary>
public sealed partial class StatusChip
{
    [Parameter]
    public EnforcementStatus? Enforcement { get; set; }

    /// <summary>The execution of an enforcement: that it was processed is nothing good when the execution failed.</summary>
    [Parameter]
    public ExecutionStatus? ExecutionOf { get; set; }

    /// <summary>Whether an enforcement is one of a shadow rule.</summary>
    [Parameter]
    public bool Shadow { get; set; }

    /// <summary>Whether every execution of an enforcement failed: then it is nothing to be green about.</summary>
    [Parameter]
    public bool Failed { get; set; }

    [Parameter]
    public ExecutionStatus? Execution { get; set; }

    /// <summary>The status of a worker, as the contract spells it.</summary>
    [Parameter]
    public string? Worker { get; set; }

    [Parameter]
    public bool? Enabled { get; set; }

    [Parameter]
    public RuleState? Rule { get; set; }

    /// <summary>Whether the rule is paused, whatever its state.</summary>
    [Parameter]
    public bool Paused { get; set; }

    /// <summary>What became of a delivery.</summary>
    [Parameter]
    public DeliveryOutcome? Delivery { get; set; }

    /// <summary>What a condition came to.</summary>
    [Parameter]
    public Verdict? Verdict { get; set; }

    /// <summary>Whether a rule matches.</summary>
    [Parameter]
    public bool? Matches { get; set; }

    /// <summary>A word that no status has, with its colour.</summary>
    [Parameter]
    public (string Text, Tone Tone)? Word { get; set; }

    private (string Text, Tone Tone) Shown => this switch
    {
        { Word: { } word } => word,
        { Shadow: true } => ("Shadow", Tone.Caution),
        { Enforcement: EnforcementStatus.Processed and var status, Failed: true } => (Statuses.Label(status), Tone.Neutral),
        { Enforcement: EnforcementStatus.Processed, ExecutionOf: not null and not ExecutionStatus.Completed } =>
            (Statuses.Label(EnforcementStatus.Processed), Tone.Neutral),
        { Enforcement: { } status } => (Statuses.Label(status), Statuses.Tone(status)),
        { Execution: { } status } => (Statuses.Label(status), Statuses.Tone(status)),
        { Worker: { Length: > 0 } status } => (char.ToUpperInvariant(status[0]) + status[1..], Statuses.OfWorker(status)),
        { Delivery: { } outcome } => (outcome.ToString(), Statuses.Tone(outcome)),
        { Verdict: { } verdict } => (verdict.ToString(), Statuses.Tone(verdict)),
        { Matches: { } matches } => matches ? ("Matches", Tone.Good) : ("Does not match", Tone.Bad),
        { Paused: true } => ("Paused", Tone.Bad),
        { Rule: RuleState.Shadow } => ("Shadow", Tone.Caution),
        { Rule: RuleState.Enabled } or { Enabled: true } => ("Enabled", Tone.Good),
        _ => ("Disabled", Tone.Neutral),
    };
}
