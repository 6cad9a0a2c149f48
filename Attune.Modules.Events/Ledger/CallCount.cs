namespace Attune.Modules.Events.Ledger;

/// <summary>Counts the calls that are under way, so that closing can wait for them.</summary>
internal sealed class CallCount
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _calls;
    private bool _isClosed;

    /// <summary>Counts one more; false when no more are taken.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _calls += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_calls == 0 && _isClosed)
            {
                _empty.TrySetResult();
            }
        }
    }

    /// <summary>Takes no more, and waits for those that are under way, for a while.</summary>
    public async Task CloseAsync(TimeSpan patience, TimeProvider clock)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_calls == 0)
            {
                _empty.TrySetResult();
            }
        }

        await Task.WhenAny(_empty.Task, Task.Delay(patience, clock));
    }
}
