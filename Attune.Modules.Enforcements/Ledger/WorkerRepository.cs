using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Ledger;

internal sealed class WorkerRepository(NpgsqlDataSource database) : IWorkerRepository
{
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
}
