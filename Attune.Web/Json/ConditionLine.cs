using System.Text.Json;
using Attune.Web.Shared;

namespace Attune.Web.Json;

/// <summary>A condition as a person reads it.</summary>
/// <param name="Field">The path into the payload.</param>
/// <param name="Operator">What is asked of it, in words.</param>
/// <param name="Value">What it is compared with, as JSON; null when the operator needs nothing.</param>
public sealed record ConditionLine(string Field, string Operator, string? Value)
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
        ["exists"] = "is there",
        ["not_exists"] = "is not there",
    };

    /// <summary>The conditions of an array; null when it is not one of conditions, as an importer may have written.</summary>
    public static IReadOnlyList<ConditionLine>? Read(JsonElement conditions)
    {
        if (conditions.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var lines = new List<ConditionLine>();
        foreach (var condition in conditions.EnumerateArray())
        {
            if (condition.ValueKind != JsonValueKind.Object
                || Text(condition, "field") is not { } field || Text(condition, "operator") is not { } name)
            {
                return null;
            }

            var operand = condition.TryGetProperty("value", out var value) && !IsBare(name) ? Brief(value) : null;
            lines.Add(new(Visible.Text(field), Word(name), operand));
        }

        return lines;
    }

    /// <summary>An operator in words.</summary>
    public static string Word(string name) => Words.GetValueOrDefault(name, name);

    /// <summary>A value as JSON, cut where it becomes too long to be read at a glance.</summary>
    public static string Brief(JsonElement value) => Visible.Beginning(value.GetRawText(), MostCharacters);

    private static bool IsBare(string name) => name is "exists" or "not_exists";

    private static string? Text(JsonElement condition, string name) =>
        condition.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
