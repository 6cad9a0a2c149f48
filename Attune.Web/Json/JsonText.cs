using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>Reads JSON that somebody types, and says where it ceases to be any.</summary>
internal static class JsonText
{
    private const string Nothing = "{}";

    private static readonly JsonSerializerOptions Indented = new(Db.Json.Options) { WriteIndented = true };

    /// <summary>Reads an object.</summary>
    /// <param name="text">What was typed; nothing but space is an object without fields.</param>
    /// <returns>The object, or else what is wrong, with line and column.</returns>
    public static (JsonElement? Value, string? Mistake) ReadObject(string text)
    {
        try
        {
            var value = JsonElement.Parse(string.IsNullOrWhiteSpace(text) ? Nothing : text, Db.Json.DocumentOptions);
            return value.ValueKind == JsonValueKind.Object ? (value, null) : (null, "Line 1, column 1: an object in braces is expected.");
        }
        catch (JsonException error)
        {
            return (null, JsonPosition.Of(text, error) is { } place
                ? $"Line {place.Line}, column {place.Column}: this is not JSON from here on." : "This is not JSON.");
        }
    }

    /// <summary>What is wrong at a path of a text, with line and column where the path is there.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="path">Such as <c>url.type</c>; empty for the whole.</param>
    /// <param name="message">What is wrong.</param>
    public static string At(string text, string path, string message) =>
        path.Length > 0 && JsonPosition.Find(text, path) is { } place ? $"Line {place.Line}, column {place.Column}: {message}" : message;

    /// <summary>A value as it is edited; nothing for an empty object.</summary>
    public static string Write(JsonElement? value) =>
        value is not { ValueKind: JsonValueKind.Object } json || !json.EnumerateObject().Any() ? "" : JsonSerializer.Serialize(json, Indented);
}
