using Microsoft.Extensions.Time.Testing;

namespace Attune.Tests.Support;

/// <summary>Time that only passes when a test says so, and that knows how many wait for it: a test lets it pass once they do.</summary>
internal sealed class ManualClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    private int _sleepers;

    /// <summary>How many delays are being waited for.</summary>
    public int Sleepers => Volatile.Read(ref _sleepers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback);
        alarm.Set(base.CreateTimer(alarm.Ring, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return alarm;
    }

    private sealed class Alarm(ManualClock clock, TimerCallback callback) : ITimer
    {
        private ITimer? _timer;
        private int _isSet;

        public void Set(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public void Ring(object? state)
        {
            Mark(false);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Mark(dueTime != Timeout.InfiniteTimeSpan);
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            Mark(false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Mark(bool isSet)
        {
            if (Interlocked.Exchange(ref _isSet, isSet ? 1 : 0) != (isSet ? 1 : 0))
            {
                Interlocked.Add(ref clock._sleepers, isSet ? 1 : -1);
            }
        }
    }
}
