using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Where two JSON values differ, as deep down as they still have the same shape.</summary>
internal static class JsonDifference
{
    /// <param name="place">What the values are called, such as <c>conditions</c>.</param>
    /// <param name="from">The earlier value; null when there was none.</param>
    /// <param name="to">The later value; null when there is none.</param>
    public static IEnumerable<FieldChange> Of(string place, JsonElement? from, JsonElement? to)
    {
        switch (from, to)
        {
            case (null, null):
                return [];
            case (null, { } added):
                return [new(place, ChangeKind.Added, null, added)];
            case ({ } removed, null):
                return [new(place, ChangeKind.Removed, removed, null)];
            case ({ ValueKind: JsonValueKind.Object } left, { ValueKind: JsonValueKind.Object } right):
                return OfObjects(place, left, right);
            case ({ ValueKind: JsonValueKind.Array } left, { ValueKind: JsonValueKind.Array } right):
                return OfArrays(place, [.. left.EnumerateArray()], [.. right.EnumerateArray()]);
            case ({ } left, { } right):
                return JsonValues.AreEqual(left, right) ? [] : [new(place, ChangeKind.Changed, left, right)];
        }
    }

    private static IEnumerable<FieldChange> OfObjects(string place, JsonElement from, JsonElement to)
    {
        var (before, after) = (Members(from), Members(to));
        return before.Keys
            .Concat(after.Keys.Where(name => !before.ContainsKey(name)))
            .SelectMany(name => Of($"{place}.{name}", Member(before, name), Member(after, name)));
    }

    // What is equal at both ends stays out of it: one item put in or taken out is one change, and does not shift all the others.
    private static IEnumerable<FieldChange> OfArrays(string place, JsonElement[] from, JsonElement[] to)
    {
        var shorter = Math.Min(from.Length, to.Length);
        var start = 0;
        while (start < shorter && JsonValues.AreEqual(from[start], to[start]))
        {
            start++;
        }

        var end = 0;
        while (end < shorter - start && JsonValues.AreEqual(from[^(end + 1)], to[^(end + 1)]))
        {
            end++;
        }

        for (var index = start; index < Math.Max(from.Length, to.Length) - end; index++)
        {
            foreach (var change in Of($"{place}[{index}]", Item(from, index, end), Item(to, index, end)))
            {
                yield return change;
            }
        }
    }

    // Looked up one by one, the members of a large object would be gone through as often as there are.
    private static OrderedDictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }

    private static JsonElement? Member(OrderedDictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var member) ? member : null;

    private static JsonElement? Item(JsonElement[] items, int index, int end) => index < items.Length - end ? items[index] : null;
}
