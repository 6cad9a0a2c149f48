using System.Runtime.InteropServices;
using System.Text.Json;

namespace Attune.Db.Values;

/// <summary>How two JSON values compare. Types are never turned into one another: 3, "3" and true are three values.</summary>
public static class JsonValues
{
    private const int MostOfSmall = 16;

    /// <summary>JSON null says nothing in most fields, like a value that was left out.</summary>
    public static JsonElement? Given(JsonElement? value) =>
        value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } ? value : null;

    /// <summary>Equal in depth: numbers by value, objects whatever the order of their keys, strings by their characters.</summary>
    public static bool AreEqual(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        return left.ValueKind switch
        {
            JsonValueKind.Number => JsonNumber.Compare(left, right) == 0,
            JsonValueKind.String => AreEqualTexts(left, right),
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray(), AreEqual).All(equal => equal),
            JsonValueKind.Object => AreEqualObjects(left, right),
            _ => true,
        };
    }

    /// <summary>Which of two comes first; null where they have no order: only two numbers or two strings have.</summary>
    public static int? Order(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => JsonNumber.Compare(left, right),
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
        _ => null,
    };

    // Nearly all texts are spelled without escapes, and are then equal where their bytes are.
    private static bool AreEqualTexts(JsonElement left, JsonElement right)
    {
        var one = JsonMarshal.GetRawUtf8Value(left);
        var other = JsonMarshal.GetRawUtf8Value(right);
        return one.Contains((byte)'\\') || other.Contains((byte)'\\') ? left.ValueEquals(right.GetString()) : one.SequenceEqual(other);
    }

    // Lists of small objects are compared by the million: without a word of garbage. Null where it takes more than that.
    private static bool? AreEqualSmall(JsonElement left, JsonElement right)
    {
        if (left.GetPropertyCount() > MostOfSmall || right.GetPropertyCount() > MostOfSmall)
        {
            return null;
        }

        foreach (var member in left.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (name.Contains((byte)'\\'))
            {
                return null;
            }

            // Of a key that is there twice, either answers with the last.
            if (!right.TryGetProperty(name, out var other) || !AreEqual(left.GetProperty(name), other))
            {
                return false;
            }
        }

        foreach (var member in right.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (name.Contains((byte)'\\'))
            {
                return null;
            }

            if (!left.TryGetProperty(name, out _))
            {
                return false;
            }
        }

        return true;
    }

    // A key of the longer one that the shorter one lacks ends it, so that a list of short ones is soon compared with a long one.
    private static bool AreEqualObjects(JsonElement left, JsonElement right)
    {
        if (AreEqualSmall(left, right) is { } known)
        {
            return known;
        }

        var (shorter, longer) = left.GetPropertyCount() <= right.GetPropertyCount() ? (left, right) : (right, left);
        var ones = Members(shorter);
        foreach (var member in longer.EnumerateObject())
        {
            if (!ones.ContainsKey(member.Name))
            {
                return false;
            }
        }

        var others = Members(longer);
        return ones.Count == others.Count && ones.All(one => AreEqual(one.Value, others[one.Key]));
    }

    // Of a key that is there twice, the last one counts, as it does in jsonb.
    private static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }
}
