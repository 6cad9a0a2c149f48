using Dapper;
using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Db.Migrations;

/// <summary>Brings a database to the schema this build was written for. Several may start at once: one does the work.</summary>
public sealed partial class Migrator(NpgsqlDataSource database, DatabaseEngine wanted, ILogger<Migrator> logger)
{
    public const string Schema = DataSources.Schema;

    internal const string Journal = "schema_script";

    // Any constant will do, as long as every process that migrates uses the same one.
    private const long LockKey = 0x617474756e65; // "attune"

    /// <summary>
    /// The engine that this database is for: the one it was made with, else the one asked for, else what the server offers.
    /// </summary>
    /// <exception cref="MigrationException">The database was made for another engine than the one that is configured.</exception>
    public async Task<DatabaseEngine> EngineAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var made = await MadeForAsync(connection, cancellationToken);
        if (made is { } engine)
        {
            return wanted == DatabaseEngine.Auto || wanted == engine
                ? engine
                : throw new MigrationException(
                    $"this database was made for the {Name(engine)} engine, but Database:Engine says {Name(wanted)}");
        }

        return wanted == DatabaseEngine.Auto ? await OfferedAsync(connection, cancellationToken) : wanted;
    }

    /// <summary>
    /// Names of the scripts that the database has not seen, or not with the text they have now, in the order they would run.
    /// </summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        var (numbered, repeatable) = await ToRunAsync(cancellationToken);
        return [.. numbered.Select(script => script.Name), .. repeatable.Select(script => script.Name)];
    }

    /// <summary>
    /// The SQL that <see cref="MigrateAsync"/> would run now, journal included, for an administrator to run by hand; null when
    /// nothing is pending.
    /// </summary>
    public async Task<string?> ScriptAsync(CancellationToken cancellationToken)
    {
        var (numbered, repeatable) = await ToRunAsync(cancellationToken);
        return numbered.Count + repeatable.Count == 0 ? null : PrintedScripts.Of(numbered, repeatable);
    }

    /// <summary>Applies what is pending and answers how many scripts that were.</summary>
    /// <exception cref="MigrationException">A script failed; those before it stay applied. Nothing of it is logged as an error.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        // DbUp takes no lock of its own: two hosts starting together would run the same script twice.
        // The lock ends with the transaction; one held by the session would stay with the pooled connection.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var gate = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_advisory_xact_lock(@LockKey)", new { LockKey }, gate, commandTimeout: 0, cancellationToken: cancellationToken));

        await EnsureSchemaAsync(cancellationToken);
        var engine = await EngineAsync(cancellationToken);
        var ran = await RunNumberedAsync(engine, cancellationToken) + await RunRepeatableAsync(engine, cancellationToken);
        if (ran > 0)
        {
            Log.Migrated(logger, Name(engine), ran);
        }

        return ran;
    }

    private static string Name(DatabaseEngine engine) => engine == DatabaseEngine.Timescale ? "timescale" : "native";

    private async Task<(IReadOnlyList<SqlScript> Numbered, IReadOnlyList<RepeatableScript> Repeatable)> ToRunAsync(
        CancellationToken cancellationToken)
    {
        var engine = await EngineAsync(cancellationToken);
        return (
            await Task.Run(Upgrade(engine).GetScriptsToExecute, cancellationToken),
            await new RepeatableScripts(database).ChangedAsync(engine, cancellationToken));
    }

    private async Task<int> RunNumberedAsync(DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var upgrade = Upgrade(engine);
        var pending = upgrade.GetScriptsToExecute().Count;
        if (pending == 0)
        {
            return 0;
        }

        var result = await Task.Run(upgrade.PerformUpgrade, cancellationToken);
        if (!result.Successful)
        {
            throw new MigrationException(result.ErrorScript?.Name, result.Error);
        }

        // The driver has read the server's types before there were ours.
        await database.ReloadTypesAsync(cancellationToken);
        return pending;
    }

    private async Task<int> RunRepeatableAsync(DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var scripts = new RepeatableScripts(database);
        var changed = await scripts.ChangedAsync(engine, cancellationToken);
        foreach (var script in changed)
        {
            await scripts.RunAsync(script, cancellationToken);
        }

        return changed.Count;
    }

    // On a connection of its own, so that it is committed before DbUp, on another, makes its journal in it.
    private async Task EnsureSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"CREATE SCHEMA IF NOT EXISTS {Schema}", cancellationToken: cancellationToken));
    }

    private static async Task<DatabaseEngine?> MadeForAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var migrated = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT to_regprocedure('attune.time_engine()') IS NOT NULL", cancellationToken: cancellationToken));
        if (!migrated)
        {
            return null;
        }

        var name = await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            "SELECT attune.time_engine()", cancellationToken: cancellationToken));
        return Enum.Parse<DatabaseEngine>(name!, ignoreCase: true);
    }

    // An extension that is installed but not preloaded cannot be used; one that is has its loader's settings.
    private static async Task<DatabaseEngine> OfferedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')
                   AND current_setting('timescaledb.max_background_workers', true) IS NOT NULL
            """;

        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(sql, cancellationToken: cancellationToken))
            ? DatabaseEngine.Timescale
            : DatabaseEngine.Native;
    }

    private UpgradeEngine Upgrade(DatabaseEngine engine) =>
        DeployChanges.To
            .PostgresqlDatabase(new PostgresqlConnectionManager(database))
            .WithScripts(ScriptCatalog.For(engine))
            .JournalToPostgresqlTable(Schema, Journal)
            .WithTransactionPerScript()
            .WithExecutionTimeout(TimeSpan.FromMinutes(10))
            .WithVariablesDisabled() // $body$ is a dollar quote in PostgreSQL, not a DbUp variable
            .LogTo(new Notes(logger))
            .Build();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The schema is current on the {Engine} engine: {Count} scripts ran")]
        public static partial void Migrated(ILogger logger, string engine, int count);
    }
}
