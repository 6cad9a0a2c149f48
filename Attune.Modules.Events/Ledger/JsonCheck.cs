using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Attune.Db;

namespace Attune.Modules.Events.Ledger;

/// <summary>
/// Tells whether JSON can be stored: .NET reads some that jsonb does not take, and one such value would undo the transaction
/// of everyone it is written with.
/// </summary>
internal static class JsonCheck
{
    // What jsonb's numeric takes: digits before and after the decimal point.
    private const int WholeDigits = 131_072;
    private const int FractionDigits = 16_383;

    // One level more than is taken, so that the walk itself finds the place.
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = Json.MaxDepth + 1 };

    /// <summary>Walks the value once.</summary>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="RefusedException">It cannot be stored; the field names the place.</exception>
    public static int Check(JsonElement value, string place, int maxBytes)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length > maxBytes)
        {
            throw new RefusedException(RefusalKind.TooLarge, place,
                $"{place} has {raw.Length} bytes; at most {maxBytes} are taken ({EventsOptions.Section}:{nameof(EventsOptions.MaxPayloadBytes)}).");
        }

        if (!Utf8.IsValid(raw))
        {
            throw RefusedException.Invalid(place, $"{place} is not valid UTF-8.");
        }

        // A number of nine characters may be stored as a hundred thousand digits, and is read back as such.
        return Walk(raw, place) <= maxBytes ? raw.Length : throw new RefusedException(RefusalKind.TooLarge, place,
            $"{place} has numbers that come to more than {maxBytes} bytes when they are written out.");
    }

    /// <returns>What its numbers come to without exponents, in bytes.</returns>
    private static long Walk(ReadOnlySpan<byte> raw, string place)
    {
        var writtenOut = 0L;
        var reader = new Utf8JsonReader(raw, Strict);
        try
        {
            while (reader.Read())
            {
                var problem = reader.TokenType switch
                {
                    JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped => EscapeProblem(reader.ValueSpan),
                    JsonTokenType.Number => NumberProblem(reader.ValueSpan, ref writtenOut),
                    JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= Json.MaxDepth =>
                        $"is nested more than {Json.MaxDepth} levels deep.",
                    _ => null,
                };
                if (problem is not null)
                {
                    var at = JsonPlace.Of(raw, reader.TokenStartIndex, place);
                    throw RefusedException.Invalid(at, $"{at} {problem}");
                }
            }

            return writtenOut;
        }
        catch (JsonException error)
        {
            throw RefusedException.Invalid(place, $"{place} is not JSON: {error.Message}");
        }
    }

    // A backslash is in no other place of a string than at the start of an escape, so the rest can be skipped.
    private static string? EscapeProblem(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\\'); at >= 0; at = Next(text, at))
        {
            if (text[at + 1] != 'u')
            {
                at += 2;
                continue;
            }

            var unit = Unit(text, at);
            at += 6;
            if (unit == 0)
            {
                return "holds the character U+0000, which cannot be stored.";
            }

            if (char.IsHighSurrogate(unit) && at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
                && char.IsLowSurrogate(Unit(text, at)))
            {
                at += 6;
            }
            else if (char.IsSurrogate(unit))
            {
                return "holds half of a surrogate pair, which is no character.";
            }
        }

        return null;

        static int Next(ReadOnlySpan<byte> text, int from) =>
            text[from..].IndexOf((byte)'\\') is >= 0 and var ahead ? from + ahead : -1;

        static char Unit(ReadOnlySpan<byte> text, int at) =>
            (char)(Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out _, 'x') ? unit : 0);
    }

    private static string? NumberProblem(ReadOnlySpan<byte> number, ref long writtenOut)
    {
        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        if (mark < 0 && number.Length <= FractionDigits)
        {
            writtenOut += number.Length;
            return null;
        }

        var exponent = 0;
        var readable = mark < 0
            || int.TryParse(number[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent);
        var mantissa = mark < 0 ? number : number[..mark];
        var point = mantissa.IndexOf((byte)'.');
        var fraction = (long)(point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        var whole = (long)(point < 0 ? mantissa.Length : point) + exponent;
        writtenOut += Math.Max(1, whole) + Math.Max(0, fraction);
        return readable && whole <= WholeDigits && fraction <= FractionDigits
            ? null
            : $"is a number that cannot be stored: more than {WholeDigits} digits before the point or {FractionDigits} after it.";
    }
}
