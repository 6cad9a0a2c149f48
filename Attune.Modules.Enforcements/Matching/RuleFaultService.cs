using Attune.Db;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>Writes the faults of rules every second, and removes windows that nothing counts in any more.</summary>
internal sealed partial class RuleFaultService(
    RuleFaults faults, RuleWindows windows, TimeProvider clock, ILogger<RuleFaultService> logger) : BackgroundService
{
    private const int TurnsPerPruning = 60;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        for (var turn = 0; await timer.WaitForNextTickAsync(stoppingToken); turn++)
        {
            try
            {
                await faults.FlushAsync(stoppingToken);
                if (turn % TurnsPerPruning == 0)
                {
                    await windows.PruneAsync(stoppingToken);
                }
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                Log.Failed(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The faults of rules could not be written; it is tried again in a second")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
