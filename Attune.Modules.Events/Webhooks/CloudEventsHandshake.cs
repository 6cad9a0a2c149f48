using System.Globalization;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// The abuse protection of CloudEvents' webhooks: a sender asks, by OPTIONS, whether it may send, and how often in a minute.
/// </summary>
internal static class CloudEventsHandshake
{
    private const string RequestOrigin = "WebHook-Request-Origin";
    private const int Longest = 255;
    private const int SecondsOfMinute = 60;

    /// <summary>Null when nothing was asked.</summary>
    /// <exception cref="RefusedException">The origin is none that may send.</exception>
    public static HandshakeAnswer? Answer(HandshakeRequest asked)
    {
        if (asked.Header(RequestOrigin) is not { } origin)
        {
            return null;
        }

        if (!IsOrigin(origin))
        {
            throw new RefusedException(RefusalKind.Malformed, RequestOrigin, $"{RequestOrigin} must be the name of a host.");
        }

        if (asked.Settings?.Origins is { } origins && !origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            throw new RefusedException(RefusalKind.Forbidden, RequestOrigin, "This origin may not send to this webhook.");
        }

        return new()
        {
            Headers =
            [
                ("Allow", "POST"),
                ("WebHook-Allowed-Origin", origin),
                ("WebHook-Allowed-Rate", asked.Rate is { Enabled: true, Requests: { } requests, WindowSeconds: { } seconds }
                    ? Math.Max(1, (long)requests * SecondsOfMinute / seconds).ToString(CultureInfo.InvariantCulture) : "*"),
            ],
        };
    }

    /// <summary>Whether a text can be the name that a sender gives itself.</summary>
    public static bool IsOrigin(string? text) => text?.Length is > 0 and <= Longest
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or ':' or '[' or ']' or '/');
}
