using System.Buffers;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Ledger;

/// <summary>The mark in an event's config that its key is that of another event.</summary>
internal static class KeyMark
{
    private const string Name = "key_conflict";

    /// <summary>The config with the mark. One that is no object has no place for it, and stays as it is.</summary>
    public static JsonElement? Add(JsonElement? config, long other)
    {
        if (config is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Undefined) })
        {
            return config;
        }

        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach (var field in config is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject() : default)
            {
                field.WriteTo(writer);
            }

            writer.WriteNumber(Name, other);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(text.WrittenSpan, Json.DocumentOptions);
    }
}
