using System.Collections.Concurrent;
using System.Threading.Channels;
using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// What a worker does from taking its name to losing it: leases executions, as many of each action as it may run at once, runs them
/// side by side, and writes what became of those that are done together.
/// </summary>
internal sealed partial class WorkerShift(
    long worker,
    ExecutionQueue queue,
    ExecutionLeases leases,
    ExecutionFinisher finisher,
    LeaseEndings endings,
    ActionRunner runner,
    ChangeHub hub,
    Lookback lookback,
    TimeProvider clock,
    ILogger logger)
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenCancels = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly Channel<FinishedExecution> _finished = Channel.CreateUnbounded<FinishedExecution>(new() { SingleReader = true });
    private readonly List<Task> _running = [];
    private readonly ActionHands _hands = runner.NewHands();

    // What is leased and has no result written yet, with what cancels it.
    private readonly ConcurrentDictionary<(long Id, DateTimeOffset StartedAt), CancellationTokenSource> _held = [];
    private int _trimAt = ActionHands.Batch;
    private DateTimeOffset _nextCancels;

    /// <param name="cancellationToken">Ends it: the worker stops, or the name is lost.</param>
    /// <param name="stopping">Set when the worker stops.</param>
    public async Task WorkAsync(CancellationToken cancellationToken, CancellationToken stopping)
    {
        using var signal = new WorkSignal(hub, IsWork, clock);
        using var cancels = hub.Subscribe(IsCancel, CancelAsync, Soon);
        await endings.EndRestartedAsync(worker, lookback.OldIsDue ? TimeRange.Always.Since : lookback.Near, cancellationToken);
        var writing = WriteAllAsync(signal, cancellationToken);
        try
        {
            while (true)
            {
                await ClaimAllAsync(cancellationToken);
                if (clock.GetUtcNow() >= _nextCancels)
                {
                    await CancelAsync(cancellationToken);
                }

                await signal.WaitAsync(await queue.NextDueAsync(runner.Known, lookback.Near, cancellationToken), cancellationToken);
            }
        }
        finally
        {
            // Nothing is written after this: those that were interrupted have no result, and are requeued.
            await Task.WhenAll(_running);
            _finished.Writer.Complete();
            await writing;
            await RequeueAsync(stopping);
        }
    }

    private static bool IsWork(Change change) =>
        change.Channel == Channels.ExecutionCreated || change is { Channel: Channels.ExecutionStatusChanged, Status: "requested" };

    private static bool IsCancel(Change change) => change is { Channel: Channels.ExecutionStatusChanged, Status: "canceling" };

    private async Task ClaimAllAsync(CancellationToken cancellationToken)
    {
        var found = await ClaimAllAsync((actions, size) => queue.ClaimAsync(
            worker, actions, lookback.Near, size, newClaim: null, cancellationToken), cancellationToken);
        if (found is not null && lookback.OldIsDue)
        {
            found = await ClaimAllAsync((actions, size) => queue.ClaimOldAsync(
                worker, actions, lookback.Near, size, newClaim: null, cancellationToken), cancellationToken);
            if (found is not null)
            {
                lookback.OldDone(found > 0);
            }
        }
    }

    /// <summary>Claims until there are no more, and answers how many there were; null when some action has no room for the rest.</summary>
    private async Task<int?> ClaimAllAsync(Func<string[], int, Task<List<ClaimedExecution>>> claim, CancellationToken cancellationToken)
    {
        var found = 0;
        bool isMore;
        do
        {
            isMore = false;
            foreach (var (actions, size) in _hands.Claims())
            {
                var claimed = await claim(actions, size);
                found += claimed.Count;
                isMore |= claimed.Count == size;
                claimed.ForEach(execution => Begin(execution, cancellationToken));
            }
        }
        while (isMore);

        return _hands.IsAnyFull ? null : found;
    }

    private void Begin(ClaimedExecution execution, CancellationToken cancellationToken)
    {
        _hands.Take(execution);
        _held[(execution.Id, execution.StartedAt)] = new();
        if (_running.Count >= _trimAt)
        {
            // Only when it has doubled: thousands may be waiting, and each would be looked at for each one that is begun.
            _running.RemoveAll(task => task.IsCompleted);
            _trimAt = Math.Max(ActionHands.Batch, 2 * _running.Count);
        }

        _running.Add(Task.Run(() => RunAsync(execution, cancellationToken), CancellationToken.None));
    }

    private async Task RunAsync(ClaimedExecution execution, CancellationToken cancellationToken)
    {
        using var cancelled = _held[(execution.Id, execution.StartedAt)];
        if (await runner.RunAsync(execution, cancelled.Token, cancellationToken) is { } finished)
        {
            _finished.Writer.TryWrite(finished);
        }
    }

    // Called when some execution is to be cancelled, and every few seconds: the signal may have come before the claim was known here.
    private async Task CancelAsync(CancellationToken cancellationToken)
    {
        _nextCancels = clock.GetUtcNow() + BetweenCancels;
        if (_held.IsEmpty)
        {
            return;
        }

        foreach (var one in await leases.CancelingOfWorkerAsync(worker, lookback.Near, cancellationToken))
        {
            if (_held.TryGetValue((one.Id, one.StartedAt), out var cancelled))
            {
                try
                {
                    await cancelled.CancelAsync();
                }
                catch (ObjectDisposedException)
                {
                    // Done meanwhile.
                }
            }
        }
    }

    private async Task WriteAllAsync(WorkSignal signal, CancellationToken cancellationToken)
    {
        while (await _finished.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<FinishedExecution>();
            while (batch.Count < ActionHands.Batch && _finished.Reader.TryRead(out var finished))
            {
                batch.Add(finished);
            }

            if (await WriteAsync(batch, cancellationToken))
            {
                batch.ForEach(finished => _held.TryRemove((finished.Lease.Id, finished.Lease.StartedAt), out _));
            }

            batch.ForEach(finished => _hands.Release((ClaimedExecution)finished.Lease));
            signal.Set();
        }
    }

    // The actions have run: their results are worth another try, until the name is lost and with it the executions.
    private async Task<bool> WriteAsync(List<FinishedExecution> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await finisher.FinishAsync(batch, CancellationToken.None);
                return true;
            }
            catch (Exception error)
            {
                Log.NotWritten(logger, error, batch.Count);
                if (cancellationToken.IsCancellationRequested)
                {
                    return false;
                }
            }

            await Task.Delay(AfterFailure, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whoever holds the name requeues all its leases. When the session was lost another may hold it by now: then only those that were
    // taken here, as soon as the database is there again. The worker was not lost with its session, and nothing is counted.
    private async Task RequeueAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await endings.EndStoppedAsync(
                    worker, lookback.Near, one => stopping.IsCancellationRequested || _held.ContainsKey((one.Id, one.StartedAt)),
                    CancellationToken.None);
                return;
            }
            catch (Exception error) when (error is NpgsqlException or IOException)
            {
                if (stopping.IsCancellationRequested)
                {
                    Log.NotRequeued(logger, error);
                    return;
                }
            }

            await Task.Delay(AfterFailure, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The results of {Count} executions could not be written")]
        public static partial void NotWritten(ILogger logger, Exception error, int count);

        [LoggerMessage(
            Level = LogLevel.Warning, Message = "The worker's executions could not be requeued; that is done when it is found silent")]
        public static partial void NotRequeued(ILogger logger, Exception error);
    }
}
