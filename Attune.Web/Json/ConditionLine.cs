using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;

namespace Attune.Web.Json;

/// <summary>A condition as a person reads it, or the head of a group of them.</summary>
/// <param name="Field">The path into the event; for a group, how its conditions are joined.</param>
/// <param name="Operator">What is asked of it, in words; null for a group.</param>
/// <param name="Value">What it is compared with, as JSON or as another path; null when the operator needs nothing.</param>
/// <param name="Depth">How many groups it is in.</param>
public sealed record ConditionLine(string Field, string? Operator, string? Value, int Depth)
{
    private const int MostCharacters = 300;

    private static readonly Dictionary<string, string> Words = new()
    {
        ["equals"] = "equals",
        ["not_equals"] = "does not equal",
        ["contains"] = "contains",
        ["not_contains"] = "does not contain",
        ["starts_with"] = "starts with",
        ["ends_with"] = "ends with",
        ["matches"] = "matches",
        ["greater_than"] = "is greater than",
        ["greater_or_equal"] = "is at least",
        ["less_than"] = "is less than",
        ["less_or_equal"] = "is at most",
        ["in"] = "is one of",
        ["not_in"] = "is none of",
        ["not_starts_with"] = "does not start with",
        ["not_ends_with"] = "does not end with",
        ["not_matches"] = "does not match",
        ["exists"] = "is there",
        ["not_exists"] = "is not there",
        ["is_empty"] = "is empty",
        ["between"] = "is between",
        ["before"] = "is before",
        ["after"] = "is after",
        ["within"] = "is no further from the event than",
        ["in_network"] = "is in the network",
    };

    /// <summary>The conditions of an array; null when it is not one of conditions, as an importer may have written.</summary>
    public static IReadOnlyList<ConditionLine>? Read(JsonElement conditions)
    {
        var lines = new List<ConditionLine>();
        return conditions.ValueKind == JsonValueKind.Array && Add(lines, conditions, 0) ? lines : null;
    }

    /// <summary>How the conditions of a group are joined, in words.</summary>
    public static string GroupWord(string group) => group switch
    {
        "all" => "all of these",
        "any" => "any of these",
        _ => "not",
    };

    /// <summary>A tested condition, or a group, with those in it: each with how many groups it is in.</summary>
    public static IEnumerable<(ExplainedCondition One, int Depth)> Rows(IEnumerable<ExplainedCondition> conditions, int depth = 0) =>
        conditions.SelectMany(one => Rows(one.Conditions ?? [], depth + 1).Prepend((one, depth)));

    /// <summary>What a tested condition looks at and asks, in words.</summary>
    public static string Subject(ExplainedCondition one) => one.Group is { } group
        ? GroupWord(group)
        : FieldText(one.Field ?? "", one.Quantifier, one.As);

    /// <summary>What a tested condition asks, in words; null for a group.</summary>
    public static string? Asks(ExplainedCondition one) => one.Operator is { } name
        ? Word(name) + (one.IgnoreCase == true ? ", upper and lower case alike" : "")
        : null;

    /// <summary>An operator in words.</summary>
    public static string Word(string name) => Words.GetValueOrDefault(name, name);

    /// <summary>A value as JSON, cut where it becomes too long to be read at a glance.</summary>
    public static string Brief(JsonElement value) => Visible.Beginning(value.GetRawText(), MostCharacters);

    private static bool Add(List<ConditionLine> lines, JsonElement conditions, int depth)
    {
        foreach (var condition in conditions.EnumerateArray())
        {
            if (condition.ValueKind != JsonValueKind.Object || !Add(lines, condition.EnumerateObject().ToDictionary(), depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Add(List<ConditionLine> lines, Dictionary<string, JsonElement> condition, int depth)
    {
        foreach (var group in new[] { "all", "any", "not" })
        {
            if (condition.TryGetValue(group, out var inside))
            {
                lines.Add(new(GroupWord(group), null, null, depth));
                return inside.ValueKind switch
                {
                    JsonValueKind.Array => Add(lines, inside, depth + 1),
                    JsonValueKind.Object => Add(lines, inside.EnumerateObject().ToDictionary(), depth + 1),
                    _ => false,
                };
            }
        }

        if (Text(condition, "field") is not { } field || Text(condition, "operator") is not { } name)
        {
            return false;
        }

        var operand = Text(condition, "other_field") is { } other ? Visible.Text(other)
            : condition.TryGetValue("value", out var value) && !IsBare(name) ? Brief(value)
            : null;
        var ignoresCase = condition.TryGetValue("ignore_case", out var flag) && flag.ValueKind == JsonValueKind.True;
        lines.Add(new(
            FieldText(field, Text(condition, "quantifier"), Text(condition, "as")),
            Word(name) + (ignoresCase ? ", upper and lower case alike," : ""), operand, depth));
        return true;
    }

    private static string FieldText(string field, string? quantifier, string? cast) =>
        $"{((quantifier is null or "any") && !field.Contains("[*]", StringComparison.Ordinal) ? "" : $"{quantifier ?? "any"} ")}"
        + $"{Visible.Text(field)}{(cast is null ? "" : $" as {cast}")}";

    private static bool IsBare(string name) => name is "exists" or "not_exists" or "is_empty";

    private static string? Text(Dictionary<string, JsonElement> condition, string name) =>
        condition.TryGetValue(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}

/// <summary>Members of an object by name.</summary>
internal static class Members
{
    public static Dictionary<string, JsonElement> ToDictionary(this JsonElement.ObjectEnumerator members)
    {
        var byName = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            byName[member.Name] = member.Value;
        }

        return byName;
    }
}
