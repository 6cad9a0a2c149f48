namespace Attune.Db;

/// <summary>A place in a text, for a person: lines and characters count from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The character of the line.</param>
/// <param name="Character">The character of the whole text.</param>
public readonly record struct TextPlace(int Line, int Column, int Character)
{
    /// <summary>The place of a character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">The character, counted from 0; beyond the end it is the end.</param>
    public static TextPlace Of(string text, int index)
    {
        var before = text.AsSpan(0, Math.Clamp(index, 0, text.Length));
        return new(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), before.Length + 1);
    }
}
