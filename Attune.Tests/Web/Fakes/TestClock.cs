namespace Attune.Tests.Web.Fakes;

/// <summary>A clock that shows what a test sets. What waits on it waits for real; only ticks of a minute or more come when a test says so.</summary>
public sealed class TestClock : TimeProvider
{
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(1);

    private readonly List<System.Action> _slow = [];

    public DateTimeOffset Now { get; set; } = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period < Slow)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        _slow.Add(() => callback(state));
        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets every slow timer tick.</summary>
    public void Tick() => _slow.ForEach(tick => tick());
}
