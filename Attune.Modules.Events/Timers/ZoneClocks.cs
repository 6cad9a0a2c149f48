using System.Collections.Concurrent;

namespace Attune.Modules.Events.Timers;

/// <summary>What the clocks of a time zone show, and when they are put forward or back.</summary>
internal sealed class ZoneClocks
{
    // Nowhere are clocks changed and changed back within this time.
    private static readonly TimeSpan Step = TimeSpan.FromHours(6);

    private static readonly ConcurrentDictionary<string, ZoneClocks> Known = new(StringComparer.Ordinal);

    private readonly TimeZoneInfo _zone;
    private readonly ConcurrentDictionary<int, DateTime[]> _changes = [];

    private ZoneClocks(TimeZoneInfo zone) => _zone = zone;

    public static ZoneClocks Of(TimeZoneInfo zone) => Known.GetOrAdd(zone.Id, static (_, given) => new(given), zone);

    /// <summary>How far the clocks are ahead of UTC.</summary>
    public TimeSpan Offset(DateTime utc) => _zone.GetUtcOffset(utc);

    /// <summary>The first change of the clocks after an instant and no later than another; null when there is none.</summary>
    public DateTime? Change(DateTime after, DateTime until)
    {
        for (var year = after.Year; year <= until.Year; year++)
        {
            foreach (var change in _changes.GetOrAdd(year, ChangesIn))
            {
                if (change > after)
                {
                    return change <= until ? change : null;
                }
            }
        }

        return null;
    }

    // Found by looking: the rules of a zone are told in more ways than one, and some count winter as the exception.
    private DateTime[] ChangesIn(int year)
    {
        var changes = new List<DateTime>();
        var end = new DateTime(year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var at = new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc); at < end; at += Step)
        {
            if (Offset(at) != Offset(at + Step))
            {
                changes.Add(ChangeWithin(at, at + Step));
            }
        }

        return [.. changes];
    }

    private DateTime ChangeWithin(DateTime before, DateTime after)
    {
        var offset = Offset(before);
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + TimeSpan.FromSeconds((long)(after - before).TotalSeconds / 2);
            (before, after) = Offset(middle) == offset ? (middle, after) : (before, middle);
        }

        return after;
    }
}
