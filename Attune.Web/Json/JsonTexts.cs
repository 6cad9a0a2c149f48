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

    /// <summary>Reads a text that a person wrote where an object belongs; nothing but space is an object without fields.</summary>
    /// <returns>The object; else what is wrong, with its line and column where they are known.</returns>
    public static (JsonElement? Value, string? Mistake) ReadObject(string text) =>
        Read(string.IsNullOrWhiteSpace(text) ? "{}" : text) is var read && read.Value is { ValueKind: not JsonValueKind.Object }
            ? (null, "Line 1, column 1: an object in braces is expected.")
            : read;

    /// <summary>An object as it is edited; nothing for one without fields.</summary>
    public static string OfObject(JsonElement? value) =>
        value is not { ValueKind: JsonValueKind.Object } json || !json.EnumerateObject().Any() ? "" : OfIndented(json);

    /// <summary>What is wrong at a path of a text, with line and column where the path is there.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="path">Such as <c>url.type</c>; empty for the whole.</param>
    /// <param name="message">What is wrong.</param>
    public static string At(string text, string path, string message) =>
        path.Length > 0 && JsonPosition.Find(text, path) is { } place ? $"Line {place.Line}, column {place.Column}: {message}" : message;

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
