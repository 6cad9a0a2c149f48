using System.Diagnostics.CodeAnalysis;
using Attune.Db;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// Where dear rules are asked: one at a time, on a thread of its own that yields the processor to everybody else. The triggers take
/// turns, so that one with a dear rule waits for one event of another at most, and what waits is bounded.
/// </summary>
internal sealed class DearLane : IDisposable
{
    /// <summary>The most events that wait, of one trigger and of all.</summary>
    public const int MostOfTrigger = 100;

    public const int MostOfAll = 1_000;

    /// <summary>The most bytes of payloads that wait, of one trigger and of all.</summary>
    public const long MostBytesOfTrigger = 32 * 1024 * 1024;

    public const long MostBytesOfAll = 128 * 1024 * 1024;

    /// <summary>The most bytes of parameters that were filled in and are not written yet; the next event waits until there are fewer.</summary>
    public const long MostHeldBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DearLine> _lines = new(StringComparer.Ordinal);
    private readonly Queue<DearLine> _turns = [];
    private readonly object _state = new();
    private Thread? _thread;
    private int _waiting;
    private long _waitingBytes;
    private long _heldBytes;
    private bool _isClosed;

    /// <summary>How many events wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_state)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Does something when it is its turn, and answers when it is done.</summary>
    /// <param name="trigger">Whose turn it is.</param>
    /// <param name="bytes">How much memory waits with it.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Gives the turn up while it has not come.</param>
    /// <exception cref="RefusedException">Too many wait already.</exception>
    public async Task RunAsync(string trigger, long bytes, System.Action work, CancellationToken cancellationToken)
    {
        var turn = new DearTurn(work, bytes);
        Enter(trigger, turn);
        await using var registration = cancellationToken.UnsafeRegister(static (one, token) => ((DearTurn)one!).Withdraw(token), turn);
        await turn.Done;
    }

    /// <summary>Counts bytes that are held until they are written; negative ones are held no more.</summary>
    public void Hold(long bytes)
    {
        if (bytes != 0)
        {
            lock (_state)
            {
                _heldBytes += bytes;
                Monitor.PulseAll(_state);
            }
        }
    }

    /// <summary>Takes no more, and lets go those that wait.</summary>
    public void Dispose()
    {
        lock (_state)
        {
            _isClosed = true;
            Monitor.PulseAll(_state);
        }

        _thread?.Join();
    }

    private void Enter(string trigger, DearTurn turn)
    {
        lock (_state)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (!_lines.TryGetValue(trigger, out var line))
            {
                line = new(trigger);
            }

            if (line.Turns.Count >= MostOfTrigger || _waiting >= MostOfAll
                || (line.Turns.Count > 0 && line.Bytes + turn.Bytes > MostBytesOfTrigger)
                || (_waiting > 0 && _waitingBytes + turn.Bytes > MostBytesOfAll))
            {
                throw new RefusedException(
                    RefusalKind.TooMany, "trigger_ref",
                    $"{_waiting} events wait for rules that take long, {line.Turns.Count} of them of the trigger '{trigger}': send it again later.")
                {
                    RetryAfter = RetryAfter,
                };
            }

            if (line.Turns.Count == 0)
            {
                _lines[trigger] = line;
                _turns.Enqueue(line);
            }

            line.Turns.Enqueue(turn);
            line.Bytes += turn.Bytes;
            _waiting++;
            _waitingBytes += turn.Bytes;
            if (_thread is null)
            {
                _thread = new(Run) { IsBackground = true, Name = "Attune dear rules", Priority = ThreadPriority.Lowest };
                _thread.Start();
            }

            Monitor.PulseAll(_state);
        }
    }

    private void Run()
    {
        BackgroundThreads.Yield();
        while (TryTake(out var turn))
        {
            turn.Run();
        }
    }

    private bool TryTake([NotNullWhen(true)] out DearTurn? turn)
    {
        lock (_state)
        {
            while (!_isClosed && (_turns.Count == 0 || _heldBytes > MostHeldBytes))
            {
                Monitor.Wait(_state);
            }

            if (!_turns.TryDequeue(out var line))
            {
                turn = null;
                return false;
            }

            turn = line.Turns.Dequeue();
            line.Bytes -= turn.Bytes;
            _waiting--;
            _waitingBytes -= turn.Bytes;
            if (line.Turns.Count > 0)
            {
                _turns.Enqueue(line);
            }
            else
            {
                _lines.Remove(line.Trigger);
            }

            if (_isClosed)
            {
                turn.Withdraw(new CancellationToken(canceled: true));
            }

            return true;
        }
    }
}
