using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Attune.Db.Values;

namespace Attune.Db.Http;

/// <summary>Says where a body is not as its record has it, in words for whoever sent it.</summary>
internal static class BodyFaults
{
    /// <summary>The first fault; null when there is none that can be named.</summary>
    /// <param name="value">The body, or a value in it.</param>
    /// <param name="type">What the value should be.</param>
    /// <param name="place">Where the value is; empty for the body itself.</param>
    public static RefusedException? Find(JsonElement value, JsonTypeInfo type, string place) => type.Kind switch
    {
        JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object => InMembers(value, type, place),
        JsonTypeInfoKind.Object => Wrong(value, place, "an object"),
        JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array => InElements(value, type, place),
        JsonTypeInfoKind.Enumerable => Wrong(value, place, "an array"),
        _ => Fits(value, type) ? null : Unfit(value, type.Type, place),
    };

    /// <summary>The fields that a record has of its own, and not only takes back.</summary>
    public static IEnumerable<JsonPropertyInfo> Own(JsonTypeInfo type) =>
        type.Properties.Where(property => property.AttributeProvider is not null);

    /// <summary>The kind of a value, as a message names it.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "text",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static RefusedException? InMembers(JsonElement value, JsonTypeInfo type, string place)
    {
        foreach (var member in value.EnumerateObject())
        {
            var property = type.Properties.FirstOrDefault(property => property.Name == member.Name);
            if (property is null)
            {
                return Unknown(type, JsonPlace.Within(place, Reference.Shown(member.Name)));
            }

            var isLeftOut = member.Value.ValueKind == JsonValueKind.Null && !property.PropertyType.IsValueType;
            if (!isLeftOut
                && Find(member.Value, type.Options.GetTypeInfo(property.PropertyType), JsonPlace.Within(place, member.Name)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static RefusedException? InElements(JsonElement value, JsonTypeInfo type, string place)
    {
        var element = type.Options.GetTypeInfo(type.ElementType!);
        return value.EnumerateArray()
            .Select((one, index) => Find(one, element, JsonPlace.Within(place, index)))
            .FirstOrDefault(fault => fault is not null);
    }

    private static RefusedException Unknown(JsonTypeInfo type, string place)
    {
        var known = string.Join(", ", Own(type).Select(property => property.Name));
        return RefusedException.Invalid(place, known.Length == 0
            ? $"{place} is no field here: this request has none."
            : $"{place} is no field here; there are {known}.");
    }

    private static RefusedException Wrong(JsonElement value, string place, string expected, string? given = null) =>
        RefusedException.Invalid(place, $"{place} must be {expected}, not {given ?? Kind(value)}.");

    // Of the right kind, the value itself is what does not fit.
    private static RefusedException Unfit(JsonElement value, Type type, string place)
    {
        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        var (expected, kind) = wanted switch
        {
            { IsEnum: true } => ($"one of {string.Join(", ", EnumNames.All(wanted))}", JsonValueKind.String),
            _ when wanted == typeof(string) => ("text", JsonValueKind.String),
            _ when wanted == typeof(bool) => ("true or false", JsonValueKind.True),
            _ when wanted == typeof(int) => ($"a whole number from {int.MinValue} to {int.MaxValue}", JsonValueKind.Number),
            _ when wanted == typeof(long) => ("a whole number", JsonValueKind.Number),
            _ when wanted == typeof(DateTimeOffset) => (Instants.Expected, JsonValueKind.String),
            _ => ("of another kind", JsonValueKind.Undefined),
        };
        return Wrong(value, place, expected, value.ValueKind == kind ? $"'{StorableText.Excerpt(value.ToString())}'" : null);
    }

    private static bool Fits(JsonElement value, JsonTypeInfo type)
    {
        try
        {
            value.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
