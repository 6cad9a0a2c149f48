namespace Attune.Modules.Enforcements.Matching;

/// <summary>What waits of one trigger.</summary>
internal sealed class DearLine(string trigger)
{
    public string Trigger { get; } = trigger;

    public Queue<DearTurn> Turns { get; } = [];

    public long Bytes { get; set; }
}

/// <summary>What is to be done for one event, when it is its turn.</summary>
internal sealed class DearTurn(System.Action work, long bytes)
{
    // Asynchronous continuations: the caller's code must not run on the thread that everybody's turns need.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;

    public long Bytes { get; } = bytes;

    public Task Done => _done.Task;

    public void Run()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            return;
        }

        try
        {
            work();
            _done.TrySetResult();
        }
        catch (OperationCanceledException error)
        {
            _done.TrySetCanceled(error.CancellationToken);
        }
        catch (Exception error)
        {
            _done.TrySetException(error);
        }
    }

    public void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 0)
        {
            _done.TrySetCanceled(cancellationToken);
        }
    }
}
