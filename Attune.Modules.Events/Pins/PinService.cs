using Attune.Db;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Events.Pins;

/// <summary>Takes copies of pinned events again, one after another, as long as something of them is under way.</summary>
internal sealed partial class PinService(PinKeeper keeper, TimeProvider clock, ILogger<PinService> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            try
            {
                while (await keeper.CopyNextAsync(stoppingToken))
                {
                }
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                // The claim ends, and it is due again.
                Log.Failed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A pinned event could not be copied again; it is tried again in two minutes")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
