using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// One object within the settings of a webhook. A field that is null is as good as left out; one that nobody knows is a mistake.
/// </summary>
internal sealed class ConfigSection
{
    private readonly string _place;
    private readonly Dictionary<string, JsonElement> _fields;

    /// <exception cref="RefusedException">It is no object, or has a field that is none of those known.</exception>
    public ConfigSection(JsonElement json, string place, params ReadOnlySpan<string> known)
    {
        _place = place;
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object.");
        }

        _fields = Fields(json);
        foreach (var name in _fields.Keys)
        {
            if (!known.Contains(name))
            {
                // A misspelt setting would protect nothing.
                throw RefusedException.Invalid(
                    $"{place}.{StorableText.Excerpt(name)}",
                    $"{place}.{StorableText.Excerpt(name)} is not a setting; those of {place} are {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    /// <summary>The fields that are there and not null.</summary>
    public static Dictionary<string, JsonElement> Fields(JsonElement json)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            fields[field.Name] = field.Value;
        }

        foreach (var (name, _) in fields.Where(field => field.Value.ValueKind == JsonValueKind.Null).ToList())
        {
            fields.Remove(name);
        }

        return fields;
    }

    public JsonElement? Value(string name) => _fields.TryGetValue(name, out var value) ? value : null;

    /// <exception cref="RefusedException">It is not there, or neither true nor false.</exception>
    public bool Flag(string name) => Value(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
        ? value.GetBoolean()
        : throw Wrong(name, "must be true or false");

    /// <exception cref="RefusedException">It is there, and no whole number within the bounds.</exception>
    public int? Number(string name, int least, int most) => Value(name) switch
    {
        null => null,
        { } value => JsonNumber.Whole(value, least, most) ?? throw Wrong(name, $"must be a whole number from {least} to {most}"),
    };

    /// <exception cref="RefusedException">It is there, and no text.</exception>
    public string? Text(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong(name, "must be text"),
    };

    /// <summary>What is wrong with a field. Its value is not repeated: it could be a secret.</summary>
    public RefusedException Wrong(string name, string message) =>
        RefusedException.Invalid($"{_place}.{name}", $"{_place}.{name} {message}.");

}
