using System.Net.Sockets;
using Attune.Db;
using Attune.Db.Embedded;
using Attune.Db.Migrations;
using Attune.Host.Starting;
using Npgsql;

namespace Attune.Host;

/// <summary>The database that the host works on: a server of the user's, or the embedded one, which it starts and stops.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private HostDatabase(string connectionString, DatabaseServer? server)
    {
        ConnectionString = connectionString;
        Server = server;
    }

    public string ConnectionString { get; }

    /// <summary>Null when the server is the user's.</summary>
    public DatabaseServer? Server { get; }

    public static async Task<HostDatabase> OpenAsync(DatabaseOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (options.ConnectionString.Length > 0)
        {
            return new(options.ConnectionString, null);
        }

        var server = await DatabaseServer.StartAsync(options, loggers.CreateLogger<DatabaseServer>(), cancellationToken);
        return new(server.ConnectionString, server);
    }

    /// <summary>Sees to it that the schema is the one that this build was written for.</summary>
    /// <exception cref="StartException">It is not, and may not be changed; or the server cannot be reached.</exception>
    public async Task PrepareAsync(DatabaseOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // A data source of its own: what it has learned of the types is stale once the scripts have run.
        await using var source = DataSources.Create(ConnectionString, loggers);
        var migrator = new Migrator(source, options.Engine, loggers.CreateLogger<Migrator>());
        try
        {
            await CheckEngineAsync(source, migrator, cancellationToken);
            if (options.MigrateOnStart ?? Server is not null)
            {
                await migrator.MigrateAsync(cancellationToken);
                return;
            }

            var pending = await migrator.PendingAsync(cancellationToken);
            if (pending.Count > 0)
            {
                throw new StartException(
                    $"The schema of this database is not the one this build was written for: {pending.Count} scripts have not run, the first " +
                    $"is {pending[0]}. Run 'Attune.Host migrate' with the same settings, or set Database:MigrateOnStart to true.");
            }
        }
        catch (NpgsqlException unusable) when (Server is null)
        {
            var why = unusable.InnerException is SocketException refused ? $"{unusable.Message} ({refused.Message})" : unusable.Message;
            var to = new NpgsqlConnectionStringBuilder(ConnectionString);
            throw new StartException(
                $"The database '{to.Database ?? to.Username}' on {to.Host}:{to.Port} cannot be used: {why}. " +
                "Correct Database:ConnectionString, or leave it out to have a server started.", unusable);
        }
    }

    // Without the library, every query on a time table would fail in words that nobody understands.
    private static async Task CheckEngineAsync(NpgsqlDataSource source, Migrator migrator, CancellationToken cancellationToken)
    {
        if (await migrator.EngineAsync(cancellationToken) == DatabaseEngine.Timescale)
        {
            await using var command = source.CreateCommand(
                "SELECT current_setting('timescaledb.max_background_workers', true) IS NOT NULL");
            if (await command.ExecuteScalarAsync(cancellationToken) is not true)
            {
                throw new StartException(
                    "The engine of this database is timescale, but its server does not load TimescaleDB. Install TimescaleDB for this version " +
                    "of PostgreSQL (the embedded server then loads it by itself; on a server of your own it belongs in " +
                    "shared_preload_libraries), or name another database.");
            }
        }
    }

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
