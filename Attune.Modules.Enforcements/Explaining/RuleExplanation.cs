namespace Attune.Modules.Enforcements;

/// <summary>Why a rule matches an event, or why it does not.</summary>
public sealed record RuleExplanation
{
    /// <summary>The event's id.</summary>
    public required long Event { get; init; }

    public required string TriggerRef { get; init; }

    public required DateTimeOffset EventCreated { get; init; }

    /// <summary>The rule's id; null for a draft that is no rule's.</summary>
    public long? Rule { get; init; }

    /// <summary>The rule's reference; null for a draft that is no rule's.</summary>
    public string? RuleRef { get; init; }

    /// <summary>Which of the rule's versions was asked; null for a draft.</summary>
    public int? RuleVersion { get; init; }

    public required bool IsDraft { get; init; }

    /// <summary>Which version the rule was at when the event came; null when there was none, or for a draft that is no rule's.</summary>
    public int? VersionThen { get; init; }

    /// <summary>The rule's newest version; null for a draft that is no rule's.</summary>
    public int? VersionNow { get; init; }

    /// <summary>Whether the rule was a shadow when the event came: it matches, and causes no execution.</summary>
    public required bool WasShadow { get; init; }

    /// <summary>True when the conditions come to true and nothing in <see cref="Reasons"/> stands against it.</summary>
    public required bool Matches { get; init; }

    /// <summary>What the conditions come to together.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How the conditions are joined.</summary>
    public required ConditionJoin Condition { get; init; }

    /// <summary>Every condition, in the rule's order, whether or not it decided.</summary>
    public required IReadOnlyList<ExplainedCondition> Conditions { get; init; }

    /// <summary>Why the rule left no enforcement apart from its conditions; empty when nothing else stood in its way.</summary>
    public required IReadOnlyList<ExplainedReason> Reasons { get; init; }

    /// <summary>The enforcement that the rule did leave for this event; null when it left none.</summary>
    public long? Enforcement { get; init; }

    /// <summary>The version that left <see cref="Enforcement"/>.</summary>
    public int? EnforcementVersion { get; init; }
}

/// <summary>A reason that is no condition.</summary>
/// <param name="Code">What it is, for programs.</param>
/// <param name="Message">What it is, for people.</param>
public sealed record ExplainedReason(ReasonCode Code, string Message);

/// <summary>The reasons, apart from its conditions, why a rule leaves no enforcement for an event.</summary>
public enum ReasonCode
{
    /// <summary>The rule is on another trigger than the one that fired.</summary>
    OtherTrigger,

    /// <summary>The event was meant for another rule alone.</summary>
    TargetedAtAnotherRule,

    /// <summary>The rule was made after the event.</summary>
    CreatedLater,

    /// <summary>The rule was switched off when the event came.</summary>
    DisabledThen,

    /// <summary>The rule kept failing, and was paused when the event came.</summary>
    PausedThen,

    /// <summary>The rule had been deleted when the event came.</summary>
    DeletedThen,

    /// <summary>The conditions hold, but the action's parameters could not be filled in from this event.</summary>
    ParametersFailed,

    /// <summary>The rule matched, and its window held it back.</summary>
    HeldBack,

    /// <summary>The conditions took more steps or time for this event than a rule may take; the verdict is unknown.</summary>
    OverBudget,

    /// <summary>What the rule says cannot be evaluated: somebody wrote it past the checks.</summary>
    CannotBeEvaluated,
}
