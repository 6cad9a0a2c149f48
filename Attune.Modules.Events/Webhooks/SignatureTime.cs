using System.Globalization;

namespace Attune.Modules.Events.Webhooks;

/// <summary>When a request was signed, as its sender writes it: seconds or milliseconds since 1970, or RFC 3339.</summary>
internal static class SignatureTime
{
    // As seconds it would lie 3,000 years ahead; as milliseconds, in 1973.
    private const long LeastMilliseconds = 100_000_000_000;
    private const long MostMilliseconds = 250_000_000_000_000;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Null for what is no time.</summary>
    public static DateTimeOffset? Read(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number switch
            {
                < LeastMilliseconds => DateTimeOffset.FromUnixTimeSeconds(number),
                < MostMilliseconds => DateTimeOffset.FromUnixTimeMilliseconds(number),
                _ => null,
            };
        }

        // Some write nanoseconds: what goes past a tick is cut off.
        return DateTimeOffset.TryParseExact(
            Shortened(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    /// <summary>Whether a time is as near to now, before or after, as is allowed.</summary>
    public static bool IsNear(DateTimeOffset time, DateTimeOffset now, TimeSpan tolerance) => (now - time).Duration() <= tolerance;

    private static string Shortened(string text)
    {
        const int digits = 7;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return text;
        }

        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - point - 1 <= digits ? text : text[..(point + 1 + digits)] + text[end..];
    }
}
