using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>How often a rule may match, or has to, within a stretch of time.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Count">So many matches, from 1 to <see cref="MostCount"/>.</param>
/// <param name="Duration">How long the stretch is that ends with the event.</param>
internal sealed record RuleWindow(WindowKind Kind, int Count, TimeSpan Duration)
{
    public const int MostCount = 1_000;
    public const int MostFields = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The fields of the event whose values are counted apart.</summary>
    public IReadOnlyList<FieldPath> Per { get; private init; } = [];

    /// <summary>The window that a JSON object says: <c>{"at_most": 1, "in": "5m", "per": ["host"]}</c>, or <c>at_least</c>.</summary>
    /// <exception cref="RefusedException">It is none; the field names the place.</exception>
    public static RuleWindow Parse(JsonElement given, string place)
    {
        if (given.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object with at_most or at_least, in and perhaps per.");
        }

        (WindowKind Kind, int Count)? limit = null;
        TimeSpan? duration = null;
        IReadOnlyList<FieldPath> per = [];
        foreach (var member in given.EnumerateObject())
        {
            var at = $"{place}.{member.Name}";
            switch (member.Name)
            {
                case "at_most" or "at_least" when limit is null:
                    limit = (member.Name == "at_most" ? WindowKind.AtMost : WindowKind.AtLeast, Number(member.Value, at));
                    break;
                case "in":
                    duration = ParseDuration(member.Value, at);
                    break;
                case "per":
                    per = Fields(member.Value, at);
                    break;
                default:
                    throw RefusedException.Invalid(at, $"{at} means nothing: a window has at_most or at_least, in and perhaps per.");
            }
        }

        return (limit, duration) switch
        {
            (null, _) => throw RefusedException.Invalid(place, $"{place} must say at_most or at_least."),
            (_, null) => throw RefusedException.Invalid($"{place}.in", $"{place}.in must be given, such as 5m."),
            ({ } counted, { } within) => new(counted.Kind, counted.Count, within) { Per = per },
        };
    }

    /// <summary>The values of an event that are counted apart, as one text.</summary>
    public string Key(EvaluationContext context)
    {
        var key = new StringBuilder();
        foreach (var path in Per)
        {
            Append(key, path.Find(context)).Append('\n');
        }

        return key.ToString();
    }

    /// <summary>The window in words: <c>at most 1 in PT5M, for each host</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"at {(Kind == WindowKind.AtMost ? "most" : "least")} {Count} in {Durations.Text(Duration)}{Each}");

    private string Each => Per.Count == 0 ? "" : $", for each {string.Join(" and ", Per.Select(path => path.Text))}";

    // However a sender spells it: 3 and 3.0 are one value, and so are a letter and its escape.
    private static StringBuilder Append(StringBuilder key, JsonElement? value)
    {
        switch (value?.ValueKind)
        {
            case null:
                return key;
            case JsonValueKind.Number when JsonNumber.WrittenOut(JsonMarshal.GetRawUtf8Value(value.Value)) is { Whole: < 400, Fraction: < 400 }:
                return key.Append(JsonNumber.Of(value.Value).ToPlainText());
            default:
                CompactJson.Append(key, value.Value);
                return key;
        }
    }

    private static int Number(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count is >= 1 and <= MostCount
            ? count
            : throw RefusedException.Invalid(place, $"{place} must be a whole number from 1 to {MostCount}.");

    private static TimeSpan ParseDuration(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.String && Durations.TryParse(value.GetString()!) is { } duration && duration <= Longest
            ? duration
            : throw RefusedException.Invalid(
                place, $"{place} must be {Durations.Expected}, of {Longest.TotalDays:0} days at most.");

    private static IReadOnlyList<FieldPath> Fields(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostFields)
        {
            throw RefusedException.Invalid(place, $"{place} must be an array of at most {MostFields} fields.");
        }

        return [.. value.EnumerateArray().Select((field, i) => Field(field, $"{place}[{i}]"))];
    }

    private static FieldPath Field(JsonElement value, string place)
    {
        var field = FieldPath.Parse(value.ValueKind == JsonValueKind.String ? value.GetString()! : "", place);
        return field.Path.HasEach || field.Root == FieldRoot.Created
            ? throw RefusedException.Invalid(place, $"{place} must have one value, which it has before the event is written.")
            : field;
    }
}

internal enum WindowKind
{
    /// <summary>A match is held back when so many have passed within the duration before it.</summary>
    AtMost,

    /// <summary>A match is held back until it is the last of at least so many within the duration.</summary>
    AtLeast,
}
