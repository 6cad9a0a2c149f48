using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Db.Http;

/// <summary>
/// What an address says for a parameter, and what it may be read as. Whatever cannot be read is refused by the parameter's name.
/// </summary>
public readonly record struct QueryText(string Name, string Text)
{
    /// <summary>The value of a parameter; null where there is none, or an empty one.</summary>
    /// <exception cref="RefusedException">It has a NUL character, which no stored text has.</exception>
    public static QueryText? Of(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new RefusedException(RefusalKind.Malformed, name, $"{name} must not contain a NUL character.")
            : text.Length == 0 ? null : new(name, text);
    }

    /// <summary>How the parameter of a property is read.</summary>
    internal static Func<QueryText, object> ReaderOf(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => given => given.Text,
            _ when type == typeof(long) => given => given.Number(),
            _ when type == typeof(bool) => given => given.Flag(),
            _ when type == typeof(DateTimeOffset) => given => given.Instant(),
            _ when type == typeof(Cursor) => given => given.Cursor(),
            _ when type == typeof(int) && property.GetCustomAttribute<ClampedAttribute>() is { } bounds =>
                given => given.Clamped(bounds.Least, bounds.Most),
            _ when type == typeof(int) && property.GetCustomAttribute<RangeAttribute>() is { Minimum: int least, Maximum: int most } =>
                given => given.Within(least, most),
            { IsEnum: true } =>
                typeof(QueryText).GetMethod(nameof(OneChoice))!.MakeGenericMethod(type).CreateDelegate<Func<QueryText, object>>(),
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                && type.GenericTypeArguments[0].IsEnum =>
                typeof(QueryText).GetMethod(nameof(Choices))!.MakeGenericMethod(type.GenericTypeArguments).CreateDelegate<Func<QueryText,
                object>>(),
            _ => throw new NotSupportedException($"{property.DeclaringType}.{property.Name} cannot be a parameter of a query."),
        };
    }

    /// <exception cref="RefusedException">It is not a whole number of 64 bits.</exception>
    public long Number() => long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Wrong("a whole number");

    /// <exception cref="RefusedException">It is neither true nor false.</exception>
    public bool Flag() => Text switch
    {
        "false" or "0" => false,
        "true" or "1" => true,
        _ => throw Wrong("true or false"),
    };

    /// <exception cref="RefusedException">It is no instant as RFC 3339 writes them.</exception>
    public DateTimeOffset Instant() => Instants.TryParse(Text) ?? throw Wrong(Instants.Expected);

    /// <summary>One value of an enumeration, spelled in snake case, whether in upper or lower case.</summary>
    /// <exception cref="RefusedException">It is none of the enumeration's values.</exception>
    public T Choice<T>()
        where T : struct, Enum =>
        EnumNames.Find<T>(Text.ToLowerInvariant()) ?? throw Wrong($"one of {string.Join(", ", EnumNames.All<T>())}");

    /// <summary>The same, for whoever knows the enumeration only as a type.</summary>
    /// <exception cref="RefusedException">It is none of the enumeration's values.</exception>
    public static object OneChoice<T>(QueryText given)
        where T : struct, Enum => given.Choice<T>();

    /// <summary>Values of an enumeration, separated by commas.</summary>
    /// <exception cref="RefusedException">One is none of the enumeration's values.</exception>
    public static IReadOnlyList<T> Choices<T>(QueryText given)
        where T : struct, Enum =>
        [
            .. given.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(one => (given with { Text = one }).Choice<T>()),
        ];

    private Cursor Cursor() => Db.Cursor.TryParse(Text)
        ?? throw new RefusedException(RefusalKind.Malformed, Name, $"{Name} is not one that this list gave out.");

    private int Clamped(int least, int most) =>
        BigInteger.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (int)BigInteger.Clamp(number, least, most)
            : throw Wrong("a whole number");

    private int Within(int least, int most) => Number() is var number && number >= least && number <= most
        ? (int)number
        : throw Wrong(most == int.MaxValue ? $"a whole number from {least} on" : $"a whole number from {least} to {most}");

    private RefusedException Wrong(string expected) =>
        new(RefusalKind.Malformed, Name, $"{Name} must be {expected}, not '{StorableText.Excerpt(Text)}'.");
}
