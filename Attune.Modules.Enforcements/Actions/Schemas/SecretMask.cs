using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>
/// Writes parameters with something else in the place of each secret: a value whose definition says <c>"secret": true</c>, at whatever
/// depth, and one whose name is that of a secret.
/// </summary>
/// <param name="definitions">The action's schema; null where it is not known, and names alone tell.</param>
/// <param name="masked">What to write for a secret.</param>
internal sealed partial class SecretMask(JsonElement? definitions, Func<JsonElement, string> masked)
{
    public JsonElement Write(JsonElement parameters)
    {
        var entries = definitions is { ValueKind: JsonValueKind.Object } ? definitions : null;
        return IsClean(parameters, entries, null, isHeaders: false)
            ? parameters
            : JsonElement.Parse(RenderedJson.Bytes(writer => Write(writer, parameters, entries, null, isHeaders: false)), Db.Json.DocumentOptions);
    }

    // Of an object the entries say what its members are; of a list the definition says what its items are.
    private void Write(Utf8JsonWriter writer, JsonElement value, JsonElement? entries, JsonElement? item, bool isHeaders)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    var definition = Entry(entries, member.Name);
                    if (IsSecret(value, member, definition, isHeaders))
                    {
                        writer.WriteStringValue(masked(member.Value));
                    }
                    else
                    {
                        Write(writer, member.Value, Entry(definition, "properties"), Entry(definition, "items"),
                            SecretNames.AreHeaders(member.Name));
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var one in value.EnumerateArray())
                {
                    if (SaysSecret(item) && one.ValueKind != JsonValueKind.Null)
                    {
                        writer.WriteStringValue(masked(one));
                    }
                    else
                    {
                        Write(writer, one, Entry(item, "properties"), Entry(item, "items"), isHeaders);
                    }
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsClean(JsonElement value, JsonElement? entries, JsonElement? item, bool isHeaders) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => Entry(entries, member.Name) is var definition
            && !IsSecret(value, member, definition, isHeaders)
            && IsClean(
                member.Value, Entry(definition, "properties"), Entry(definition, "items"), SecretNames.AreHeaders(member.Name))),
        JsonValueKind.Array => value.EnumerateArray().All(one => !SaysSecret(item)
            && IsClean(one, Entry(item, "properties"), Entry(item, "items"), isHeaders)),
        _ => true,
    };

    // A template that only names where the value comes from says nothing of it.
    private static bool IsSecret(JsonElement owner, JsonProperty member, JsonElement? definition, bool isHeaders)
    {
        if (member.Value.ValueKind == JsonValueKind.Null
            || (member.Value.ValueKind == JsonValueKind.String && Reference().IsMatch(member.Value.GetString()!)))
        {
            return false;
        }

        return SaysSecret(definition)
            || (IsText(member.Value) && ((isHeaders ? SecretNames.IsSecretHeader(member.Name) : SecretNames.IsSecret(member.Name)) || IsValueOfSecret(owner, member.Name)));
    }

    // Headers may come as a list of {"name": …, "value": …}.
    private static bool IsValueOfSecret(JsonElement owner, string name) =>
        name.Equals("value", StringComparison.OrdinalIgnoreCase)
        && (Entry(owner, "name") ?? Entry(owner, "key")) is { ValueKind: JsonValueKind.String } named
        && SecretNames.IsSecretHeader(named.GetString()!);

    private static bool IsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String or JsonValueKind.Number => true,
        JsonValueKind.Array => value.EnumerateArray().All(IsText),
        _ => false,
    };

    private static bool SaysSecret(JsonElement? definition) => Entry(definition, "secret") is { ValueKind: JsonValueKind.True };

    private static JsonElement? Entry(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var entry) ? entry : null;

    [GeneratedRegex(@"^\{\{\s*[A-Za-z_][\w.\-\[\]*]*\s*\}\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
