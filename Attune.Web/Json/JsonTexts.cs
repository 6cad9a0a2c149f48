using System.Text.Encodings.Web;
using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>JSON as people edit it, and what is wrong with it where it is none.</summary>
public static class JsonTexts
{
    // It goes into a text area or the clipboard, where nothing is markup.
    private static readonly JsonSerializerOptions Indented = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Db.Json.DocumentOptions.MaxDepth,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions Compact = new(Indented) { WriteIndented = false };

    /// <summary>With line breaks.</summary>
    public static string OfIndented(JsonElement value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>On one line.</summary>
    public static string OfCompact(JsonElement value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Reads a text that a person wrote.</summary>
    /// <returns>The value; else what is wrong, with its line and column where they are known.</returns>
    public static (JsonElement? Value, string? Mistake) Read(string text)
    {
        try
        {
            return (JsonElement.Parse(text, Db.Json.DocumentOptions), null);
        }
        catch (JsonException error)
        {
            var message = error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
            return (null, JsonPosition.Of(text, error) is { } at ? $"Line {at.Line}, column {at.Column}: {message}" : message);
        }
    }

    /// <summary>What sort of value it is, in a word.</summary>
    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "truth value",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "list",
        _ => "null",
    };
}
