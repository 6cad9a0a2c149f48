using System.Globalization;
using System.Text;

namespace Attune.Host.Telemetry;

/// <summary>Characters that are not shown but do something: end a line, steer a terminal, turn the direction of what follows.</summary>
internal static class ControlCharacters
{
    /// <summary>The text with each of them as an escape, such as <c>\n</c> or <c>\u202E</c>.</summary>
    public static string Escaped(string text)
    {
        if (!text.EnumerateRunes().Any(IsControl))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                <= char.MaxValue when IsControl(rune) => escaped.Append(CultureInfo.InvariantCulture, $@"\u{rune.Value:X4}"),
                _ when IsControl(rune) => escaped.Append(CultureInfo.InvariantCulture, $@"\U{rune.Value:X8}"),
                _ => escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
