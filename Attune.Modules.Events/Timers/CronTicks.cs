using Cronos;

namespace Attune.Modules.Events.Timers;

/// <summary>
/// The ticks of a cron expression by the clocks of a zone. The library is only asked what clocks show: of some zones, such as
/// Europe/Dublin, it answers the same instant for ever on the day when their clocks are changed.
/// </summary>
internal sealed class CronTicks(CronExpression expression, bool isRepeating, ZoneClocks clocks)
{
    // The most that clocks have ever been changed by.
    private static readonly TimeSpan LargestChange = TimeSpan.FromDays(1);

    private static readonly char[] Several = ['*', '?', '-', '/'];

    /// <param name="text">Five fields, six with seconds first, or a macro.</param>
    /// <param name="clocks">Those of the zone that the expression is meant for.</param>
    /// <returns>Null when the text is no expression.</returns>
    public static CronTicks? Of(string text, ZoneClocks clocks)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var format = fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        if (!CronExpression.TryParse(text, format, out var expression))
        {
            return null;
        }

        // Of every so many hours, minutes or seconds, and not of times of the day.
        var isRepeating = fields is [['@', .. var macro]]
            ? macro.ToUpperInvariant() is "HOURLY" or "EVERY_MINUTE" or "EVERY_SECOND"
            : fields.SkipLast(3).Any(field => field.IndexOfAny(Several) >= 0);
        return new(expression, isRepeating, clocks);
    }

    /// <summary>The first tick after an instant; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var (from, isIncluded) = (after.UtcDateTime, false);
        while (true)
        {
            // In the library's eyes a wall of UTC.
            var offset = clocks.Offset(from);
            if (expression.GetNextOccurrence(from + offset, isIncluded) is not { } wall)
            {
                return null;
            }

            var tick = wall - offset;
            if (clocks.Change(from, tick) is { } change)
            {
                var ahead = clocks.Offset(change);
                if (ahead > offset && wall < change + ahead)
                {
                    // The clocks leave it out, so it is due as soon as they have.
                    return change;
                }

                (from, isIncluded) = (change, true);
            }
            else if (!isRepeating && Again(tick, offset) is { } past)
            {
                (from, isIncluded) = (past, true);
            }
            else
            {
                return tick;
            }
        }
    }

    /// <returns>When the clocks stop showing what they have shown before; null when they show it for the first time.</returns>
    private DateTime? Again(DateTime tick, TimeSpan offset)
    {
        if (clocks.Change(tick - LargestChange, tick) is not { } change)
        {
            return null;
        }

        var past = change + (clocks.Offset(change.AddTicks(-1)) - offset);
        return tick < past ? past : null;
    }
}
