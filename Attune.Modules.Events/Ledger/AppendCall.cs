using Attune.Db;

namespace Attune.Modules.Events.Ledger;

/// <summary>One caller, waiting for its events to be written.</summary>
internal sealed class AppendCall
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    // Asynchronous continuations: the caller's code must not run on the thread that writes for everybody.
    private readonly TaskCompletionSource<IReadOnlyList<AppendedEvent>?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;

    /// <param name="entries">What to write.</param>
    /// <param name="prepared">What each participant prepared for it.</param>
    public AppendCall(IReadOnlyList<Entry> entries, IReadOnlyList<object?> prepared)
    {
        Entries = entries;
        Prepared = prepared;
        foreach (var entry in entries)
        {
            Bytes += entry.Bytes;
        }
    }

    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>What the participants prepared, in their order.</summary>
    public IReadOnlyList<object?> Prepared { get; }

    public long Bytes { get; }

    /// <summary>Takes the call out of the queue for writing; false when its caller has gone.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Waits for the answer. Cancelling withdraws the call while it is still queued; after that it is too late.</summary>
    /// <returns>Null when nothing was written, because what was prepared no longer holds.</returns>
    public async Task<IReadOnlyList<AppendedEvent>?> AnswerAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static (call, token) => ((AppendCall)call!).Withdraw(token), this);
        return await _answer.Task;
    }

    public void Answer(IReadOnlyList<AppendedEvent> events) => _answer.TrySetResult(events);

    public void SendBack() => _answer.TrySetResult(null);

    public void Fail(Exception error) => _answer.TrySetException(error);

    private void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _answer.TrySetCanceled(cancellationToken);
        }
    }
}

/// <summary>What became of a call: events, a refusal, or neither when it has to be prepared again.</summary>
internal readonly record struct AppendOutcome(IReadOnlyList<AppendedEvent>? Events, RefusedException? Refusal);
