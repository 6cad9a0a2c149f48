using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

internal sealed class WorkerRepository(NpgsqlDataSource database, TimeProvider clock) : IWorkerRepository
{
    /// <summary>The columns of a <see cref="Worker"/>.</summary>
    internal const string Columns =
        "id, name, worker_type, worker_role, host, port, status, capabilities, meta, last_heartbeat, created, updated";

    // What a worker says of itself may be large, and is not read here: its actions have a column of their own.
    internal const string ListSql = """
        SELECT id, name, worker_type, worker_role, host, port, status,
               coalesce(jsonb_array_length(actions), 0) AS action_count,
               ARRAY(SELECT named FROM jsonb_array_elements_text(actions) AS named ORDER BY named LIMIT 10) AS actions,
               last_heartbeat, created, updated
          FROM worker
         ORDER BY name
        OFFSET @Place
         LIMIT @limit
        """;

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
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Worker>(new CommandDefinition(
            $"SELECT {Columns} FROM worker WHERE id = @id", new { id }, cancellationToken: cancellationToken));
    }

    public async Task<Page<WorkerSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<WorkerSummary>(
            new CommandDefinition(ListSql, new { page.Place, limit = page.Size + 1 }, cancellationToken: cancellationToken))).AsList();
        Total? total = !page.IncludeTotal ? null : Total.Of(await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT count(*) FROM worker", cancellationToken: cancellationToken)));
        return Page.FromPlace(rows, page, total);
    }

    public async Task<IReadOnlyDictionary<long, long>> LeaseCountsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counts = await connection.QueryAsync<(long Worker, long Count)>(new CommandDefinition(
            LeaseCountsSql, new { Since = new Lookback(clock).Near, TimeRange.Always.Until }, cancellationToken: cancellationToken));
        return counts.ToDictionary(one => one.Worker, one => one.Count);
    }

    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM worker WHERE id = @id AND status = 'inactive'", new { id }, cancellationToken: cancellationToken)) > 0
            || (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    "SELECT EXISTS (SELECT FROM worker WHERE id = @id)", new { id }, cancellationToken: cancellationToken))
                ? throw new RefusedException(
                    RefusalKind.Conflict, "status", $"Worker {id} is not inactive: only one that stopped or was lost can be deleted.")
                : false);
    }
}
