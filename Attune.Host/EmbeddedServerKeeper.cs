using Attune.Db;
using Attune.Db.Embedded;

namespace Attune.Host;

/// <summary>Starts the embedded server again when it has died under the host.</summary>
internal sealed partial class EmbeddedServerKeeper(DatabaseServer server, TimeProvider clock, ILogger<EmbeddedServerKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await server.ReviveAsync(stoppingToken))
                {
                    Log.Revived(logger);
                }
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                Log.StillDead(logger, error);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded PostgreSQL had died, and runs again")]
        public static partial void Revived(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "The embedded PostgreSQL has died and does not start; it is tried again")]
        public static partial void StillDead(ILogger logger, Exception error);
    }
}
