using System.Data;
using System.Threading.Channels;
using Attune.Db;
using Attune.Db.Faults;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

/// <summary>Takes whatever waits in the queue and commits it at once, over and over, until the queue is closed and empty.</summary>
/// <param name="queue">What is to be written.</param>
/// <param name="database">Where to.</param>
/// <param name="participants">Who takes part.</param>
/// <param name="others">
/// Of a writer of what is heavy, how many calls others have sent: while there are some, it rests as long as it works. Null for one that
/// does not rest.
/// </param>
/// <param name="clock">Measures pauses.</param>
/// <param name="logger">Is told of what is tried again.</param>
internal sealed partial class LedgerWriter(
    ChannelReader<AppendCall> queue,
    NpgsqlDataSource database,
    IReadOnlyList<IAppendParticipant> participants,
    Func<long>? others,
    TimeProvider clock,
    ILogger logger)
{
    private const int GroupRows = 2_000;
    private const int GroupBytes = 4 * 1024 * 1024;

    // A server that is started again is back in a few seconds, and its callers need not know.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(500);

    // Kept between transactions: a connection that goes back to the pool loses its plans, those of the triggers included.
    private NpgsqlConnection? _connection;

    // It may be found to be lost while it lies idle, or at any moment of its use, and then throws what no server has said.
    private bool IsLost => _connection is { State: not ConnectionState.Open };

    public async Task RunAsync()
    {
        while (await queue.WaitToReadAsync())
        {
            var began = clock.GetTimestamp();
            var before = others?.Invoke();
            var group = Gather();
            if (group.Count > 1 && IsLarge(group[^1]))
            {
                // The others would have to wait for it.
                await WriteAsync(group[..^1]);
                group = group[^1..];
            }

            if (group.Count > 0)
            {
                await WriteAsync(group);
            }

            if (others?.Invoke() != before)
            {
                // As long as it worked, so that no more than half of the server is busy with it while others send.
                var worked = clock.GetElapsedTime(began);
                await Task.Delay(worked < LongestRest ? worked : LongestRest, clock);
            }
        }

        await DisconnectAsync();
    }

    private static bool IsLarge(AppendCall call) => call.Entries.Count > GroupRows || call.Bytes > GroupBytes;

    private List<AppendCall> Gather()
    {
        var group = new List<AppendCall>();
        var rows = 0;
        var bytes = 0L;
        while (rows < GroupRows && bytes < GroupBytes && queue.TryRead(out var call))
        {
            if (call.TryTake())
            {
                if (others is not null)
                {
                    // One at a time: together they would keep the server busy for seconds without a rest.
                    return [call];
                }

                group.Add(call);
                rows += call.Entries.Count;
                bytes += call.Bytes;
            }
        }

        return group;
    }

    // Not cancelled by anything: what was taken from the queue is written, also while the host stops.
    private async Task WriteAsync(List<AppendCall> calls)
    {
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            AppendTransaction? transaction = null;
            try
            {
                if (IsLost)
                {
                    await DisconnectAsync();
                }

                _connection ??= await database.OpenConnectionAsync(CancellationToken.None);
                transaction = new AppendTransaction(_connection, participants);
                Answer(calls, await transaction.RunAsync(calls, CancellationToken.None));
                return;
            }
            catch (Exception error)
            {
                var isPassing = DatabaseFault.IsPassing(error) || DatabaseFault.KindOf(error) == FaultKind.TimedOut || IsLost;
                await DisconnectAsync();
                if (transaction is { CommitSent: true })
                {
                    Fail(calls, new NpgsqlException(
                        "The database was lost while events were being committed: they may be written or not. With a key it is safe to send them again.",
                        error));
                    return;
                }

                if (isPassing && clock.GetElapsedTime(began) < Patience)
                {
                    Log.TryingAgain(logger, calls.Count, error.Message);
                    await Task.Delay(pause, clock);
                    continue;
                }

                if (calls.Count > 1 && !isPassing)
                {
                    // One of them is at fault, and its caller alone should hear of it.
                    await WriteAsync(calls[..(calls.Count / 2)]);
                    await WriteAsync(calls[(calls.Count / 2)..]);
                    return;
                }

                Fail(calls, isPassing ? Lost(error) : Explained(error));
                return;
            }
        }
    }

    private async Task DisconnectAsync()
    {
        var connection = _connection;
        _connection = null;
        try
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception error) when (error is NpgsqlException or IOException or InvalidOperationException)
        {
            // It was broken, and is gone: the next transaction opens another.
        }
    }

    private static void Answer(List<AppendCall> calls, IReadOnlyList<AppendOutcome> outcomes)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            switch (outcomes[i])
            {
                case { Refusal: { } refusal }:
                    calls[i].Fail(refusal);
                    break;
                case { Events: { } events }:
                    calls[i].Answer(events);
                    break;
                default:
                    calls[i].SendBack();
                    break;
            }
        }
    }

    private static void Fail(List<AppendCall> calls, Exception error) => calls.ForEach(call => call.Fail(error));

    private static Exception Explained(Exception error) =>
        error is PostgresException refused && DatabaseFault.KindOf(error) == FaultKind.Unfit
            ? new RefusedException(RefusalKind.Invalid, null, $"The event cannot be stored: {refused.MessageText}")
            : error;

    // Whatever a lost connection throws, it means that the database cannot be reached.
    private static Exception Lost(Exception error) =>
        error is NpgsqlException or TimeoutException ? error : new NpgsqlException("The connection to the database was lost.", error);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Calls} calls with events are tried again: {Reason}")]
        public static partial void TryingAgain(ILogger logger, int calls, string reason);
    }
}
