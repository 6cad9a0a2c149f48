using System.Text.Json;

namespace Attune.Modules.Enforcements;

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

    /// <summary>An array of <c>{field, operator, value}</c>; an empty one always matches.</summary>
    public required JsonElement Conditions { get; init; }

    public required JsonElement ActionParams { get; init; }
    public required JsonElement TriggerParams { get; init; }
    public required bool Enabled { get; init; }
    public required bool IsAdhoc { get; init; }

    /// <summary>Counts the texts the rule has had; enforcements name the one that matched.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
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
    public bool Enabled { get; init; } = true;
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
    public bool? Enabled { get; init; }
}

/// <summary>Which rules to list. A property left null does not filter.</summary>
public sealed record RuleFilter
{
    public bool EnabledOnly { get; init; }
    public string? TriggerRef { get; init; }
    public string? ActionRef { get; init; }
    public string? PackRef { get; init; }
}
