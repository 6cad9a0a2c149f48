namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>Reads content types as leniently as they are written: the framework reads nothing of one with a fault.</summary>
internal static class ContentType
{
    /// <summary>The type in lower case, empty where there is none, and its charset.</summary>
    public static (string Media, string? Charset) Parse(string? value)
    {
        var parts = (value ?? "").Split(';', StringSplitOptions.TrimEntries);
        var charset = parts.Skip(1).Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Equals("charset", StringComparison.OrdinalIgnoreCase))?[1]
            .Trim('"', '\'', ' ');
        return (parts[0].ToLowerInvariant(), charset is { Length: > 0 } ? charset : null);
    }

    /// <summary>Whether bodies of a type are JSON: <c>application/json</c>, and what ends in <c>+json</c>.</summary>
    public static bool IsJson(string media) => media.EndsWith("/json", StringComparison.Ordinal)
        || media.EndsWith("+json", StringComparison.Ordinal) || media is "application/x-json" or "text/x-json";
}
