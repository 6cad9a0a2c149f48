using System.Globalization;

namespace Attune.Db.Values;

/// <summary>Instants as they are written in addresses and bodies: RFC 3339, and in UTC where no offset is given.</summary>
public static class Instants
{
    /// <summary>What an instant must be, for a message.</summary>
    public const string Expected = "an RFC 3339 date and time such as 2026-01-31T12:00:00Z";

    /// <summary>The instant that a text names; null when it names none.</summary>
    public static DateTimeOffset? TryParse(string text)
    {
        // A plus sign that was not escaped in an address has become a space; one between date and time is as good as a T.
        var given = text.Length > 11 ? text[..11] + text[11..].Replace(' ', '+') : text;
        return given.Length >= 10 && given[4] == '-' && given[7] == '-' && DateTimeOffset.TryParse(
                given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
    }
}
