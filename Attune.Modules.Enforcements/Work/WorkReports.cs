using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Work;

internal sealed class WorkReports(NpgsqlDataSource database) : IWorkReports
{
    internal const string Sql = """
        SELECT pending.count AS pending_enforcements, pending.oldest AS oldest_pending,
               waiting.count AS waiting_executions, waiting.oldest AS oldest_waiting,
               ARRAY(SELECT DISTINCT action_ref
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
                                           AND jsonb_exists(worker.capabilities -> 'actions', requested.action_ref))
                      ORDER BY action_ref
                      LIMIT 10) AS actions_without_worker,
               running.count AS running_executions, running.oldest AS oldest_running
          FROM (SELECT count(*) AS count, min(created) AS oldest
                  FROM (SELECT created
                          FROM enforcement
                         WHERE status = 'created'
                           AND created >= @Since
                           AND created < @Until
                         ORDER BY created
                         LIMIT 10000) AS counted) AS pending
         CROSS JOIN (SELECT count(*) AS count, min(since) AS oldest
                       FROM (SELECT greatest(created, not_before) AS since
                               FROM execution
                              WHERE status = 'requested'
                                AND created >= @Since
                                AND created < @Until
                              ORDER BY created
                              LIMIT 10000) AS counted) AS waiting
         CROSS JOIN (SELECT count(*) AS count, min(since) AS oldest
                       FROM (SELECT coalesce(started_at, created) AS since
                               FROM execution
                              WHERE status IN ('scheduling', 'scheduled', 'running', 'canceling')
                                AND created >= @Since
                                AND created < @Until
                              ORDER BY created
                              LIMIT 10000) AS counted) AS running
        """;

    public async Task<WorkReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<WorkReport>(new CommandDefinition(
            Sql, new { TimeRange.Always.Since, TimeRange.Always.Until }, cancellationToken: cancellationToken));
    }
}
