using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Tests what is at a path; null when nothing is. <paramref name="other"/> is what the other path leads to, where there is one.</summary>
internal delegate Tested ConditionTest(JsonElement? actual, JsonElement? other, EvaluationContext context);

/// <summary>Compares two values that are there.</summary>
internal delegate Tested Comparison(JsonElement actual, JsonElement expected, EvaluationContext context);

/// <summary>What an operator compares with, and how.</summary>
internal sealed record Operand
{
    /// <summary>Null when it is the value of another path, or nothing.</summary>
    public required JsonElement? Value { get; init; }

    public required bool IsField { get; init; }
    public required bool IgnoreCase { get; init; }
    public required Cast Cast { get; init; }

    /// <summary>Where the condition stands, for messages.</summary>
    public required string Place { get; init; }

    public StringComparison Comparison => IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The test of a comparison with the value, read as asked, or with what is at the other path.</summary>
    /// <param name="compare">Compares.</param>
    /// <param name="check">Refuses a value that nothing can be compared with; the text is what it must be.</param>
    public ConditionTest Test(Comparison compare, Func<JsonElement, string?>? check = null)
    {
        var cast = Cast;
        if (IsField)
        {
            return (actual, other, context) =>
                actual is not { } one ? Tested.Unknown(UnknownReason.Missing)
                : other is not { } two ? Tested.Unknown(UnknownReason.OtherMissing)
                : Casts.Read(one, cast, context) is not { } left ? Tested.Unknown(Casts.Reason(cast))
                : Casts.Read(two, cast, context) is not { } right ? Tested.Unknown(UnknownReason.OtherUnfit)
                : compare(left, right, context);
        }

        var given = Value ?? throw Refused("is missing");
        if (check?.Invoke(given) is { } wanted)
        {
            throw Refused(wanted);
        }

        var expected = Casts.ReadDeep(given, cast) ?? throw Refused($"must be {Casts.Expected(cast)}: the condition reads values as such");
        return cast == Cast.None
            ? (actual, _, context) => actual is { } one ? compare(one, expected, context) : Tested.Unknown(UnknownReason.Missing)
            : (actual, _, context) =>
                actual is not { } one ? Tested.Unknown(UnknownReason.Missing)
                : Casts.Read(one, cast, context) is { } left ? compare(left, expected, context)
                : Tested.Unknown(Casts.Reason(cast));
    }

    public RefusedException Refused(string problem) => RefusedException.Invalid($"{Place}.value", $"{Place}.value {problem}.");
}

/// <summary>As what a condition reads a value that may be something else.</summary>
internal enum Cast
{
    None,
    Number,
    Time,
    Text,
}

internal static class Casts
{
    private const int LongestNumber = 400;

    public const string Names = "number, time, text";

    /// <summary>The cast of a name; null when there is none.</summary>
    public static Cast? TryParse(string name) => name switch
    {
        "number" => Cast.Number,
        "time" => Cast.Time,
        "text" => Cast.Text,
        _ => null,
    };

    public static string Name(Cast cast) => cast switch
    {
        Cast.Number => "number",
        Cast.Time => "time",
        _ => "text",
    };

    /// <summary>A value, read as asked; null where it cannot be.</summary>
    public static JsonElement? Read(JsonElement value, Cast cast, EvaluationContext? context)
    {
        if (cast == Cast.None)
        {
            return value;
        }

        context?.Budget.Spend(4);
        return (cast, value.ValueKind) switch
        {
            (Cast.Number, JsonValueKind.Number) => value,
            (Cast.Number, JsonValueKind.String) => Number(value.GetString()!),
            (Cast.Time, JsonValueKind.Number) => InstantText.Seconds(value),
            (Cast.Time, JsonValueKind.String) => InstantText.Seconds(value.GetString()!),
            (Cast.Text, JsonValueKind.String) => value,
            (Cast.Text, JsonValueKind.Number) => NumberText(value),
            (Cast.Text, JsonValueKind.True or JsonValueKind.False) => JsonSerializer.SerializeToElement(value.GetRawText()),
            _ => null,
        };
    }

    /// <summary>A value of a rule, read as asked, or each of a list's.</summary>
    public static JsonElement? ReadDeep(JsonElement value, Cast cast)
    {
        if (cast == Cast.None || value.ValueKind != JsonValueKind.Array)
        {
            return Read(value, cast, null);
        }

        var items = new List<JsonElement>();
        foreach (var item in value.EnumerateArray())
        {
            if (Read(item, cast, null) is not { } read)
            {
                return null;
            }

            items.Add(read);
        }

        return JsonSerializer.SerializeToElement(items);
    }

    public static UnknownReason Reason(Cast cast) => cast switch
    {
        Cast.Number => UnknownReason.NumberTextWanted,
        Cast.Time => UnknownReason.InstantWanted,
        _ => UnknownReason.PlainWanted,
    };

    public static string Expected(Cast cast) => cast switch
    {
        Cast.Number => "a number, or text that is one",
        Cast.Time => InstantText.Expected,
        _ => "text, a number, true or false",
    };

    // As JSON has numbers, with blanks around it and a plus sign allowed.
    private static JsonElement? Number(string text)
    {
        var trimmed = text.AsSpan().Trim();
        trimmed = trimmed.StartsWith("+") && trimmed.Length > 1 && char.IsAsciiDigit(trimmed[1]) ? trimmed[1..] : trimmed;
        if (trimmed.Length is 0 or > LongestNumber || !(char.IsAsciiDigit(trimmed[0]) || trimmed[0] == '-'))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(trimmed) is { ValueKind: JsonValueKind.Number } number ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // However it is spelled: 1e3, 1000 and 1000.0 are the text 1000.
    private static JsonElement? NumberText(JsonElement number)
    {
        var (whole, fraction) = Db.Values.JsonNumber.WrittenOut(System.Text.Encoding.UTF8.GetBytes(number.GetRawText()));
        return whole + fraction > LongestNumber ? null : JsonSerializer.SerializeToElement(Db.Values.JsonNumber.Of(number).ToPlainText());
    }
}
