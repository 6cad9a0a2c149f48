namespace Attune.Modules.Events.Timers;

/// <summary>The ticks of one timer that have come due, and what is to become of them.</summary>
internal sealed record DueTicks
{
    /// <summary>The most ticks that are fired at once after an outage.</summary>
    public const int MostAtOnce = 1_000;

    /// <summary>A tick that is later than this was missed: a restart or a busy moment takes less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Those that get an event, in order.</summary>
    public required IReadOnlyList<DateTimeOffset> Fired { get; init; }

    /// <summary>How many get none.</summary>
    public required long LetGo { get; init; }

    /// <summary>The last tick that is done with.</summary>
    public required DateTimeOffset Until { get; init; }

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
            if (missed.Count > MostAtOnce)
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
        return count == 0 || (fired.Count == 0 && next is not null)
            ? null
            : new() { Fired = fired, LetGo = count - fired.Count, Until = onTime.Count > 0 ? onTime[^1] : missed.Last() };
    }
}
