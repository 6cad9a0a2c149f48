using System.Threading.Channels;
using Attune.Db.Faults;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Writes a row for each delivery, many at once, beside the senders: nobody waits for it. What waits is bounded, and rows of refused
/// deliveries are the first to go; how many went is told in the log.
/// </summary>
internal sealed partial class DeliveryLog : IAsyncDisposable
{
    private const int MostRefusedWaiting = 5_000;
    private const int MostWaiting = 100_000;
    private const long MostBytesWaiting = 64 * 1024 * 1024;
    private const int GroupRows = 1_000;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(3);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _clock;
    private readonly ILogger<DeliveryLog> _logger;
    private readonly Channel<DeliveryRow> _waiting = Channel.CreateUnbounded<DeliveryRow>(new() { SingleReader = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _writer;
    private int _rows;
    private long _bytes;
    private long _dropped;
    private long _droppedTold;
    private long _added;
    private long _done;
    private TaskCompletionSource _group = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DeliveryLog(NpgsqlDataSource database, TimeProvider clock, ILogger<DeliveryLog> logger)
    {
        _database = database;
        _clock = clock;
        _logger = logger;
        _writer = Task.Run(RunAsync);
    }

    /// <summary>How many deliveries have no row, since too many waited or they could not be written.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Puts a row with those that wait. Never waits itself.</summary>
    public void Add(DeliveryRow row)
    {
        var rows = Interlocked.Increment(ref _rows);
        var bytes = Interlocked.Add(ref _bytes, row.Bytes);
        var most = row.Outcome == DeliveryOutcome.Refused ? MostRefusedWaiting : MostWaiting;
        if (rows > most || bytes > MostBytesWaiting || !_waiting.Writer.TryWrite(row))
        {
            Forget(row);
            Drop(1);
            return;
        }

        Interlocked.Increment(ref _added);
    }

    /// <summary>Waits until what was added before is written, half a second at most: a reader is shown what was just sent.</summary>
    public async Task WrittenAsync(CancellationToken cancellationToken)
    {
        var added = Interlocked.Read(ref _added);
        using var enough = new CancellationTokenSource(LongestWait, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        while (!either.IsCancellationRequested)
        {
            // Taken first, so that no group ends unseen between the two.
            var group = Volatile.Read(ref _group).Task;
            if (Interlocked.Read(ref _done) >= added)
            {
                return;
            }

            await group.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Notes that a delivery has no row.</summary>
    public void Drop(int count) => Interlocked.Add(ref _dropped, count);

    /// <summary>Takes no more rows, and writes those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _ending.CancelAsync();
        await _writer;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        var group = new List<DeliveryRow>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // A moment, for others to come along; none at the end.
            await Task.Delay(Gathering, _clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (group.Count < GroupRows && _waiting.Reader.TryRead(out var row))
            {
                group.Add(row);
            }

            await WriteAsync(group);
            group.ForEach(Forget);
            Interlocked.Add(ref _done, group.Count);
            Interlocked.Exchange(ref _group, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            group.Clear();
            if (Dropped > _droppedTold)
            {
                Log.Dropped(_logger, Dropped - _droppedTold);
                _droppedTold = Dropped;
            }
        }
    }

    private async Task WriteAsync(IReadOnlyList<DeliveryRow> rows)
    {
        var began = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                await DeliveryCopy.WriteAsync(_database, rows);
                return;
            }
            catch (Exception error)
            {
                var isOver = _ending.IsCancellationRequested && _clock.GetElapsedTime(began) > PatienceAtEnd;
                if (!isOver && (DatabaseFault.IsPassing(error) || DatabaseFault.KindOf(error) == FaultKind.TimedOut))
                {
                    // Meanwhile others wait, as many as there is room for.
                    await Task.Delay(Pause, _clock);
                    continue;
                }

                if (rows.Count > 1 && !isOver)
                {
                    // One of them is at fault, and the others should have theirs.
                    await WriteAsync([.. rows.Take(rows.Count / 2)]);
                    await WriteAsync([.. rows.Skip(rows.Count / 2)]);
                    return;
                }

                Log.NotWritten(_logger, error, rows.Count);
                Drop(rows.Count);
                return;
            }
        }
    }

    private void Forget(DeliveryRow row)
    {
        Interlocked.Decrement(ref _rows);
        Interlocked.Add(ref _bytes, -row.Bytes);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} deliveries to webhooks have no row: too many came at once")]
        public static partial void Dropped(ILogger logger, long count);

        [LoggerMessage(Level = LogLevel.Error, Message = "The rows of {Count} deliveries to webhooks could not be written")]
        public static partial void NotWritten(ILogger logger, Exception error, int count);
    }
}
