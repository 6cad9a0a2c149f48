using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements.Values;

/// <summary>Tells, before the server does, what of a JSON value cannot be stored, and where it is.</summary>
internal static class StorableJson
{
    /// <summary>Deepest nesting of what people write; payloads may be deeper, and go into it whole.</summary>
    public const int MaxDepth = 32;

    public const int MaxBytes = 256 * 1024;

    private const int LongestNumber = 1000;

    /// <summary>Passes when the value can be stored and read again.</summary>
    /// <exception cref="RefusedException">It cannot; the field names the place within it.</exception>
    public static void Check(JsonElement value, string place) => Check(value, place, MaxBytes, MaxDepth);

    /// <summary>As <see cref="Check(JsonElement, string)"/>, with bounds of one's own.</summary>
    public static void Check(JsonElement value, string place, int maxBytes, int maxDepth)
    {
        if (System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).Length > maxBytes)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {maxBytes / 1024} kB.");
        }

        Walk(value, place, 0, maxDepth);
    }

    private static void Walk(JsonElement value, string place, int depth, int maxDepth)
    {
        if (depth > maxDepth)
        {
            throw RefusedException.Invalid(place, $"{place} is nested deeper than {maxDepth} levels.");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    var name = Text(() => member.Name, place);
                    Walk(member.Value, $"{place}.{name}", depth + 1, maxDepth);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Walk(item, $"{place}[{index++}]", depth + 1, maxDepth);
                }

                break;
            case JsonValueKind.String:
                Text(() => value.GetString()!, place);
                break;
            case JsonValueKind.Number:
                CheckNumber(value.GetRawText(), place);
                break;
        }
    }

    private static string Text(Func<string> read, string place)
    {
        try
        {
            var text = read();
            return text.Contains('\0')
                ? throw RefusedException.Invalid(place, $"{place} contains the NUL character, which cannot be stored.")
                : text;
        }
        catch (InvalidOperationException)
        {
            throw RefusedException.Invalid(place, $"{place} is not valid Unicode text.");
        }
    }

    private static void CheckNumber(string number, string place)
    {
        var exponent = number.IndexOfAny(['e', 'E']);
        if (number.Length > LongestNumber
            || (exponent >= 0 && !(int.TryParse(number.AsSpan(exponent + 1), System.Globalization.NumberStyles.AllowLeadingSign,
                System.Globalization.CultureInfo.InvariantCulture, out var power) && Math.Abs(power) <= LongestNumber)))
        {
            throw RefusedException.Invalid(place, $"{place} is a number too large or too long to be stored.");
        }
    }
}
