using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements.Work;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Enforcements;

/// <summary>Keeps resolving: at start, whenever an enforcement was written, and every few seconds in case that was missed.</summary>
internal sealed partial class ResolverService(
    EnforcementResolver resolver, ChangeHub hub, TimeProvider clock, ILogger<ResolverService> logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lookback _lookback = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var signal = new WorkSignal(hub, change => change.Channel == Channels.EnforcementCreated, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ResolveAllAsync(stoppingToken);
                await signal.WaitAsync(stoppingToken);
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                // Whatever it was, the enforcements are still there.
                Log.Failed(logger, error);
                await Task.Delay(AfterFailure, clock, stoppingToken);
            }
        }
    }

    private async Task ResolveAllAsync(CancellationToken cancellationToken)
    {
        while (await resolver.ResolveBatchAsync(
            _lookback.Near, EnforcementResolver.BatchSize, cancellationToken) == EnforcementResolver.BatchSize)
        {
        }

        if (!_lookback.OldIsDue)
        {
            return;
        }

        int old, all = 0;
        do
        {
            old = await resolver.ResolveOldBatchAsync(_lookback.Near, EnforcementResolver.BatchSize, cancellationToken);
            all += old;
        }
        while (old == EnforcementResolver.BatchSize);

        await resolver.ForgetFailuresAsync(cancellationToken);
        _lookback.OldDone(all > 0);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Enforcements could not be resolved; it is tried again in a second")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
