using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Rules;

namespace Attune.Modules.Enforcements;

/// <summary>What a rule said at some time. Versions outlive their rule.</summary>
public sealed record RuleVersion
{
    public required long Rule { get; init; }
    public required int Version { get; init; }
    public required string RuleRef { get; init; }
    public required string TriggerRef { get; init; }
    public required JsonElement TriggerParams { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required JsonElement Conditions { get; init; }
    public required string ActionRef { get; init; }
    public required JsonElement ActionParams { get; init; }
    public JsonElement? Window { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>What this version says otherwise than an earlier one, field by field; all it says, when there is no earlier one.</summary>
    public IReadOnlyList<FieldChange> ChangesSince(RuleVersion? earlier) =>
    [
        .. JsonDifference.Of("trigger_ref", Element(earlier?.TriggerRef), Element(TriggerRef)),
        .. JsonDifference.Of("trigger_params", earlier?.TriggerParams, TriggerParams),
        .. JsonDifference.Of("condition", Element(earlier?.Condition), Element(Condition)),
        .. JsonDifference.Of("conditions", earlier?.Conditions, Conditions),
        .. JsonDifference.Of("action_ref", Element(earlier?.ActionRef), Element(ActionRef)),
        .. JsonDifference.Of("action_params", earlier?.ActionParams, ActionParams),
        .. JsonDifference.Of("window", earlier?.Window, Window),
    ];

    private static JsonElement? Element<T>(T? value) => value is null ? null : JsonSerializer.SerializeToElement(value, Json.Options);
}

/// <summary>A version as a list shows it.</summary>
public sealed record RuleVersionSummary
{
    public required long Rule { get; init; }
    public required int Version { get; init; }
    public required string RuleRef { get; init; }
    public required string TriggerRef { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required string ActionRef { get; init; }
    public required DateTimeOffset Created { get; init; }
}

/// <summary>What became of a place.</summary>
public enum ChangeKind
{
    Changed,
    Added,
    Removed,
}

/// <summary>One place at which two versions differ.</summary>
/// <param name="Field">The place, such as <c>conditions[1].value</c>.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="From">What it was; null when there was nothing, which is not the same as a JSON null.</param>
/// <param name="To">What it is; null when there is nothing.</param>
public sealed record FieldChange(string Field, ChangeKind Kind, JsonElement? From, JsonElement? To)
{
    /// <summary>Where two values differ, as deep down as they have the same shape; of lists what is equal at both ends is left out.</summary>
    /// <param name="place">What the values are called, such as <c>payload</c>.</param>
    /// <param name="from">The one; null when there is none.</param>
    /// <param name="to">The other; null when there is none.</param>
    /// <param name="most">So many places at most: looking ends there.</param>
    public static IReadOnlyList<FieldChange> Between(string place, JsonElement? from, JsonElement? to, int most) =>
        [.. JsonDifference.Of(place, from, to).Take(most)];
}

/// <summary>What a version of a rule changed.</summary>
public sealed record RuleVersionDifference
{
    public required string RuleRef { get; init; }

    /// <summary>The earlier version; null when the later one is compared with nothing, as the first version is.</summary>
    public int? FromVersion { get; init; }

    public required int ToVersion { get; init; }

    public required IReadOnlyList<FieldChange> Changes { get; init; }
}
