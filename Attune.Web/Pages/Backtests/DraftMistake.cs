using System.Text.Json;
using Attune.Db;
using Attune.Web.Json;

namespace Attune.Web.Pages.Backtests;

/// <summary>What is wrong with the text of a draft, and where; lines and columns count from 1.</summary>
/// <param name="Text">What is wrong, for a person to read.</param>
/// <param name="Line">The line; null where it is not one place that is wrong.</param>
/// <param name="Column">The character of the line.</param>
/// <param name="Excerpt">The line, with a caret below the place.</param>
public sealed record DraftMistake(string Text, int? Line = null, int? Column = null, string? Excerpt = null)
{
    private const string Conditions = "conditions";
    private const int MostShown = 72;
    private const int ShownBefore = 48;

    /// <summary>Reads a text as JSON.</summary>
    /// <returns>What it says, or else what is wrong with it.</returns>
    public static (JsonElement? Value, DraftMistake? Mistake) Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, new("The draft is empty. Without conditions it is [], which every event of the trigger matches."));
        }

        // What is no JSON at its first character is the text form, which the engine reads.
        if (text.TrimStart()[0] is not ('[' or '{'))
        {
            return (JsonSerializer.SerializeToElement(new { expression = text }), null);
        }

        try
        {
            return (JsonElement.Parse(text, Db.Json.DocumentOptions), null);
        }
        catch (JsonException error)
        {
            return (null, At(text, "This is not JSON from here on.", JsonPosition.Of(text, error)));
        }
    }

    /// <summary>What the engine refused, at its place in the text.</summary>
    /// <param name="text">The conditions, which are JSON.</param>
    /// <param name="refused">The refusal; its field is such as <c>conditions[2].operator</c>.</param>
    public static DraftMistake Of(string text, RefusedException refused) =>
        refused is { At: { } place } ? At(text, refused.Message, new(place.Line, place.Column)) :
        refused.Field is { } field && field.StartsWith($"{Conditions}[", StringComparison.Ordinal)
            ? At(text, refused.Message, JsonPosition.Find(text, field[Conditions.Length..]))
            : new(refused.Message);

    private static DraftMistake At(string text, string message, JsonPosition? position)
    {
        if (position is not { } place)
        {
            return new(message);
        }

        // A caret below a long line would stand outside of the page.
        var line = JsonPosition.LineOf(text, place.Line).Replace('\t', ' ');
        var column = place.Column - 1;
        var from = Math.Max(0, Math.Min(column, line.Length) - ShownBefore);
        var part = line[from..Math.Min(line.Length, from + MostShown)];
        var caret = new string(' ', Math.Max(0, column - from));
        return new(message, place.Line, place.Column, $"{part}\n{caret}^");
    }
}
