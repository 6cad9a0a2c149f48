using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Attune.Db.Values;

/// <summary>
/// Tells, before the server does, what of a JSON value cannot be stored, and where it is. .NET reads some JSON that jsonb does not
/// take, and one such value would undo the transaction of everyone it is written with.
/// </summary>
public static class StorableJson
{
    /// <summary>Deepest nesting of what people write, in levels; payloads may be deeper, and go into it whole.</summary>
    public const int MaxDepth = 32;

    /// <summary>The most bytes of what people write, as it is stored.</summary>
    public const int MaxBytes = 256 * 1024;

    // What jsonb's numeric takes: digits before and after the decimal point.
    private const int WholeDigits = 131_072;
    private const int FractionDigits = 16_383;

    // Of what people write: a thousand digits on either side of the point.
    private const int WrittenDigits = 1_005;

    // jsonb writes a blank after each comma and colon.
    private const int Separator = 2;
    private const int Brackets = 2;
    private const int Quotes = 2;
    private const int SignAndPoint = 2;

    // What a text within JSON has only with an escape.
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    /// <summary>Passes for what a person wrote (conditions, parameters, schemas) when it can be stored and read again.</summary>
    /// <exception cref="RefusedException">It cannot; the field names the place within it.</exception>
    public static void Check(JsonElement value, string place) => Check(value, place, MaxBytes, MaxDepth);

    /// <summary>As <see cref="Check(JsonElement, string)"/>, with bounds of one's own.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <param name="maxBytes">
    /// The most bytes as jsonb writes it, numbers written out: what passes once passes again when it is read.
    /// </param>
    /// <param name="maxDepth">The most levels.</param>
    /// <exception cref="RefusedException">It cannot be stored.</exception>
    public static void Check(JsonElement value, string place, int maxBytes, int maxDepth)
    {
        if (Walk(value, place, maxDepth, WrittenDigits, WrittenDigits).Stored > maxBytes)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {maxBytes / 1024} kB.");
        }
    }

    /// <summary>Passes for what a program sent when it can be stored.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <param name="maxBytes">The most bytes as it came, and of its numbers when they are written out.</param>
    /// <param name="setting">The setting that says so, for the message.</param>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="RefusedException">It cannot; the field names the place within it.</exception>
    public static int CheckPayload(JsonElement value, string place, int maxBytes, string setting)
    {
        var length = CheckLength(value, place, maxBytes, setting);
        CheckNumbers(Walk(value, place, Json.MaxDepth, WholeDigits, FractionDigits), place, maxBytes);
        return length;
    }

    /// <summary>Passes for what was checked within a larger text, when it is not too long.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <param name="maxBytes">The most bytes as it came.</param>
    /// <param name="setting">The setting that says so, for the message.</param>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="RefusedException">It is longer.</exception>
    public static int CheckLength(JsonElement value, string place, int maxBytes, string setting)
    {
        var length = JsonMarshal.GetRawUtf8Value(value).Length;
        return length <= maxBytes ? length : throw new RefusedException(
            RefusalKind.TooLarge, place, $"{place} has {length} bytes; at most {maxBytes} are taken ({setting}).");
    }

    /// <summary>
    /// Passes for the text of a request's body when every value in it can be stored. It reads the text once, so that nobody needs to look
    /// at what was parsed from it again.
    /// </summary>
    /// <param name="text">The text, valid UTF-8.</param>
    /// <param name="place">What the body is called in the input; empty where its fields are named by themselves.</param>
    /// <param name="maxBytes">The most bytes of its numbers when they are written out.</param>
    /// <exception cref="RefusedException">A value cannot be stored; the field names the place within it.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void CheckBody(ReadOnlySpan<byte> text, string place, int maxBytes) =>
        CheckNumbers(Walk(text, place, Json.MaxDepth, WholeDigits, FractionDigits), place, maxBytes);

    /// <summary>How many bytes a value has as the database writes it, or somewhat more; it must be one that can be stored.</summary>
    public static long StoredBytes(JsonElement value) =>
        Walk(JsonMarshal.GetRawUtf8Value(value), "", Json.MaxDepth, int.MaxValue, int.MaxValue).Stored;

    /// <summary>How many bytes a text has within JSON, without its quotes: what has no other way to be written is escaped.</summary>
    public static long StoredBytes(string text)
    {
        long bytes = Encoding.UTF8.GetByteCount(text);
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            bytes += rest[at] < ' ' ? 5 : 1;
            rest = rest[(at + 1)..];
        }

        return bytes;
    }

    // A number of nine characters may be stored as a hundred thousand digits, and is read back as such.
    private static void CheckNumbers(Size size, string place, int maxBytes)
    {
        if (size.Numbers > maxBytes)
        {
            throw new RefusedException(
                RefusalKind.TooLarge, FieldOf(place),
                $"{Subject(place)} has numbers that come to more than {maxBytes} bytes when they are written out.");
        }
    }

    private static Size Walk(JsonElement value, string place, int maxDepth, int wholeDigits, int fractionDigits)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!Utf8.IsValid(raw))
        {
            throw RefusedException.Invalid(place, $"{place} is not valid UTF-8.");
        }

        try
        {
            return Walk(raw, place, maxDepth, wholeDigits, fractionDigits);
        }
        catch (JsonException)
        {
            // Whoever parsed it allowed comments or the like.
            throw RefusedException.Invalid(place, $"{place} is not JSON as it is stored.");
        }
    }

    private static Size Walk(ReadOnlySpan<byte> raw, string place, int maxDepth, int wholeDigits, int fractionDigits)
    {
        var size = new Size();

        // One level more than is taken, so that the walk itself finds the place.
        var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        while (reader.Read())
        {
            var problem = reader.TokenType switch
            {
                JsonTokenType.String or JsonTokenType.PropertyName => TextProblem(reader.ValueSpan, reader.ValueIsEscaped, ref size),
                JsonTokenType.Number => NumberProblem(reader.ValueSpan, wholeDigits, fractionDigits, ref size),
                JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= maxDepth =>
                    $"is nested more than {maxDepth} levels deep.",
                JsonTokenType.EndObject or JsonTokenType.EndArray => null,
                var token => size.Add(token is JsonTokenType.True or JsonTokenType.Null ? 4 : token == JsonTokenType.False ? 5 : 1),
            };
            if (problem is not null)
            {
                var at = JsonPlace.Of(raw, reader.TokenStartIndex, place);
                throw new RefusedException(RefusalKind.Invalid, FieldOf(at), $"{Subject(at)} {problem}");
            }
        }

        return size;
    }

    private static string? FieldOf(string place) => place.Length == 0 ? null : place;

    private static string Subject(string place) => place.Length == 0 ? "The body" : place;

    private static string? TextProblem(ReadOnlySpan<byte> text, bool isEscaped, ref Size size)
    {
        size.Add(text.Length + Quotes);
        return isEscaped ? EscapeProblem(text) : null;
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
                return "contains the character U+0000, which cannot be stored.";
            }

            if (char.IsHighSurrogate(unit) && at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
                && char.IsLowSurrogate(Unit(text, at)))
            {
                at += 6;
            }
            else if (char.IsSurrogate(unit))
            {
                return "contains half of a surrogate pair, which is no character.";
            }
        }

        return null;

        static int Next(ReadOnlySpan<byte> text, int from) =>
            text[from..].IndexOf((byte)'\\') is >= 0 and var ahead ? from + ahead : -1;

        static char Unit(ReadOnlySpan<byte> text, int at) =>
            (char)(Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out _, 'x') ? unit : 0);
    }

    private static string? NumberProblem(ReadOnlySpan<byte> number, int wholeDigits, int fractionDigits, ref Size size)
    {
        var (whole, fraction) = JsonNumber.WrittenOut(number);
        if (whole > wholeDigits || fraction > fractionDigits)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"is a number that cannot be stored: more than {wholeDigits} digits before the point or {fractionDigits} after it.");
        }

        // Without an exponent it is stored as it came.
        var hasExponent = number.IndexOfAny((byte)'e', (byte)'E') >= 0;
        size.Numbers += hasExponent ? whole + fraction : number.Length;
        size.Add(hasExponent ? SignAndPoint + whole + fraction : number.Length);
        return null;
    }

    private struct Size
    {
        /// <summary>What jsonb writes, or somewhat more: it never writes a text longer than it came.</summary>
        public long Stored;

        /// <summary>What its numbers come to without exponents.</summary>
        public long Numbers;

        public string? Add(long bytes)
        {
            Stored += bytes + Separator;
            return null;
        }
    }
}
