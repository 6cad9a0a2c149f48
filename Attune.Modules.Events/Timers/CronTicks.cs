namespace Attune.Modules.Events.Timers;

/// <summary>
/// The ticks of a cron expression by the clocks of a zone. The library is only asked what clocks show: of some zones, such as
/// Europe/Dublin, it answers the same instant for ever on the day when their clocks are changed.
/// </summary>
internal sealed class CronTicks(CronText text, ZoneClocks clocks)
{
    // The most that clocks have ever been changed by.
    private static readonly TimeSpan LargestChange = TimeSpan.FromDays(1);

    /// <summary>The first tick after an instant; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var (from, isIncluded) = (after.UtcDateTime, false);
        while (true)
        {
            // In the library's eyes a wall of UTC.
            var offset = clocks.Offset(from);
            if (Shown(from + offset, isIncluded) is not { } wall)
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
            else if (!text.IsRepeating && Again(tick, offset) is { } past)
            {
                (from, isIncluded) = (past, true);
            }
            else
            {
                return tick;
            }
        }
    }

    private DateTime? Shown(DateTime from, bool isIncluded)
    {
        DateTime? first = null;
        foreach (var expression in text.Expressions)
        {
            var next = expression.GetNextOccurrence(from, isIncluded);
            first = next < first || first is null ? next : first;
        }

        return first;
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
