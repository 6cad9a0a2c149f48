using System.Diagnostics.CodeAnalysis;

namespace Attune.Web.Shared;

/// <summary>
/// One read for all who look at the same, in all circuits of the host: who asks while one is under way waits for the next, which begins
/// when that has ended and is shared by all who wait. So what is answered is never older than the question.
/// </summary>
public sealed class SharedReads
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Turn> _turns = [];

    private interface IRead
    {
        Task RunAsync();
    }

    /// <summary>What a read answers that begins after the call, by whomever it was begun.</summary>
    /// <param name="key">What is read: two equal keys read the same.</param>
    /// <param name="read">Reads it. It is cancelled when everybody who waits has left.</param>
    /// <param name="cancellationToken">Ends the wait of this caller.</param>
    public async Task<T> ReadAsync<T>(object key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var mine = Join(key, read);
        try
        {
            return await mine.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            await LeaveAsync(mine);
        }
    }

    private Shared<T> Join<T>(object key, Func<CancellationToken, Task<T>> read)
    {
        lock (_gate)
        {
            if (_turns.TryGetValue(key, out var turn))
            {
                var next = turn.Next is Shared<T> { Waiting: > 0 } waited ? waited : new Shared<T>(read);
                turn.Next = next;
                next.Waiting++;
                return next;
            }

            var first = new Shared<T>(read) { Waiting = 1 };
            _turns[key] = new Turn();
            _ = Task.Run(() => RunAsync(key, first));
            return first;
        }
    }

    private async Task LeaveAsync<T>(Shared<T> mine)
    {
        bool isLast;
        lock (_gate)
        {
            isLast = --mine.Waiting == 0;
        }

        if (isLast)
        {
            await mine.GiveUpAsync();
        }
    }

    private async Task RunAsync(object key, IRead first)
    {
        for (IRead? one = first; one is not null;)
        {
            await one.RunAsync();
            lock (_gate)
            {
                var turn = _turns[key];
                (one, turn.Next) = (turn.Next, null);
                if (one is null)
                {
                    _turns.Remove(key);
                }
            }
        }
    }

    private sealed class Turn
    {
        public IRead? Next { get; set; }
    }

    [SuppressMessage("Design", "CA1001", Justification = "It has no timer, so there is nothing to free; and it is given up while others wait.")]
    private sealed class Shared<T>(Func<CancellationToken, Task<T>> read) : IRead
    {
        private readonly CancellationTokenSource _givenUp = new();
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public int Waiting { get; set; }

        public Task GiveUpAsync() => _givenUp.CancelAsync();

        public async Task RunAsync()
        {
            try
            {
                _givenUp.Token.ThrowIfCancellationRequested();
                _answer.SetResult(await read(_givenUp.Token));
            }
            catch (OperationCanceledException) when (_givenUp.IsCancellationRequested)
            {
                _answer.TrySetCanceled(_givenUp.Token);
            }
            catch (Exception error)
            {
                // Everybody who waits gets it; when nobody does any more, nobody misses it.
                _answer.SetException(error);
                _ = _answer.Task.Exception;
            }
        }
    }
}
