using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Attune.Tests.Support;

/// <summary>Time that only passes when a test says so, and that knows how many wait for it: a test lets it pass once they do.</summary>
internal sealed class ManualClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    private readonly ConcurrentDictionary<Alarm, (TimeSpan Delay, bool IsSet)> _waited = [];

    /// <summary>How many delays are being waited for.</summary>
    public int Sleepers => _waited.Values.Count(one => one.IsSet);

    /// <summary>True while a delay of that length is being waited for, and not only another, such as a time-out.</summary>
    public bool HasSleeper(TimeSpan delay) => _waited.Values.Contains((delay, true));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback);
        alarm.Set(base.CreateTimer(alarm.Ring, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return alarm;
    }

    private sealed class Alarm(ManualClock clock, TimerCallback callback) : ITimer
    {
        private ITimer? _timer;

        public void Set(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public void Ring(object? state)
        {
            clock._waited.TryRemove(this, out _);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                clock._waited.TryRemove(this, out _);
                return _timer!.Change(dueTime, period);
            }

            // A test that saw it before it is set would let time pass too soon; and it may have rung as soon as it is.
            clock._waited[this] = (dueTime, false);
            var isChanged = _timer!.Change(dueTime, period);
            clock._waited.TryUpdate(this, (dueTime, true), (dueTime, false));
            return isChanged;
        }

        public void Dispose()
        {
            clock._waited.TryRemove(this, out _);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
