using System.Globalization;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>A dotted path into a JSON value: keys of objects, and whole numbers as places in arrays. Empty is the value itself.</summary>
internal sealed class JsonPath
{
    public const int LongestText = 1000;

    private readonly Segment[] _segments;

    private JsonPath(Segment[] segments) => _segments = segments;

    /// <summary>Whether it is the value itself.</summary>
    public bool IsWhole => _segments.Length == 0;

    /// <summary>The path of a dotted text; null when one of its parts is empty.</summary>
    public static JsonPath? TryParse(string text)
    {
        if (text.Length == 0)
        {
            return new([]);
        }

        var parts = text.Split('.');
        return parts.Contains("")
            ? null
            : new([.. parts.Select(part => new Segment(
                part, int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null))]);
    }

    /// <summary>What is at the path; null when nothing is. A JSON null is something.</summary>
    public JsonElement? Find(JsonElement? root)
    {
        if (root is not { } at || at.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        foreach (var segment in _segments)
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(segment.Key, out var value))
            {
                at = value;
            }
            else if (at.ValueKind == JsonValueKind.Array && segment.Index is { } index && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at;
    }

    public override string ToString() => string.Join('.', _segments.Select(segment => segment.Key));

    private readonly record struct Segment(string Key, int? Index);
}
