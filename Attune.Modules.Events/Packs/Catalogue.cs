using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Packs;

internal sealed class Catalogue(NpgsqlDataSource database, TimeProvider clock) : ICatalogue
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    // The change that goes on, for those that are asked for within it.
    private readonly AsyncLocal<NpgsqlConnection?> _open = new();

    public async Task<T> ChangeAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        if (_open.Value is { } open)
        {
            return await RunWithinAsync(open, change, cancellationToken);
        }

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

    public async Task<IReadOnlyList<Pack>> ListPacksAsync(CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {PackWriter.Columns}
              FROM pack
             ORDER BY ref
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Pack>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }

    public Task<Applied<Pack>> ApplyPackAsync(Pack pack, CancellationToken cancellationToken)
    {
        var draft = PackWriter.Check(pack);
        return ChangeAsync(connection => PackWriter.ApplyAsync(connection, draft, cancellationToken), cancellationToken);
    }

    public Task MarkAppliedAsync(CatalogueKind kind, long id, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO applied_object (kind, object)
            VALUES (@kind, @id)
                ON CONFLICT (kind, object) DO NOTHING
            """;

        return ChangeAsync(
            connection => connection.ExecuteAsync(
                new CommandDefinition(sql, new { kind = EnumNames.Of(kind), id }, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    public async Task<IReadOnlySet<long>> AppliedAsync(CatalogueKind kind, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT object
              FROM applied_object
             WHERE kind = @kind
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(
            new CommandDefinition(sql, new { kind = EnumNames.Of(kind) }, cancellationToken: cancellationToken))).ToHashSet();
    }

    private static async Task<T> RunWithinAsync<T>(
        NpgsqlConnection open, Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        await open.ExecuteAsync(new CommandDefinition("SAVEPOINT part", cancellationToken: cancellationToken));
        try
        {
            var changed = await change(open);
            await open.ExecuteAsync(new CommandDefinition("RELEASE SAVEPOINT part", cancellationToken: cancellationToken));
            return changed;
        }
        catch (Exception error) when (error is RefusedException or PostgresException)
        {
            await open.ExecuteAsync(new CommandDefinition(
                "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part", cancellationToken: cancellationToken));
            throw;
        }
    }

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
    {
        // Every change counts the epoch on when it is done. Taken only then, it would be waited for by those that hold a row, while
        // whoever holds it waits for that row.
        const string lockSql = "SELECT epoch FROM rule_epoch FOR UPDATE";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(lockSql, transaction: transaction, cancellationToken: cancellationToken));
        _open.Value = connection;
        var changed = await change(connection);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }
}
