using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Db.Maintenance;

/// <summary>
/// Runs the maintenance of the time tables every quarter of an hour, and at once when the host starts: the database may have been
/// off for a month. The hourly counts are brought up to date every minute.
/// </summary>
internal sealed partial class TimeTableMaintenance(TimeTables tables, TimeProvider clock, ILogger<TimeTableMaintenance> logger)
    : BackgroundService
{
    private const int TurnsPerMaintenance = 15;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var turn = 0;
        do
        {
            try
            {
                await (turn++ % TurnsPerMaintenance == 0 ? tables.MaintainAsync(stoppingToken) : tables.CountAsync(stoppingToken));
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                // Nothing is lost meanwhile: the default partition takes what has no other place.
                Log.Failed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The maintenance of the time tables failed; it is tried again in a minute")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
