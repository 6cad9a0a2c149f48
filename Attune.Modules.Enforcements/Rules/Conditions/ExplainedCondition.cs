using System.Text.Json;
using System.Text.Json.Serialization;

namespace Attune.Modules.Enforcements;

/// <summary>One condition, tested; or a group of them.</summary>
public sealed record ExplainedCondition
{
    /// <summary><c>all</c>, <c>any</c> or <c>not</c> for a group; null for a condition.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>What the group has; null for a condition.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExplainedCondition>? Conditions { get; init; }

    /// <summary>The field as the rule spells it; null for a group, as is what follows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>Where it was looked for, such as <c>event.payload.user.name</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Operator { get; init; }

    /// <summary>What the operator compares with, which may be the value of another path; null for one that compares with nothing.</summary>
    public JsonElement? Expected { get; init; }

    /// <summary>The other path, where two are compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OtherField { get; init; }

    /// <summary>How many of the values of a path with <c>[*]</c> have to pass: <c>any</c>, <c>all</c> or <c>none</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Quantifier { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IgnoreCase { get; init; }

    /// <summary>As what values are read: <c>number</c>, <c>time</c> or <c>text</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? As { get; init; }

    /// <summary>Whether anything is at the path; a JSON null is something.</summary>
    public bool Found { get; init; }

    /// <summary>What is at the path, or the list of what a path with <c>[*]</c> leads to; null when nothing is.</summary>
    public JsonElement? Actual { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Why the verdict is unknown, such as <c>text, where a number is asked for</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
