namespace Attune.Db.Histograms;

/// <summary>
/// A range divided into whole hours of UTC, which are counted already, and what is left of it: its ends, and the hours in which a bucket
/// begins, as those of a zone that is half an hour off.
/// </summary>
/// <param name="Hours">From the first whole hour to the end of the last.</param>
/// <param name="LeftOut">The hours between those that are not taken whole.</param>
/// <param name="Rest">The ranges whose rows have to be counted instead.</param>
internal sealed record HourParts(TimeRange Hours, IReadOnlyList<DateTimeOffset> LeftOut, IReadOnlyList<TimeRange> Rest)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Below that the rows are as quick.
    private static readonly TimeSpan Least = TimeSpan.FromHours(6);

    /// <summary>The parts; null where counting hours is not worth it.</summary>
    public static HourParts? Of(TimeRange range, IReadOnlyList<DateTimeOffset> edges)
    {
        var first = Floor(range.Since) == range.Since ? range.Since : Floor(range.Since) + Hour;
        var end = Floor(range.Until);
        if (end - first < Least)
        {
            return null;
        }

        var divided = edges.Where(edge => edge > first && edge < end && Floor(edge) != edge).Select(Floor).Distinct().ToList();
        if (divided.Count > (end - first) / Hour / 4)
        {
            return null;
        }

        List<TimeRange> rest =
        [
            new(range.Since, first), .. divided.Select(hour => new TimeRange(hour, hour + Hour)), new(end, range.Until),
        ];
        return new(new(first, end), divided, [.. rest.Where(part => part.Since < part.Until)]);
    }

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Hour.Ticks), TimeSpan.Zero);
}
