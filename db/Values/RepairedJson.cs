using System.Buffers.Text;
using System.Text;

namespace Attune.Db.Values;

/// <summary>
/// Makes of a JSON text whose strings hold what cannot be stored (U+0000, half of a surrogate pair, bytes that are not UTF-8) one that can
/// be: U+FFFD stands for it. For senders who cannot mend what they send.
/// </summary>
public static class RepairedJson
{
    private const char Replacement = '\uFFFD';

    /// <returns>The text that can be stored; null where there is nothing to repair.</returns>
    public static byte[]? Of(ReadOnlySpan<byte> text)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text))
        {
            // The decoder puts U+FFFD where the bytes are none of UTF-8.
            var valid = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
            return Of(valid) ?? valid;
        }

        if (text.Contains((byte)0))
        {
            var whole = WithoutNul(text);
            return Of(whole) ?? whole;
        }

        byte[]? repaired = null;
        for (var at = text.IndexOf((byte)'\\'); at >= 0; at = Next(text, at))
        {
            if (at + 1 < text.Length && text[at + 1] == 'u' && Unit(text, at) is { } unit)
            {
                if (char.IsHighSurrogate(unit) && Unit(text, at + 6) is { } second && char.IsLowSurrogate(second))
                {
                    at += 12;
                    continue;
                }

                if (unit == 0 || char.IsSurrogate(unit))
                {
                    // Of the same length, so that all places stay.
                    repaired ??= text.ToArray();
                    "\\ufffd"u8.CopyTo(repaired.AsSpan(at));
                }

                at += 6;
            }
            else
            {
                // What follows a backslash belongs to it.
                at += 2;
            }
        }

        return repaired;

        static int Next(ReadOnlySpan<byte> text, int from) =>
            from < text.Length && text[from..].IndexOf((byte)'\\') is >= 0 and var ahead ? from + ahead : -1;
    }

    /// <summary>Text without U+0000, and without halves of surrogate pairs.</summary>
    /// <returns>The same text where there is nothing to repair.</returns>
    public static string Of(string text)
    {
        if (StorableText.IsStorable(text))
        {
            return text;
        }

        var repaired = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The enumeration itself gives U+FFFD for half of a pair.
            _ = rune.Value == 0 ? repaired.Append(Replacement) : repaired.Append(rune.ToString());
        }

        return repaired.ToString();
    }

    // NUL bytes themselves: those after the text end it, as they do in C; any other can only be meant to be in a string.
    private static byte[] WithoutNul(ReadOnlySpan<byte> text) => Encoding.UTF8.GetBytes(
        Encoding.UTF8.GetString(text.TrimEnd((byte)0)).Replace('\0', Replacement));

    private static char? Unit(ReadOnlySpan<byte> text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
        && Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out var read, 'x') && read == 4
            ? (char)unit
            : null;
}
