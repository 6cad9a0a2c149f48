namespace Attune.Db.Histograms;

/// <summary>
/// Cuts a range of time into buckets that people have names for: quarters of hours, hours, days of 23 to 25 hours, weeks from Monday. They
/// are cut in a zone, and given as instants.
/// </summary>
public static class HistogramEdges
{
    /// <summary>The most buckets that a histogram can be asked for.</summary>
    public const int Most = 200;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // An empty range is shown as it is asked for, but no further back than this.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    // How far a clock may be ahead of the one that writes the rows.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Steps =
    [
        .. ((int[])[1, 2, 5, 10, 15, 30]).Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. ((int[])[1, 2, 5, 10, 15, 30]).Select(minutes => TimeSpan.FromMinutes(minutes)),
        .. ((int[])[1, 2, 3, 6, 12]).Select(hours => TimeSpan.FromHours(hours)),
        .. ((int[])[1, 2, 3, 7, 14, 28, 56]).Select(days => TimeSpan.FromDays(days)),
    ];

    /// <summary>The buckets of a list: from its lower bound, or the oldest row, to its upper bound, or now.</summary>
    /// <param name="since">The list's lower bound, if it has one.</param>
    /// <param name="until">The list's upper bound, not within it.</param>
    /// <param name="now">About now; where the list has no upper bound, or a later one, the last bucket is the one in which this lies.</param>
    /// <param name="oldest">When the oldest row was created; null where there is none.</param>
    /// <param name="most">The most buckets.</param>
    /// <param name="zone">Where hours and days are those of the clock on the wall.</param>
    public static IReadOnlyList<DateTimeOffset> OfList(
        DateTimeOffset? since, DateTimeOffset? until, DateTimeOffset now, DateTimeOffset? oldest, int most, TimeZoneInfo zone)
    {
        var first = oldest ?? now - Day;
        var floor = first < now - Longest ? first : now - Longest;
        var from = since is null ? first : since > floor ? since.Value : floor;
        var present = now + ClockDifference;
        return until <= present ? Cut(from, until.Value, endsWithin: true, most, zone) : Cut(from, present, endsWithin: false, most, zone);
    }

    /// <summary>Cuts a range; empty where it is.</summary>
    /// <param name="since">Where the first bucket begins.</param>
    /// <param name="until">Where the last one ends.</param>
    /// <param name="endsWithin">Whether the last bucket is cut off there, instead of being as long as the others.</param>
    /// <param name="most">The most buckets, from 4 on.</param>
    /// <param name="zone">Where hours and days are those of the clock on the wall.</param>
    public static IReadOnlyList<DateTimeOffset> Cut(DateTimeOffset since, DateTimeOffset until, bool endsWithin, int most, TimeZoneInfo zone)
    {
        (since, until) = (since.ToUniversalTime(), until.ToUniversalTime());
        if (since >= until)
        {
            return [];
        }

        var step = Step(until - since, most);
        var edges = new List<DateTimeOffset> { since };
        var next = Next(since, step, zone);
        for (; next < until; next = Next(next, step, zone))
        {
            edges.Add(next);
        }

        edges.Add(endsWithin ? until : next);
        return edges;
    }

    // Two of the buckets may be cut off, at the ends of the range.
    private static TimeSpan Step(TimeSpan span, int most)
    {
        var whole = Math.Max(2, most - 2);
        return Steps.FirstOrDefault(step => span <= step * whole) is { Ticks: > 0 } step
            ? step
            : TimeSpan.FromDays(Math.Ceiling(span.TotalDays / whole / 7) * 7);
    }

    private static DateTimeOffset Next(DateTimeOffset at, TimeSpan step, TimeZoneInfo zone)
    {
        // An hour that comes twice is two buckets, and the offset of a zone may be of any number of minutes.
        if (step <= Hour)
        {
            var offset = zone.GetUtcOffset(at).Ticks;
            return new((((at.UtcTicks + offset) / step.Ticks) + 1) * step.Ticks - offset, TimeSpan.Zero);
        }

        var wall = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var start = step < Day ? wall.Date : new DateTime(wall.Date.Ticks - (wall.Date.Ticks % step.Ticks));
        while (true)
        {
            start += step;
            if (At(start, zone) is var next && start > wall && next > at)
            {
                return next;
            }
        }
    }

    // Of an hour that comes twice the first one; of one that is left out, when it would have begun.
    private static DateTimeOffset At(DateTime wall, TimeZoneInfo zone)
    {
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }
}
