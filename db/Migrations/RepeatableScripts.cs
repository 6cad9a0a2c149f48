using Dapper;
using Npgsql;

namespace Attune.Db.Migrations;

/// <summary>Functions and views: which of them a database does not have as this build has them, and giving it those.</summary>
internal sealed class RepeatableScripts(NpgsqlDataSource database)
{
    private const int TimeoutSeconds = 600;

    /// <summary>
    /// The scripts whose text is not the one that ran last, in the order they run. None in a database that has run numbered scripts
    /// which this build does not know: its functions belong to a later build, and an earlier host that starts leaves them alone.
    /// </summary>
    public async Task<IReadOnlyList<RepeatableScript>> ChangedAsync(DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var all = ScriptCatalog.RepeatableFor(engine);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"SELECT to_regclass('{Migrator.Schema}.repeatable_script') IS NOT NULL", cancellationToken: cancellationToken)))
        {
            return all;
        }

        var known = ScriptCatalog.For(engine).Select(script => script.Name);
        var ran = await connection.QueryAsync<string>(new CommandDefinition(
            $"SELECT scriptname FROM {Migrator.Schema}.{Migrator.Journal}", cancellationToken: cancellationToken));
        if (ran.Except(known).Any())
        {
            return [];
        }

        var journaled = (await connection.QueryAsync<(string Name, string Digest)>(new CommandDefinition(
            $"SELECT script_name, sha256 FROM {Migrator.Schema}.repeatable_script", cancellationToken: cancellationToken))).ToHashSet();
        return [.. all.Where(script => !journaled.Contains((script.Name, script.Digest)))];
    }

    /// <summary>Runs a script and notes it, in one transaction.</summary>
    /// <exception cref="MigrationException">The script failed, and has left nothing.</exception>
    public async Task RunAsync(RepeatableScript script, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            foreach (var sql in (string[])[script.Text, script.JournalEntry])
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    sql, transaction: transaction, commandTimeout: TimeoutSeconds, cancellationToken: cancellationToken));
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw new MigrationException(script.Name, error);
        }
    }
}
