using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Whether workers come to an end with what they have taken.</summary>
internal sealed class RunningExecutionsCheck(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan LongRunning = TimeSpan.FromHours(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT count(*) AS count, min(since) AS oldest
              FROM (SELECT coalesce(started_at, created) AS since
                      FROM execution
                     WHERE status IN ('scheduling', 'scheduled', 'running', 'canceling')
                       AND created >= @Since
                       AND created < @Until
                     ORDER BY created
                     LIMIT 10000) AS counted
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var running = await connection.QuerySingleAsync<Backlog>(new CommandDefinition(
            sql, new { TimeRange.Always.Since, TimeRange.Always.Until }, cancellationToken: cancellationToken));
        return running.Judge(
            "execution", "leased by a worker", LongRunning, clock.GetUtcNow(), "look whether they are stuck; one can be cancelled");
    }
}
