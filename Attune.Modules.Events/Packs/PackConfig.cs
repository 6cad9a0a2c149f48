using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Attune.Modules.Events.Packs;

/// <summary>Hides what may be a secret in the config of a pack, and puts it back where a mask is sent back.</summary>
internal static partial class PackConfig
{
    /// <summary>The config with a mask for each value below a name that says it is a secret.</summary>
    public static JsonElement? Mask(JsonElement? config) =>
        config is not { ValueKind: JsonValueKind.Object } given ? config
            : JsonSerializer.SerializeToElement(Masked(JsonNode.Parse(given.GetRawText())), Db.Json.Options);

    /// <summary>What was given, with the stored value wherever it is masked.</summary>
    public static JsonElement? Restore(JsonElement? given, JsonElement? stored) =>
        given is not { ValueKind: JsonValueKind.Object } wanted || stored is not { ValueKind: JsonValueKind.Object } before ? given
            : JsonSerializer.SerializeToElement(
                Restored(JsonNode.Parse(wanted.GetRawText()), JsonNode.Parse(before.GetRawText())), Db.Json.Options);

    private static JsonNode? Masked(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                members[name] = value is not null && Secret().IsMatch(name) ? IPackRepository.Masked : Masked(value?.DeepClone());
            }
        }
        else if (node is JsonArray items)
        {
            return new JsonArray([.. items.Select(item => Masked(item?.DeepClone()))]);
        }

        return node;
    }

    private static JsonNode? Restored(JsonNode? given, JsonNode? stored)
    {
        switch (given)
        {
            case JsonValue value when value.TryGetValue<string>(out var text) && text == IPackRepository.Masked && stored is not null:
                return stored.DeepClone();
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    members[name] = Restored(value?.DeepClone(), (stored as JsonObject)?[name]);
                }

                return members;
            case JsonArray items:
                return new JsonArray([.. items.Select((item, i) =>
                    Restored(item?.DeepClone(), stored is JsonArray before && i < before.Count ? before[i] : null))]);
            default:
                return given;
        }
    }

    [GeneratedRegex(
        "secret|token|passw|passphrase|credential|bearer|(api|access|private|signing|shared|encryption)[-_]?key",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
