using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>The operators, and what each makes of what is there and what was expected.</summary>
internal static class ConditionOperators
{
    public const string MatchesName = "matches";

    private const int LongestPattern = 1000;

    private static readonly OrderedDictionary<string, Func<JsonElement?, string, Func<JsonElement?,
    Verdict>>> All = new(StringComparer.Ordinal)
    {
        ["equals"] = (expected, place) => Compare(Value(expected, place), JsonValues.AreEqual),
        ["not_equals"] = (expected, place) =>
            Compare(Value(expected, place), static (actual, value) => !JsonValues.AreEqual(actual, value)),
        ["contains"] = (expected, place) => Contains(Value(expected, place)),
        ["not_contains"] = (expected, place) => Not(Contains(Value(expected, place))),
        ["starts_with"] = (expected, place) =>
            OnText(Text(expected, place), static (actual, text) => actual.StartsWith(text, StringComparison.Ordinal)),
        ["ends_with"] = (expected, place) =>
            OnText(Text(expected, place), static (actual, text) => actual.EndsWith(text, StringComparison.Ordinal)),
        [MatchesName] = (expected, place) => Matches(Pattern(Text(expected, place), place)),
        ["greater_than"] = (expected, place) => Order(Orderable(expected, place), static order => order > 0),
        ["greater_or_equal"] = (expected, place) => Order(Orderable(expected, place), static order => order >= 0),
        ["less_than"] = (expected, place) => Order(Orderable(expected, place), static order => order < 0),
        ["less_or_equal"] = (expected, place) => Order(Orderable(expected, place), static order => order <= 0),
        ["in"] = (expected, place) => In(List(expected, place)),
        ["not_in"] = (expected, place) => Not(In(List(expected, place))),
        ["exists"] = (expected, place) => Exists(expected, place, wanted: true),
        ["not_exists"] = (expected, place) => Exists(expected, place, wanted: false),
    };

    /// <summary>The names, for a message.</summary>
    public static string Names { get; } = string.Join(", ", All.Keys);

    /// <summary>Makes the test of an operator. It is given what is at the path, or null when nothing is.</summary>
    /// <exception cref="RefusedException">There is no such operator, or the value is not one that it can compare with.</exception>
    public static Func<JsonElement?, Verdict> Compile(string name, JsonElement? expected, string place) =>
        All.TryGetValue(name, out var compile)
            ? compile(expected, $"{place}.value")
            : throw RefusedException.Invalid($"{place}.operator", $"{place}.operator must be one of: {Names}.");

    /// <summary>The regular expression of a pattern.</summary>
    /// <exception cref="RefusedException">It is none, or none that can be matched without backtracking.</exception>
    public static Regex Pattern(string pattern, string place)
    {
        if (pattern.Length > LongestPattern)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {LongestPattern} characters.");
        }

        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException error)
        {
            throw RefusedException.Invalid(place, $"{place} is not a regular expression: {error.Message}");
        }
        catch (NotSupportedException error)
        {
            throw RefusedException.Invalid(
                place, $"{place} is not a regular expression that can be matched in linear time: {error.Message}");
        }
    }

    private static Func<JsonElement?, Verdict> Compare(JsonElement expected, Func<JsonElement, JsonElement, bool> holds) =>
        actual => actual is { } value ? Verdicts.Of(holds(value, expected)) : Verdict.Unknown;

    private static Func<JsonElement?, Verdict> Contains(JsonElement expected)
    {
        var text = expected.ValueKind == JsonValueKind.String ? expected.GetString() : null;
        return actual => actual switch
        {
            { ValueKind: JsonValueKind.Array } list => Verdicts.Of(list.EnumerateArray().Any(item => JsonValues.AreEqual(item, expected))),
            { ValueKind: JsonValueKind.String } whole when text is not null =>
                Verdicts.Of(whole.GetString()!.Contains(text, StringComparison.Ordinal)),
            _ => Verdict.Unknown,
        };
    }

    private static Func<JsonElement?, Verdict> OnText(string expected, Func<string, string, bool> holds) =>
        actual => actual is { ValueKind: JsonValueKind.String } value ? Verdicts.Of(holds(value.GetString()!, expected)) : Verdict.Unknown;

    // Without a time limit: a pattern that cannot backtrack takes time in proportion to the text, whose size is limited, and
    // whether a rule fires must not depend on how busy the machine is.
    private static Func<JsonElement?, Verdict> Matches(Regex pattern) => actual =>
        actual is { ValueKind: JsonValueKind.String } value ? Verdicts.Of(pattern.IsMatch(value.GetString()!)) : Verdict.Unknown;

    private static Func<JsonElement?, Verdict> Order(JsonElement expected, Func<int, bool> holds) =>
        actual => actual is { } value && JsonValues.Order(value, expected) is { } order ? Verdicts.Of(holds(order)) : Verdict.Unknown;

    private static Func<JsonElement?, Verdict> In(JsonElement expected) =>
        actual => actual is { } value
            ? Verdicts.Of(expected.EnumerateArray().Any(item => JsonValues.AreEqual(item, value)))
            : Verdict.Unknown;

    private static Func<JsonElement?, Verdict> Exists(JsonElement? expected, string place, bool wanted) =>
        expected is null or { ValueKind: JsonValueKind.Null or JsonValueKind.True }
            ? actual => Verdicts.Of(actual is not null == wanted)
            : throw RefusedException.Invalid(place, $"{place} is not needed: exists and not_exists compare with nothing.");

    private static Func<JsonElement?, Verdict> Not(Func<JsonElement?, Verdict> test) =>
        actual => test(actual).Opposite();

    private static JsonElement Value(JsonElement? expected, string place) =>
        expected ?? throw RefusedException.Invalid(place, $"{place} is missing.");

    private static string Text(JsonElement? expected, string place) =>
        expected is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw RefusedException.Invalid(place, $"{place} must be a string.");

    private static JsonElement Orderable(JsonElement? expected, string place) =>
        expected is { ValueKind: JsonValueKind.Number or JsonValueKind.String } value
            ? value
            : throw RefusedException.Invalid(place, $"{place} must be a number or a string: nothing else has an order.");

    private static JsonElement List(JsonElement? expected, string place) =>
        expected is { ValueKind: JsonValueKind.Array } list
            ? list
            : throw RefusedException.Invalid(place, $"{place} must be an array.");
}
