using Attune.Db.Faults;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Packs;

internal sealed class Catalogue(NpgsqlDataSource database, TimeProvider clock) : ICatalogue
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    public async Task<T> ChangeAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunAsync(change, cancellationToken);
            }
            catch (PostgresException error) when (attempt < MostAttempts && DatabaseFault.KindOf(error) == FaultKind.Conflict)
            {
                // The two that met should not meet again.
                await Task.Delay(LongestPause * Random.Shared.NextDouble(), clock, cancellationToken);
            }
        }
    }

    public async Task EnsurePackAsync(NpgsqlConnection connection, string reference, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO pack (ref, label)
            SELECT @reference, @reference
             WHERE NOT EXISTS (SELECT FROM pack WHERE ref = @reference)
                ON CONFLICT (ref) DO NOTHING
            """;

        await connection.ExecuteAsync(new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken));
    }

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        // Every change counts the epoch on when it is done. Taken only then, it would be waited for by those that hold a row, while
        // whoever holds it waits for that row.
        const string lockSql = "SELECT epoch FROM rule_epoch FOR UPDATE";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(lockSql, transaction: transaction, cancellationToken: cancellationToken));
        var changed = await change(connection);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }
}
