using System.Text.Json;

namespace Attune.Modules.Enforcements;

/// <summary>
/// The rule that a question is about: one that is stored, one of its earlier versions, or a draft that is stored nowhere.
/// </summary>
public sealed record RuleSubject
{
    /// <summary>The rule's reference; it may be disabled, or deleted since. Left out, <see cref="Draft"/> stands for itself.</summary>
    public string? RuleRef { get; init; }

    /// <summary>One of the rule's versions; left out, the newest, or for an explanation the one that the event met.</summary>
    public int? Version { get; init; }

    /// <summary>What the rule would say; what the draft leaves out it takes from the rule.</summary>
    public RuleDraft? Draft { get; init; }
}

/// <summary>What a rule might say. It is checked like a rule, and never stored.</summary>
public sealed record RuleDraft
{
    public string? TriggerRef { get; init; }
    public ConditionJoin? Condition { get; init; }

    /// <summary>An array of <c>{field, operator, value}</c>, or any other shape that a rule may have.</summary>
    public JsonElement? Conditions { get; init; }

    public JsonElement? ActionParams { get; init; }

    /// <summary>How often it may match, or has to; an explanation does not ask it, since it is about one event.</summary>
    public JsonElement? Window { get; init; }
}
