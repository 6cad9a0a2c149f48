using System.Text.Json;
using System.Text.Json.Serialization;

namespace Attune.Modules.Enforcements;

/// <summary>What becomes of a rule's matches.</summary>
public enum RuleState
{
    /// <summary>Its action is run.</summary>
    Enabled,

    /// <summary>They are recorded as what it would have done, and nothing is run.</summary>
    Shadow,

    /// <summary>There are none: it is not asked.</summary>
    Disabled,
}

/// <summary>How often a rule could not be evaluated.</summary>
public sealed record RuleFaultRecord
{
    public required long Count { get; init; }
    public required string LastReason { get; init; }

    /// <summary>The id of the last event that it failed for.</summary>
    public required long LastEvent { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    /// <summary>When it failed first.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>When an event of the trigger meets the conditions, run the action.</summary>
public sealed record Rule
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public long? Pack { get; init; }
    public required string PackRef { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }

    /// <summary>The action's id; null when it has been deleted.</summary>
    public long? Action { get; init; }

    public required string ActionRef { get; init; }

    /// <summary>The trigger's id; null when it has been deleted.</summary>
    public long? Trigger { get; init; }

    public required string TriggerRef { get; init; }
    public required ConditionJoin Condition { get; init; }

    /// <summary>An array of <c>{field, operator, value}</c> and groups of them; an empty one always matches.</summary>
    public required JsonElement Conditions { get; init; }

    /// <summary>The conditions as text; null where there are none.</summary>
    public string? Expression { get; init; }

    public required JsonElement ActionParams { get; init; }
    public required JsonElement TriggerParams { get; init; }

    /// <summary>How often it may match, or has to: <c>{"at_most": 1, "in": "5m", "per": ["host"]}</c>; null when each match counts.</summary>
    public JsonElement? Window { get; init; }

    /// <summary>Whether its matches have their action run; of a rule that is not, <see cref="State"/> says more.</summary>
    public required bool Enabled { get; init; }

    [JsonIgnore]
    public bool Shadow { get; init; }

    public RuleState State => Enabled ? RuleState.Enabled : Shadow ? RuleState.Shadow : RuleState.Disabled;

    /// <summary>Since when it is not evaluated, because it kept failing; null when it is not paused.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    public string? PausedReason { get; init; }

    /// <summary>How often it could not be evaluated since it was changed last; null when it always could, and in answers to changes.</summary>
    public RuleFaultRecord? Faults { get; init; }

    /// <summary>How many matches its windows have held back.</summary>
    public long HeldBack { get; init; }

    public required bool IsAdhoc { get; init; }

    /// <summary>Counts the texts the rule has had; enforcements name the one that matched.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }

    /// <summary>
    /// When the timer ticks next as long as the rule is enabled, at most ten instants; null when the trigger is not fired by time.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DateTimeOffset>? NextTicks { get; init; }
}

/// <summary>A rule as a list shows it.</summary>
public sealed record RuleSummary
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public required string PackRef { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required string ActionRef { get; init; }
    public required string TriggerRef { get; init; }
    public required bool Enabled { get; init; }

    [JsonIgnore]
    public bool Shadow { get; init; }

    public RuleState State => Enabled ? RuleState.Enabled : Shadow ? RuleState.Shadow : RuleState.Disabled;

    /// <summary>Since when it is not evaluated, because it kept failing; null when it is not paused.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    public required int Version { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>A rule to be made.</summary>
public sealed record NewRule
{
    /// <summary><c>pack.name</c>: lower case, one dot, at most 120 bytes.</summary>
    public required string Ref { get; init; }

    /// <summary>The pack; left out, the part of <see cref="Ref"/> before the dot. A pack that is not there yet is made.</summary>
    public string? PackRef { get; init; }

    public required string Label { get; init; }
    public string? Description { get; init; }
    public required string ActionRef { get; init; }
    public required string TriggerRef { get; init; }
    public ConditionJoin Condition { get; init; } = ConditionJoin.All;

    /// <summary>An array of <c>{field, operator, value}</c>; left out, it always matches.</summary>
    public JsonElement? Conditions { get; init; }

    public JsonElement? ActionParams { get; init; }
    public JsonElement? TriggerParams { get; init; }

    /// <summary>How often it may match, or has to; left out or JSON null, each match counts.</summary>
    public JsonElement? Window { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Left out, what <see cref="Enabled"/> says.</summary>
    public RuleState? State { get; init; }
}

/// <summary>What to change of a rule; what is left null stays.</summary>
public sealed record RuleUpdate
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ActionRef { get; init; }
    public string? TriggerRef { get; init; }
    public ConditionJoin? Condition { get; init; }
    public JsonElement? Conditions { get; init; }
    public JsonElement? ActionParams { get; init; }
    public JsonElement? TriggerParams { get; init; }

    /// <summary>JSON null makes each match count.</summary>
    public JsonElement? Window { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Goes before <see cref="Enabled"/>.</summary>
    public RuleState? State { get; init; }

    /// <summary>The version that the change was made from: it is refused when the rule has another by now. Left out, it is not asked.</summary>
    public int? ExpectedVersion { get; init; }
}

/// <summary>Which rules to list. A property left null does not filter.</summary>
public sealed record RuleFilter
{
    public bool EnabledOnly { get; init; }

    /// <summary>Any of these; empty does not filter.</summary>
    public IReadOnlyList<RuleState> States { get; init; } = [];

    public string? TriggerRef { get; init; }
    public string? ActionRef { get; init; }
    public string? PackRef { get; init; }
}
