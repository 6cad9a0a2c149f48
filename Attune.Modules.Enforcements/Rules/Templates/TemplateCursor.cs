using System.Globalization;
using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>Where the reading of a text with templates has come to.</summary>
/// <param name="text">The text.</param>
/// <param name="place">What it is called in the input.</param>
internal sealed class TemplateCursor(string text, string place)
{
    public string Text { get; } = text;

    public int At { get; set; }

    /// <summary>Goes past blanks and one character; false where it is another.</summary>
    public bool Skip(char character)
    {
        var at = Blank(At);
        if (at >= Text.Length || Text[at] != character)
        {
            return false;
        }

        At = at + 1;
        return true;
    }

    /// <summary>The first character from one on that is no blank.</summary>
    public int Blank(int at)
    {
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>What is wrong at a character.</summary>
    public RefusedException Wrong(int at, string message) => RefusedException.Invalid(
        place, string.Create(CultureInfo.InvariantCulture, $"{place}, character {at + 1}: {message}."));
}
