using System.Text;
using System.Text.Json;
using Attune.Db;
using Attune.Web.Json;

namespace Attune.Web.Pages.Backtests;

/// <summary>What is wrong with the text of a draft, and where; lines and columns count from 1.</summary>
/// <param name="Text">What is wrong, for a person to read.</param>
/// <param name="Line">The line; null where it is not one place that is wrong.</param>
/// <param name="Column">The character of the line.</param>
/// <param name="Excerpt">The line.</param>
public sealed record DraftMistake(string Text, int? Line = null, int? Column = null, string? Excerpt = null)
{
    private const int MostShown = 72;
    private const int ShownBefore = 48;

    /// <summary>Reads a text as JSON.</summary>
    /// <returns>What it says, or else what is wrong with it.</returns>
    public static (JsonElement? Value, DraftMistake? Mistake) Read(string text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text)
                ? (null, new("The draft is empty. Without conditions it is [], which every event of the trigger matches."))
                : (JsonElement.Parse(text, Db.Json.DocumentOptions), null);
        }
        catch (JsonException error)
        {
            var words = error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
            return (null, error is { LineNumber: { } line, BytePositionInLine: { } column }
                ? At(text, $"This is not JSON: {words}", (int)line, Characters(LineOf(text, (int)line), column))
                : new($"This is not JSON: {words}"));
        }
    }

    /// <summary>What the engine refused, at its place in the text.</summary>
    /// <param name="text">The conditions, which are JSON.</param>
    /// <param name="refused">The refusal; its field is such as <c>conditions[2].operator</c>.</param>
    public static DraftMistake Of(string text, RefusedException refused)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (refused.Field is not { } field || !field.StartsWith("conditions[", StringComparison.Ordinal) || JsonPlace.Find(bytes, field["conditions".Length..]) is not { } at)
        {
            return new(refused.Message);
        }

        var before = Encoding.UTF8.GetString(bytes.AsSpan(0, at));
        var line = before.Count(character => character == '\n');
        return At(text, refused.Message, line, before.Length - (before.LastIndexOf('\n') + 1));
    }

    private static DraftMistake At(string text, string message, int line, int column)
    {
        // A caret below a long line would stand outside of the page.
        var shown = LineOf(text, line);
        var from = Math.Max(0, Math.Min(column, shown.Length) - ShownBefore);
        var part = shown[from..Math.Min(shown.Length, from + MostShown)];
        var caret = new string(' ', Math.Max(0, column - from));
        return new(message, line + 1, column + 1, $"{part}\n{caret}^");
    }

    private static string LineOf(string text, int line) =>
        text.Split('\n') is var lines && line < lines.Length ? lines[line].TrimEnd('\r').Replace('\t', ' ') : "";

    private static int Characters(string line, long bytes)
    {
        var encoded = Encoding.UTF8.GetBytes(line);
        return Encoding.UTF8.GetCharCount(encoded, 0, (int)Math.Min(bytes, encoded.Length));
    }
}
