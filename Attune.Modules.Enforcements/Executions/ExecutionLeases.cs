using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Reads which executions are leased to whom.</summary>
internal sealed class ExecutionLeases(NpgsqlDataSource database, IdRanges ids)
{
    internal static readonly string CancelingOfWorkerSql = LeasesSql("worker = @worker", "status = 'canceling'");

    internal static readonly string OfLostWorkersSql = LeasesSql(
        "worker IS NOT NULL AND NOT EXISTS (SELECT FROM worker WHERE worker.id = execution.worker AND worker.status <> 'inactive')");

    // A worker that has not been heard of since the time was over is not late but lost, and its executions are requeued as such:
    // after an outage nothing would be left of them otherwise.
    internal static readonly string OverdueSql = LeasesSql("""
        worker IS NOT NULL
           AND CASE status
               WHEN 'running' THEN EXISTS (SELECT
                                             FROM action
                                             JOIN worker ON worker.id = execution.worker
                                            WHERE action.ref = execution.action_ref
                                              AND least(now(), worker.last_heartbeat)
                                                  > started_at + (action.timeout_seconds + @grace) * INTERVAL '1 second')
               WHEN 'canceling' THEN updated < now() - @grace * INTERVAL '1 second'
               END
        """);

    /// <summary>The last lease of an execution, whether or not it has ended; null when there is none.</summary>
    public Task<LeasedExecution?> FindAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, created, worker, coalesce(started_at, created) AS started_at, claim, status, lost_count
              FROM execution
             WHERE id = @id
               AND worker IS NOT NULL
               AND created >= @Since
               AND created < @Until
            """;

        return ids.FindAsync(IdTable.Execution, id, async (range, token) =>
        {
            await using var connection = await database.OpenConnectionAsync(token);
            return await connection.QuerySingleOrDefaultAsync<LeasedExecution>(
                new CommandDefinition(sql, new { id, range.Since, range.Until }, cancellationToken: token));
        }, cancellationToken);
    }

    /// <summary>The leases of a worker.</summary>
    public Task<List<LeasedExecution>> OfWorkerAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) =>
        ListAsync(LeasesSql("worker = @worker"), new { worker, since }, cancellationToken);

    /// <summary>The leases of a worker that are to be cancelled.</summary>
    public Task<List<LeasedExecution>> CancelingOfWorkerAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) =>
        ListAsync(CancelingOfWorkerSql, new { worker, since }, cancellationToken);

    /// <summary>The leases of workers that are inactive or were deleted.</summary>
    public Task<List<LeasedExecution>> OfLostWorkersAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        ListAsync(OfLostWorkersSql, new { since }, cancellationToken);

    /// <summary>
    /// The leases that have lasted longer than the action may take, or were to be cancelled and still are not, by so many seconds.
    /// </summary>
    public Task<List<LeasedExecution>> OverdueAsync(int grace, DateTimeOffset since, CancellationToken cancellationToken) =>
        ListAsync(OverdueSql, new { grace, since }, cancellationToken);

    // One that is scheduled and not started is known by its created.
    private static string LeasesSql(string which, string statuses = "status IN ('scheduled', 'running', 'canceling')") => $"""
        SELECT id, created, worker, coalesce(started_at, created) AS started_at, claim, status, lost_count,
               (SELECT timeout_seconds FROM action WHERE action.ref = execution.action_ref) AS timeout_seconds
          FROM execution
         WHERE {statuses}
           AND created >= @since
           AND {which}
         ORDER BY created, id
        """;

    private async Task<List<LeasedExecution>> ListAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<LeasedExecution>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }
}
