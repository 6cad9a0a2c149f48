using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// The worker that every host has: runs the built-in actions under a name of its own, and sends a heartbeat every few seconds.
/// </summary>
internal sealed partial class BuiltInWorker(
    NpgsqlDataSource database,
    ExecutionQueue queue,
    ExecutionLeases leases,
    ExecutionFinisher finisher,
    LeaseEndings endings,
    ActionRunner runner,
    ChangeHub hub,
    TimeProvider clock,
    ILogger<BuiltInWorker> logger) : BackgroundService
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lookback _lookback = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int? former = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var slot = await WorkerSlot.TakeAsync(database, runner.Known, former, stoppingToken);
                former = slot.Number;
                Log.Started(logger, slot.Name);
                await LiveAsync(slot, stoppingToken);
                Log.TakenForLost(logger, slot.Name);
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                Log.Failed(logger, error);
                await Task.Delay(AfterFailure, clock, stoppingToken);
            }
        }
    }

    // Returns when others have taken the worker for lost; ends with what was thrown when its session is gone.
    private async Task LiveAsync(WorkerSlot slot, CancellationToken stoppingToken)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var working = new WorkerShift(slot.Id, queue, leases, finisher, endings, runner, hub, _lookback, clock, logger).WorkAsync(
            session.Token, stoppingToken);
        var heartbeats = HeartbeatAsync(slot, session.Token);
        var first = await Task.WhenAny(working, heartbeats);
        await session.CancelAsync();
        await Task.WhenAll(working, heartbeats).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task HeartbeatAsync(WorkerSlot slot, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(HeartbeatInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (!await slot.HeartbeatAsync(cancellationToken))
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Worker} is running")]
        public static partial void Started(ILogger logger, string worker);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} had been silent and was taken for lost; it starts anew")]
        public static partial void TakenForLost(ILogger logger, string worker);

        [LoggerMessage(Level = LogLevel.Error, Message = "The worker lost its database; it starts anew in a second")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
