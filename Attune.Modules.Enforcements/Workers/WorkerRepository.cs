using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

internal sealed class WorkerRepository(NpgsqlDataSource database, TimeProvider clock) : IWorkerRepository
{
    // By the statuses of execution_worker_idx.
    internal const string LeaseCountsSql = """
        SELECT worker, count(*) AS count
          FROM execution
         WHERE status IN ('scheduled', 'running', 'canceling')
           AND worker IS NOT NULL
           AND created >= @Since
           AND created < @Until
         GROUP BY worker
        """;

    public async Task<Worker?> FindAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, name, worker_type, worker_role, host, port, status, capabilities, meta, last_heartbeat, created, updated
              FROM worker
             WHERE id = @id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Worker>(
            new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<Worker>> ListAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, name, worker_type, worker_role, host, port, status, capabilities, meta, last_heartbeat, created, updated
              FROM worker
             ORDER BY name
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Worker>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }

    public async Task<IReadOnlyDictionary<long, long>> LeaseCountsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(long Worker, long Count)>(new CommandDefinition(
            LeaseCountsSql, new { Since = new Lookback(clock).Near, TimeRange.Always.Until }, cancellationToken: cancellationToken));
        return counts.ToDictionary(one => one.Worker, one => one.Count);
    }
}
