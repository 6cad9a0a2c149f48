namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Counts requests in windows that begin with the first request and end on time. The framework's limiter looks at its clock ten
/// times a second, and says of every refusal to come back a whole window later.
/// </summary>
internal sealed class RateWindows(TimeProvider clock)
{
    // How many windows are kept before those that have ended are looked for.
    private const int SweepAt = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<RateKey, Window> _windows = [];
    private int _sweepAt = SweepAt;

    /// <summary>Counts a request.</summary>
    /// <returns>Null when it may come in; or else how long its window lasts yet.</returns>
    public TimeSpan? Count(RateKey key)
    {
        lock (_gate)
        {
            // No clock on the wall: that may be put back.
            var now = clock.GetTimestamp();
            if (!_windows.TryGetValue(key, out var window) || Left(key, window, now) <= TimeSpan.Zero)
            {
                Sweep(now);
                _windows[key] = new(now, 1);
                return null;
            }

            if (window.Requests == key.Requests)
            {
                return Left(key, window, now);
            }

            _windows[key] = window with { Requests = window.Requests + 1 };
            return null;
        }
    }

    private void Sweep(long now)
    {
        if (_windows.Count < _sweepAt)
        {
            return;
        }

        foreach (var (key, window) in _windows)
        {
            if (Left(key, window, now) <= TimeSpan.Zero)
            {
                _windows.Remove(key);
            }
        }

        _sweepAt = Math.Max(SweepAt, 2 * _windows.Count);
    }

    private TimeSpan Left(RateKey key, Window window, long now) =>
        TimeSpan.FromSeconds(key.WindowSeconds) - clock.GetElapsedTime(window.Began, now);

    private readonly record struct Window(long Began, int Requests);
}

/// <summary>What is counted together: a limit that was changed, or another key, begins anew.</summary>
internal readonly record struct RateKey(
    long TriggerId, string Key, int Requests, int WindowSeconds, Counted Counted = Counted.Taken);

/// <summary>What a request came to: each has windows of its own.</summary>
internal enum Counted
{
    /// <summary>A delivery whose sender may post.</summary>
    Taken,

    /// <summary>A request that was not proved.</summary>
    Refused,

    /// <summary>A sender's question, which is no delivery.</summary>
    Handshake,
}
