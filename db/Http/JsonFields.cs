using System.Text.Json;

namespace Attune.Db.Http;

/// <summary>The fields of a request's body, read one by one, so that an answer can name the one that is wrong.</summary>
public readonly struct JsonFields(JsonElement body)
{
    /// <exception cref="RefusedException">The field is there and no text.</exception>
    public string? Text(string name) => Given(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "text", value);

    /// <exception cref="RefusedException">The field is there and neither true nor false.</exception>
    public bool? Flag(string name) => Given(name) is not { } value
        ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false", value);

    /// <summary>The field as it is, JSON null included; null when it is not there.</summary>
    public JsonElement? Value(string name) => body.TryGetProperty(name, out var value) ? value : null;

    /// <summary>The field when it is there and not null.</summary>
    public JsonElement? Given(string name) => Value(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    private static RefusedException Wrong(string name, string expected, JsonElement value) =>
        RefusedException.Invalid(name, $"{name} must be {expected}, not {value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.Number => "a number",
            JsonValueKind.String => "text",
            _ => "true or false",
        }}.");
}
