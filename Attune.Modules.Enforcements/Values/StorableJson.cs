using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements.Values;

/// <summary>
/// Tells, before the server does, what of a JSON value cannot be stored, and where it is. It measures the value as jsonb writes
/// it, numbers written out: what passes once passes again when it is read.
/// </summary>
internal static class StorableJson
{
    /// <summary>Deepest nesting of what people write; payloads may be deeper, and go into it whole.</summary>
    public const int MaxDepth = 32;

    public const int MaxBytes = 256 * 1024;

    // In characters, written out; room for a thousand digits on either side of the point.
    private const int LongestNumber = 2_010;

    /// <summary>Passes when the value can be stored and read again.</summary>
    /// <exception cref="RefusedException">It cannot; the field names the place within it.</exception>
    public static void Check(JsonElement value, string place) => Check(value, place, MaxBytes, MaxDepth);

    /// <summary>As <see cref="Check(JsonElement, string)"/>, with bounds of one's own.</summary>
    public static void Check(JsonElement value, string place, int maxBytes, int maxDepth)
    {
        if (Size(value, place, 0, maxDepth) > maxBytes)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {maxBytes / 1024} kB.");
        }
    }

    // The length of what jsonb writes, or somewhat more: it never writes a text longer than it came.
    private static long Size(JsonElement value, string place, int depth, int maxDepth)
    {
        const int separator = 2;

        if (depth > maxDepth)
        {
            throw RefusedException.Invalid(place, $"{place} is nested deeper than {maxDepth} levels.");
        }

        long size = 2;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    var name = Text(() => member.Name, place);
                    size += JsonMarshal.GetRawUtf8PropertyName(member).Length + 2 + separator
                        + Size(member.Value, $"{place}.{name}", depth + 1, maxDepth) + separator;
                }

                return size;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    size += Size(item, $"{place}[{index++}]", depth + 1, maxDepth) + separator;
                }

                return size;
            case JsonValueKind.String:
                Text(() => value.GetString()!, place);
                break;
            case JsonValueKind.Number:
                return WrittenOut(value, place);
        }

        return JsonMarshal.GetRawUtf8Value(value).Length;
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

    private static long WrittenOut(JsonElement number, string place)
    {
        var length = JsonNumber.LengthWrittenOut(JsonMarshal.GetRawUtf8Value(number));
        return length <= LongestNumber
            ? length
            : throw RefusedException.Invalid(place, $"{place} is a number too large or too long to be stored.");
    }
}
