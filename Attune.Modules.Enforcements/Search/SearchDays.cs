using Attune.Db;

namespace Attune.Modules.Enforcements.Search;

internal static class SearchDays
{
    /// <summary>The days of a range, newest first; a day in UTC is a chunk of the table. Together they are exactly the range.</summary>
    /// <param name="range">The range.</param>
    /// <param name="newest">About when its newest row was made: what comes after is of the first day.</param>
    public static IEnumerable<TimeRange> Of(TimeRange range, DateTimeOffset newest)
    {
        var end = range.Until;
        var from = newest < end ? newest : end;
        while (end > range.Since)
        {
            var midnight = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero);
            var start = midnight > range.Since ? midnight : range.Since;
            if (start < end)
            {
                yield return new(start, end);
            }

            (end, from) = (start, start.AddTicks(-1));
        }
    }
}
