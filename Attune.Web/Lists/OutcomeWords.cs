using Attune.Modules.Enforcements;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>What became of a rule that matched, in words, a colour and a sign.</summary>
public static class OutcomeWords
{
    public static string Of(RuleOutcome outcome) => outcome switch
    {
        { Shadow: true } => "Shadow: nothing was run",
        { Status: EnforcementStatus.Created } => "Pending",
        { Status: EnforcementStatus.Disabled } => "Disabled: nothing was run",
        { ExecutionStatus: { } status } => $"Execution {Statuses.Label(status).ToLowerInvariant()}",
        _ => "Processed",
    };

    public static Tone Tone(RuleOutcome outcome) => outcome switch
    {
        { Shadow: true } => Shared.Tone.Caution,
        { Status: EnforcementStatus.Processed, ExecutionStatus: { } status } => Statuses.Tone(status),
        _ => Statuses.Tone(outcome.Status),
    };

    /// <summary>Says beside the colour what it stands for.</summary>
    public static string Sign(RuleOutcome outcome) => outcome.Shadow ? "◌" : Tone(outcome) switch
    {
        Shared.Tone.Good => "✓",
        Shared.Tone.Bad => "✕",
        Shared.Tone.Caution => "!",
        Shared.Tone.Waiting => "…",
        Shared.Tone.Active => "▸",
        _ => "–",
    };

    /// <summary>Whether it can change without somebody's doing.</summary>
    public static bool IsFinal(RuleOutcome outcome) => outcome.Status switch
    {
        EnforcementStatus.Created => false,
        EnforcementStatus.Processed => outcome.ExecutionStatus is { } status && Statuses.IsFinal(status),
        _ => true,
    };
}
