namespace Attune.Modules.Events.Timers;

/// <summary>The ticks of one timer that have come due, and what is to become of them.</summary>
internal sealed record DueTicks
{
    /// <summary>The most ticks that are fired after an outage.</summary>
    public const int MostMissed = 1_000;

    // Of those, as many at a time: other timers tick between, and the ticks of thousands of timers need not be held at once.
    private const int MostAtATime = 20;

    /// <summary>A tick that is later than this was missed: a restart or a busy moment takes less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Those that get an event, in order.</summary>
    public required IReadOnlyList<DateTimeOffset> Fired { get; init; }

    /// <summary>How many get none.</summary>
    public required long LetGo { get; init; }

    /// <summary>The last tick that is done with.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>True when others are due as soon as these are done with.</summary>
    public bool HasMore { get; init; }

    /// <returns>Null when nothing is to be done now.</returns>
    public static DueTicks? Of(TimerSchedule schedule, DateTimeOffset position, DateTimeOffset now)
    {
        // The clock was ahead, and was put right: ticks that were fired then have their keys, and the others come when they should.
        position = position > now + Patience ? now - Patience : position;
        var missed = new Queue<DateTimeOffset>();
        var onTime = new List<DateTimeOffset>();
        var count = 0L;
        var next = schedule.Next(position);
        for (; next is { } tick && tick <= now; next = schedule.Next(tick))
        {
            count++;
            if (now - tick <= Patience)
            {
                onTime.Add(tick);
                continue;
            }

            missed.Enqueue(tick);
            if (missed.Count > MostMissed)
            {
                missed.Dequeue();
            }
        }

        IReadOnlyList<DateTimeOffset> fired = schedule.Missed switch
        {
            MissedTicks.All => [.. missed, .. onTime],
            MissedTicks.Latest when onTime.Count == 0 && missed.Count > 0 => [missed.Last()],
            _ => onTime,
        };

        // Those that are let go are counted by the next event, so they wait for it, if there will be one.
        if (count == 0 || (fired.Count == 0 && next is not null))
        {
            return null;
        }

        // Only where none is let go for being late: the others may be by the time when it is their turn.
        var hasMore = schedule.Missed == MissedTicks.All && fired.Count > MostAtATime;
        return hasMore
            ? new() { Fired = [.. fired.Take(MostAtATime)], LetGo = count - fired.Count, Until = fired[MostAtATime - 1], HasMore = true }
            : new() { Fired = fired, LetGo = count - fired.Count, Until = onTime.Count > 0 ? onTime[^1] : missed.Last() };
    }
}
