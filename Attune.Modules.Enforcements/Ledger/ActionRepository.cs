using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Ledger;

internal sealed class ActionRepository(NpgsqlDataSource database) : IActionRepository
{
    public async Task<Action?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, pack_ref, label, description, param_schema, timeout_seconds, max_retries, created, updated
              FROM action
             WHERE ref = @reference
            """;

        if (!Rules.RuleChecks.IsStorable(reference))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Action>(
            new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<Action>> ListAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, pack_ref, label, description, param_schema, timeout_seconds, max_retries, created, updated
              FROM action
             ORDER BY ref
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Action>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }
}
