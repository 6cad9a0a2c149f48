using Attune.Db.Values;

namespace Attune.Db.Histograms;

/// <summary>The zone that an address names.</summary>
public static class HistogramZone
{
    /// <summary>The zone of an IANA name; UTC where none is given.</summary>
    /// <exception cref="RefusedException">There is no such zone.</exception>
    public static TimeZoneInfo Find(string? name) =>
        name is null ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new RefusedException(
            RefusalKind.Malformed, "zone", $"zone must be a name of the IANA database, such as Europe/Berlin, not '{StorableText.Excerpt(name)}'.");
}
