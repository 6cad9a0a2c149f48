using System.Globalization;

namespace Attune.Web.Lists;

/// <summary>Spans of time in words, in a zone.</summary>
public static class BucketWords
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>An instant to the minute, or to the second where it is not at a whole one.</summary>
    public static string Instant(DateTimeOffset at, TimeZoneInfo zone)
    {
        var there = TimeZoneInfo.ConvertTime(at, zone);
        return $"{Day(there)} {Time(there)}";
    }

    /// <summary>From one instant to another: <c>14:00–14:15</c>, <c>27 Nov 14:00–15:00</c>, <c>27 Nov</c>, <c>23 Nov – 29 Nov</c>.</summary>
    /// <param name="since">The beginning.</param>
    /// <param name="until">The end, not within it.</param>
    /// <param name="zone">Whose clock.</param>
    /// <param name="withDay">Whether times of a day are said with it.</param>
    public static string Span(DateTimeOffset since, DateTimeOffset until, TimeZoneInfo zone, bool withDay)
    {
        var from = TimeZoneInfo.ConvertTime(since, zone);
        var to = TimeZoneInfo.ConvertTime(until, zone);
        var changed = from.Offset == to.Offset ? "" : from.Offset > to.Offset ? ", the clock was put back" : ", the clock was put forward";
        if (from.TimeOfDay == TimeSpan.Zero && to.TimeOfDay == TimeSpan.Zero && to.Date > from.Date)
        {
            var last = to.Date.AddDays(-1);
            var hours = changed.Length == 0 || last != from.Date ? "" : string.Create(CultureInfo.InvariantCulture, $", {(until - since).TotalHours:0.#} h");
            return (last == from.Date ? Day(from) : $"{Day(from)} – {Day(new DateTimeOffset(last, TimeSpan.Zero))}") + hours + changed;
        }

        var end = from.Date == to.Date || (to.TimeOfDay == TimeSpan.Zero && to.Date == from.Date.AddDays(1)) ? Time(to) : $"{Day(to)} {Time(to)}";
        var between = end.Length > 8 ? " – " : "–";
        return $"{(withDay || end.Length > 8 ? $"{Day(from)} " : "")}{Time(from)}{between}{end}{changed}";
    }

    /// <summary>What stands below the beginning of a bucket: its day at midnight, else its time.</summary>
    public static string Beginning(DateTimeOffset since, DateTimeOffset until, TimeZoneInfo zone)
    {
        var from = TimeZoneInfo.ConvertTime(since, zone);
        return from.TimeOfDay == TimeSpan.Zero || until - since > TimeSpan.FromHours(20) ? Day(from) : Time(from);
    }

    private static string Day(DateTimeOffset at) => at.ToString("d MMM", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) =>
        at.ToString(at.TimeOfDay.Ticks % Minute.Ticks == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
}
