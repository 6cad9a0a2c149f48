using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>A claim that waits for work, from its entering until it is disposed.</summary>
internal sealed class WaitingClaim(WaitingClaims all, long worker, string[] actions, int size) : IDisposable
{
    private readonly TaskCompletionSource<IReadOnlyList<ClaimedExecution>> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _isServed;
    private bool _isOver;

    public long Worker => worker;

    public string[] Actions => actions;

    public int Size => size;

    /// <summary>Waits until something was leased to the worker; empty when nothing was by then.</summary>
    public async Task<IReadOnlyList<ClaimedExecution>> WaitAsync(CancellationToken enough, CancellationToken gone)
    {
        all.Begin(this);
        using var ended = enough.UnsafeRegister(static claim => ((WaitingClaim)claim!).End(), this);
        using var left = gone.UnsafeRegister(static claim => ((WaitingClaim)claim!).End(), this);
        return await _taken.Task;
    }

    /// <summary>Ends the wait; at once, or when it is known whether something is just being leased.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            if (!_isServed)
            {
                _taken.TrySetResult([]);
            }
        }
    }

    /// <summary>Keeps the wait from ending while something is leased to the worker.</summary>
    /// <returns>False when it has ended already.</returns>
    public bool TryServe()
    {
        lock (_gate)
        {
            return _isServed = !_isOver;
        }
    }

    /// <summary>Ends the wait with what was leased; it goes on where that is nothing.</summary>
    public void Served(IReadOnlyList<ClaimedExecution> claimed)
    {
        lock (_gate)
        {
            _isServed = false;
            if (claimed.Count > 0 || _isOver)
            {
                _isOver = true;
                _taken.TrySetResult(claimed);
            }
        }
    }

    public void Dispose() => all.Leave(this);
}
