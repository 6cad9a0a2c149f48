using System.Text.Json;
using System.Text.Json.Serialization;

namespace Attune.Modules.Enforcements;

/// <summary>A draft of a rule, as far as it has come, and the event that it is tried on.</summary>
public sealed record RuleTrialRequest
{
    /// <summary>The reference it has or will have: templates name it, and the configuration of its pack.</summary>
    public string? Ref { get; init; }

    public string? TriggerRef { get; init; }
    public JsonElement? TriggerParams { get; init; }

    /// <summary>Whose parameters are checked; left out, they are only filled in.</summary>
    public string? ActionRef { get; init; }

    public JsonElement? ActionParams { get; init; }
    public ConditionJoin Condition { get; init; } = ConditionJoin.All;

    /// <summary>In any shape that a rule may have them; left out, there are none.</summary>
    public JsonElement? Conditions { get; init; }

    public JsonElement? Window { get; init; }

    /// <summary>The id of the event; left out, nothing is evaluated.</summary>
    public long? Event { get; init; }
}

/// <summary>What a draft comes to.</summary>
public sealed record RuleTrial
{
    /// <summary>What is wrong; empty when it could be saved as it is.</summary>
    public required IReadOnlyList<RuleMistake> Mistakes { get; init; }

    /// <summary>How the conditions are joined.</summary>
    public ConditionJoin Condition { get; init; }

    /// <summary>The conditions as they would be stored; null when they are wrong.</summary>
    public JsonElement? Conditions { get; init; }

    /// <summary>The conditions as text; empty when there are none, null when they are wrong.</summary>
    public string? Expression { get; init; }

    /// <summary>The window in words; null when there is none, or it is wrong.</summary>
    public string? Window { get; init; }

    /// <summary>When the timer would tick, for a trigger that is fired by time.</summary>
    public IReadOnlyList<DateTimeOffset> NextTicks { get; init; } = [];

    /// <summary>The event that it was tried on; null where there was none.</summary>
    public long? Event { get; init; }

    /// <summary>What the conditions come to; null without an event, or when they are wrong.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Every condition, tested, in the order in which they are stored.</summary>
    public IReadOnlyList<ExplainedCondition> Tested { get; init; } = [];

    /// <summary>Why the conditions cannot be told: they are too dear for this event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fault { get; init; }

    /// <summary>Each parameter of the action as this event fills it in; empty without an event.</summary>
    public IReadOnlyList<TriedParameter> Parameters { get; init; } = [];
}

/// <summary>Something that is wrong with a draft.</summary>
/// <param name="Field">The place, such as <c>conditions[2].operator</c> or <c>action_params.url</c>.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
public sealed record RuleMistake(string Field, string Message)
{
    /// <summary>The line of the conditions' text, from 1; null where it is not in a text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    /// <summary>The character of the line, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Column { get; init; }
}

/// <summary>A parameter of the action, filled in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it comes to; null when it cannot be filled in.</param>
/// <param name="Fault">Why it cannot be.</param>
public sealed record TriedParameter(string Name, JsonElement? Value, string? Fault);
