using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// Finds workers that have been silent too long, and ends their leases; and leases that have lasted too long. Every host looks;
/// nothing is done twice.
/// </summary>
internal sealed partial class LostWorkers(
    NpgsqlDataSource database, LeaseEndings endings, IOptions<WorkersOptions> options, TimeProvider clock, ILogger<LostWorkers> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Lookback _lookback = new(clock);

    /// <summary>Looks once.</summary>
    /// <returns>How many executions were requeued or ended.</returns>
    public async Task<int> LookAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE worker
               SET status = 'inactive'
             WHERE status IN ('active', 'busy')
               AND coalesce(last_heartbeat, created) < now() - @LostAfter
            RETURNING name
            """;

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            foreach (var name in await connection.QueryAsync<string>(
                new CommandDefinition(sql, new { options.Value.LostAfter }, cancellationToken: cancellationToken)))
            {
                Log.Lost(logger, name, options.Value.LostAfterText);
            }
        }

        return await endings.EndLostAsync(since, cancellationToken) + await endings.EndOverdueAsync(since, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var all = _lookback.OldIsDue;
                await LookAsync(all ? TimeRange.Always.Since : _lookback.Near, stoppingToken);
                if (all)
                {
                    _lookback.OldDone(found: false);
                }
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                Log.Failed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Worker} has been silent for {LostAfter} and is taken for lost")]
        public static partial void Lost(ILogger logger, string worker, string lostAfter);

        [LoggerMessage(
            Level = LogLevel.Error, Message = "Lost workers could not be looked for; it is tried again in a quarter of a minute")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
