using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>
/// One parameter of an action. What a definition says beyond this is for people and other programs, and is kept as it is.
/// </summary>
internal sealed class ParameterDefinition
{
    private static readonly string[] Types = ["any", "array", "boolean", "integer", "number", "object", "string"];

    private string _type = "any";
    private bool _required;
    private JsonElement? _enum;
    private JsonElement? _minimum;
    private JsonElement? _maximum;
    private ParameterDefinition? _items;
    private ParameterSchema? _properties;

    private ParameterDefinition(string name) => Name = name;

    public string Name { get; }

    /// <summary>What it is when it is not given.</summary>
    public JsonElement? Default { get; private set; }

    /// <exception cref="RefusedException">It is no definition; the field names the place in it.</exception>
    public static ParameterDefinition Parse(string name, JsonElement definition, string place)
    {
        if (definition.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object, such as {{\"type\": \"string\", \"required\": true}}.");
        }

        var parsed = new ParameterDefinition(name)
        {
            _type = Read(definition, "type", place, JsonValueKind.String)?.GetString() ?? "any",
            _required = Flag(definition, "required", place),
            _enum = Read(definition, "enum", place, JsonValueKind.Array),
            _minimum = Read(definition, "minimum", place, JsonValueKind.Number),
            _maximum = Read(definition, "maximum", place, JsonValueKind.Number),
            _items = Read(definition, "items", place, JsonValueKind.Object) is { } items ? Parse("items", items, $"{place}.items") : null,
            _properties = Read(definition, "properties", place, JsonValueKind.Object) is { } properties
                ? ParameterSchema.OfEntries(properties, $"{place}.properties")
                : null,
            Default = definition.TryGetProperty("default", out var value) && value.ValueKind != JsonValueKind.Null ? value : null,
        };
        Flag(definition, "secret", place);
        Read(definition, "description", place, JsonValueKind.String);
        if (!Types.Contains(parsed._type))
        {
            throw RefusedException.Invalid($"{place}.type", $"{place}.type must be one of: {string.Join(", ", Types)}.");
        }

        if (parsed._enum?.GetArrayLength() == 0)
        {
            throw RefusedException.Invalid($"{place}.enum", $"{place}.enum must have a value.");
        }

        if (parsed.Default is { } standard)
        {
            parsed.CheckValue(standard, $"{place}.default", templates: false);
        }

        return parsed;
    }

    /// <exception cref="RefusedException">It is missing though required, or not of the kind that is wanted.</exception>
    public void Check(JsonElement? value, string place, bool templates)
    {
        if (value is { } given)
        {
            CheckValue(given, place, templates);
        }
        else if (_required && Default is null)
        {
            throw RefusedException.Invalid(place, $"{place} must be given.");
        }
    }

    /// <summary>Whether nothing within a value is left to its default.</summary>
    public bool IsComplete(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when _properties is not null => _properties.IsComplete(value),
        JsonValueKind.Array when _items is not null => value.EnumerateArray().All(_items.IsComplete),
        _ => true,
    };

    /// <summary>Writes a value with the defaults filled in that are missing within it.</summary>
    public void WriteCompleted(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && _properties is not null)
        {
            _properties.WriteCompleted(writer, value);
        }
        else if (value.ValueKind == JsonValueKind.Array && _items is not null)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                _items.WriteCompleted(writer, item);
            }

            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private void CheckValue(JsonElement value, string place, bool templates)
    {
        if (templates && value.ValueKind == JsonValueKind.String
            && value.GetString() is { } text && text.Contains("{{", StringComparison.Ordinal))
        {
            if (_type is not ("any" or "string") && !IsOneToken(text))
            {
                throw RefusedException.Invalid(place, $"{place} must be {Spelled(_type)}; a template with text around it comes to text.");
            }

            return;
        }

        if (!IsOfType(value))
        {
            throw RefusedException.Invalid(place, $"{place} must be {Spelled(_type)}.");
        }

        if (_enum is { } choices && !choices.EnumerateArray().Any(choice => JsonValues.AreEqual(choice, value)))
        {
            throw RefusedException.Invalid(place, $"{place} must be one of: {string.Join(", ", choices.EnumerateArray().Select(Shown))}.");
        }

        CheckWithin(value, place, templates);
        if (value.ValueKind == JsonValueKind.Number
            && ((_minimum is { } minimum && JsonNumber.Compare(value, minimum) < 0)
                || (_maximum is { } maximum && JsonNumber.Compare(value, maximum) > 0)))
        {
            var bounds = (_minimum, _maximum) switch
            {
                ({ } from, { } to) => $"from {from.GetRawText()} to {to.GetRawText()}",
                ({ } from, null) => $"at least {from.GetRawText()}",
                _ => $"at most {_maximum!.Value.GetRawText()}",
            };
            throw RefusedException.Invalid(place, $"{place} must be {bounds}.");
        }
    }

    private void CheckWithin(JsonElement value, string place, bool templates)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            _properties?.Check(value, place, templates);
        }
        else if (value.ValueKind == JsonValueKind.Array && _items is not null)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                _items.CheckValue(item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index++}]"), templates);
            }
        }
    }

    private bool IsOfType(JsonElement value) => _type switch
    {
        "any" => true,
        "array" => value.ValueKind == JsonValueKind.Array,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && (value.TryGetInt64(out _) || JsonNumber.Of(value).IsWhole),
        "number" => value.ValueKind == JsonValueKind.Number,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => value.ValueKind == JsonValueKind.String,
    };

    // Such a text keeps the type of its value, whatever that will be.
    private static bool IsOneToken(string text) =>
        text.LastIndexOf("{{", StringComparison.Ordinal) == 0 && text.IndexOf("}}", StringComparison.Ordinal) == text.Length - 2;

    private static JsonElement? Read(JsonElement definition, string field, string place, JsonValueKind kind)
    {
        if (!definition.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == kind
            ? value
            : throw RefusedException.Invalid($"{place}.{field}", $"{place}.{field} must be {Spelled(kind.ToString().ToLowerInvariant())}.");
    }

    private static bool Flag(JsonElement definition, string field, string place) =>
        definition.TryGetProperty(field, out var value) && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            _ => throw RefusedException.Invalid($"{place}.{field}", $"{place}.{field} must be true or false."),
        };

    private static string Spelled(string type) => type switch
    {
        "integer" => "a whole number",
        "boolean" => "true or false",
        "string" => "a text",
        "array" or "object" => $"an {type}",
        _ => $"a {type}",
    };

    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
