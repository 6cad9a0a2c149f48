using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Events.Packs;

/// <summary>Hides what may be a secret in the config of a pack, and puts it back where a mask is sent back.</summary>
internal static class PackConfig
{
    /// <summary>The config with a mask for each value below a name that says it is a secret.</summary>
    public static JsonElement? Mask(JsonElement? config) =>
        config is { ValueKind: JsonValueKind.Object } given ? Written(writer => Mask(writer, given)) : config;

    /// <summary>What was given, with the stored value wherever it is masked.</summary>
    public static JsonElement? Restore(JsonElement? given, JsonElement? stored) =>
        given is { ValueKind: JsonValueKind.Object } wanted && stored is { ValueKind: JsonValueKind.Object } before
            ? Written(writer => Restore(writer, wanted, before))
            : given;

    private static JsonElement Written(Action<Utf8JsonWriter> write) =>
        JsonElement.Parse(RenderedJson.Bytes(write), Db.Json.DocumentOptions);

    private static void Mask(Utf8JsonWriter writer, JsonElement value) => Copy(writer, value, (name, _, member) =>
    {
        if (name is not null && member.ValueKind != JsonValueKind.Null && SecretNames.IsSecret(name))
        {
            writer.WriteStringValue(IPackRepository.Masked);
        }
        else
        {
            Mask(writer, member);
        }
    });

    private static void Restore(Utf8JsonWriter writer, JsonElement given, JsonElement? stored)
    {
        if (stored is { } kept && given.ValueKind == JsonValueKind.String && given.ValueEquals(IPackRepository.Masked))
        {
            kept.WriteTo(writer);
            return;
        }

        Copy(writer, given, (name, index, part) => Restore(writer, part, name is null ? Item(stored, index) : Member(stored, name)));
    }

    // Each part goes through the writing that is given, with its name in an object or its place in a list.
    private static void Copy(Utf8JsonWriter writer, JsonElement value, Action<string?, int, JsonElement> write)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    write(member.Name, 0, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    write(null, index, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static JsonElement? Member(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement? Item(JsonElement? owner, int index) =>
        owner is { ValueKind: JsonValueKind.Array } known && index < known.GetArrayLength() ? known[index] : null;
}
