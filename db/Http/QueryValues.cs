using System.Globalization;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Db.Http;

/// <summary>Reads the filters of a list route from the query string. An empty value is as good as none.</summary>
public static class QueryValues
{
    /// <exception cref="RefusedException">The text holds a NUL character, which no stored text has.</exception>
    public static string? Text(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new RefusedException(RefusalKind.Malformed, name, $"{name} must not contain a NUL character.")
            : text.Length == 0 ? null : text;
    }

    /// <exception cref="RefusedException">The value is not a whole number of 64 bits.</exception>
    public static long? Number(HttpRequest request, string name) => Text(request, name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be a whole number, not '{StorableText.Excerpt(text)}'.");

    /// <exception cref="RefusedException">The value is not <c>true</c> or <c>false</c>.</exception>
    public static bool Flag(HttpRequest request, string name) => Text(request, name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        var text => throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be true or false, not '{StorableText.Excerpt(text)}'."),
    };

    /// <summary>An instant as RFC 3339 writes it; without an offset it is UTC.</summary>
    /// <exception cref="RefusedException">The value is not such an instant.</exception>
    public static DateTimeOffset? Instant(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text)
        {
            return null;
        }

        // A plus sign that was not escaped has become a space; one between date and time is as good as a T.
        var given = text.Length > 11 ? text[..11] + text[11..].Replace(' ', '+') : text;
        return given.Length >= 10 && given[4] == '-' && given[7] == '-' && DateTimeOffset.TryParse(
                given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw new RefusedException(RefusalKind.Malformed, name,
                $"{name} must be an RFC 3339 date and time such as 2026-01-31T12:00:00Z, not '{StorableText.Excerpt(text)}'.");
    }

    /// <summary>Values of an enumeration, separated by commas, spelled in snake case; empty when there are none.</summary>
    /// <exception cref="RefusedException">A value is none of the enumeration's.</exception>
    public static IReadOnlyList<T> Choices<T>(HttpRequest request, string name)
        where T : struct, Enum => Text(request, name) is not { } text
            ? []
            : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(one => Choice<T>(one, name))];

    /// <summary>One value of an enumeration, spelled in snake case.</summary>
    /// <exception cref="RefusedException">The text is none of the enumeration's values.</exception>
    public static T Choice<T>(string text, string name)
        where T : struct, Enum =>
        EnumNames.Find<T>(text) ?? throw new RefusedException(
            RefusalKind.Malformed, name, $"{name} must be one of: {string.Join(", ", EnumNames.All<T>())}; not '{StorableText.Excerpt(text)}'.");
}
