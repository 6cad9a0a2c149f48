using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Whether workers take the executions that may be taken.</summary>
internal sealed class WaitingExecutionsCheck(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan LongWaiting = TimeSpan.FromMinutes(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        const string waiting = """
            SELECT count(*) AS count, min(since) AS oldest
              FROM (SELECT greatest(created, not_before) AS since
                      FROM execution
                     WHERE status = 'requested'
                       AND created >= @Since
                       AND created < @Until
                     ORDER BY created
                     LIMIT 10000) AS counted
            """;
        const string unknown = """
            SELECT DISTINCT action_ref
              FROM (SELECT action_ref
                      FROM execution
                     WHERE status = 'requested'
                       AND created >= @Since
                       AND created < @Until
                     ORDER BY created
                     LIMIT 10000) AS requested
             WHERE NOT EXISTS (SELECT
                                 FROM worker
                                WHERE worker.status = 'active'
                                  AND jsonb_exists(worker.actions, requested.action_ref))
             ORDER BY action_ref
             LIMIT 10
            """;

        var always = new { TimeRange.Always.Since, TimeRange.Always.Until };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var backlog = await connection.QuerySingleAsync<Backlog>(
            new CommandDefinition(waiting, always, cancellationToken: cancellationToken));
        var withoutWorker = (await connection.QueryAsync<string>(new CommandDefinition(
            unknown, always, cancellationToken: cancellationToken))).AsList();
        return backlog.Judge("execution", "waiting for a worker", LongWaiting, clock.GetUtcNow(), withoutWorker.Count > 0
            ? $"no active worker takes {string.Join(", ", withoutWorker)}"
            : "the workers that take their actions are busy, or have stopped asking");
    }
}
