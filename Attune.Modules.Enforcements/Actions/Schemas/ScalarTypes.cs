namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>What the types of single values are in JSON.</summary>
internal static class ScalarTypes
{
    private static readonly Dictionary<Type, (string Name, string? Format)> Known = new()
    {
        [typeof(bool)] = ("boolean", null),
        [typeof(byte)] = ("integer", null),
        [typeof(sbyte)] = ("integer", null),
        [typeof(short)] = ("integer", null),
        [typeof(ushort)] = ("integer", null),
        [typeof(int)] = ("integer", null),
        [typeof(uint)] = ("integer", null),
        [typeof(long)] = ("integer", null),
        [typeof(ulong)] = ("integer", null),
        [typeof(float)] = ("number", null),
        [typeof(double)] = ("number", null),
        [typeof(decimal)] = ("number", null),
        [typeof(string)] = ("string", null),
        [typeof(char)] = ("string", null),
        [typeof(byte[])] = ("string", "byte"),
        [typeof(DateTime)] = ("string", "date-time"),
        [typeof(DateTimeOffset)] = ("string", "date-time"),
        [typeof(DateOnly)] = ("string", "date"),
        [typeof(TimeOnly)] = ("string", "time"),
        [typeof(TimeSpan)] = ("string", null),
        [typeof(Guid)] = ("string", "uuid"),
        [typeof(Uri)] = ("string", "uri"),
    };

    /// <summary>The name that a schema has for a type, and the format of its texts; <c>any</c> for what is not known.</summary>
    public static (string Name, string? Format) Of(Type type) =>
        Known.TryGetValue(type, out var known) ? known : type.IsEnum ? ("string", null) : ("any", null);
}
