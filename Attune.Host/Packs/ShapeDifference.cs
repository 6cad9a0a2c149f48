using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Db.Values;

namespace Attune.Host.Packs;

/// <summary>How two shapes of a thing differ, a line a field. What may be a secret by its name is not shown.</summary>
internal static class ShapeDifference
{
    private const int LongestValue = 200;

    /// <param name="before">As it was; null for nothing.</param>
    /// <param name="after">As it is; null for nothing.</param>
    public static IReadOnlyList<string> Of(JsonObject? before, JsonObject? after) => [.. Lines(
        before is null ? null : JsonSerializer.SerializeToElement(before),
        after is null ? null : JsonSerializer.SerializeToElement(after),
        "")];

    private static IEnumerable<string> Lines(JsonElement? before, JsonElement? after, string place)
    {
        if (before is { } left && after is { } right && JsonValues.AreEqual(left, right))
        {
            return [];
        }

        var kind = Shared(before, after);
        return kind switch
        {
            JsonValueKind.Object => Names(before).Union(Names(after))
                .SelectMany(name => Lines(Member(before, name), Member(after, name), JsonPlace.Within(place, name))),
            JsonValueKind.Array => Enumerable.Range(0, Math.Max(Length(before), Length(after)))
                .SelectMany(index => Lines(Item(before, index), Item(after, index), JsonPlace.Within(place, index))),
            _ => [(before, after) switch
            {
                (null, { } now) => $"+ {place}: {Shown(now, place)}",
                ({ } then, null) => $"- {place}: {Shown(then, place)}",
                ({ } then, { } now) => $"~ {place}: {Shown(then, place)} → {Shown(now, place)}",
                _ => place,
            }],
        };
    }

    // Objects and arrays are gone into, unless there is nothing in either.
    private static JsonValueKind Shared(JsonElement? before, JsonElement? after)
    {
        var kinds = new[] { before, after }.OfType<JsonElement>().Select(value => value.ValueKind).Distinct().ToList();
        return kinds is [JsonValueKind.Object] && Names(before).Concat(Names(after)).Any() ? JsonValueKind.Object
            : kinds is [JsonValueKind.Array] && Length(before) + Length(after) > 0 ? JsonValueKind.Array
            : JsonValueKind.Undefined;
    }

    private static string Shown(JsonElement value, string place)
    {
        if (place.Split('.', '[', ']').Any(SecretNames.IsSecret) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            return "(not shown)";
        }

        var text = new StringBuilder();
        CompactJson.Append(text, value);
        return text.Length <= LongestValue ? text.ToString() : text.ToString(0, LongestValue) + "…";
    }

    private static IEnumerable<string> Names(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject().Select(member => member.Name) : [];

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { } given && given.TryGetProperty(name, out var member) ? member : null;

    private static int Length(JsonElement? value) => value is { ValueKind: JsonValueKind.Array } given ? given.GetArrayLength() : 0;

    private static JsonElement? Item(JsonElement? value, int index) => index < Length(value) ? value!.Value[index] : null;
}
