using System.Text.Json;

namespace Attune.Db.Values;

/// <summary>How the values of an enumeration are spelled in the database, on the wire and in addresses: snake case.</summary>
public static class EnumNames
{
    /// <summary>The name of a value, such as <c>canceling</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    /// <summary>All names, in the order of their values.</summary>
    public static IReadOnlyCollection<string> All<T>()
        where T : struct, Enum => Names<T>.ByName.Keys;

    /// <summary>All names of an enumeration that is only known as a type.</summary>
    public static IEnumerable<string> All(Type enumeration) =>
        Enum.GetNames(enumeration).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>The value of a name; null when there is none such.</summary>
    public static T? Find<T>(string name)
        where T : struct, Enum => Names<T>.ByName.TryGetValue(name, out var value) ? value : null;

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly OrderedDictionary<string, T> ByName = new(
            Enum.GetValues<T>().Select(value => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), value)),
            StringComparer.Ordinal);

        public static readonly Dictionary<T, string> ByValue = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
