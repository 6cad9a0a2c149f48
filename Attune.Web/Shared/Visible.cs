using System.Globalization;
using System.Text;

namespace Attune.Web.Shared;

/// <summary>
/// Text of a payload's as it can be trusted to be read: characters that turn the direction of what is around them, or that
/// show nothing at all, are spelled as JSON escapes.
/// </summary>
public static class Visible
{
    public static string Text(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = IsHidden(character)
                ? shown.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture))
                : shown.Append(character);
        }

        return shown.ToString();
    }

    /// <summary>The same of a text's beginning, with an ellipsis where the text is longer than so many characters.</summary>
    public static string Beginning(string text, int most)
    {
        if (text.Length <= most)
        {
            return Text(text);
        }

        // Never between the halves of one character.
        return Text(text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]) + "…";
    }

    // Marks, embeddings, overrides and isolates of direction; spaces without width; the byte order mark. The joiners are parts of words.
    private static bool IsHidden(char character) => character
        is '\u061c' or '\u200b' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u2069') or '\ufeff';
}
