using System.Diagnostics;
using System.Globalization;
using Attune.Db.Embedded;
using Attune.Db.Migrations;
using Attune.Tests.Host;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Attune.Tests.Faults.Chaos;

/// <summary>
/// The database of one run, migrated, and how to take it away from those who use it. It is an embedded server that the hosts
/// themselves start again; where the engine is only to be had from a server that was named, that server's sessions are ended instead.
/// </summary>
internal sealed class ChaosDatabase : IAsyncDisposable
{
    private readonly DataFolder? _folder;
    private readonly DatabaseServer? _server;
    private readonly TestServer? _named;
    private readonly string _connectionString;

    private ChaosDatabase(string connectionString, DataFolder? folder, DatabaseServer? server, TestServer? named)
    {
        _connectionString = connectionString;
        _folder = folder;
        _server = server;
        _named = named;
        Source = DataSources.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 600 }.ConnectionString);
    }

    /// <summary>Without a pool: connections of before the last fault are of no use.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>What happens to it, in words.</summary>
    public string Fate => _folder is null ? "all its sessions ended" : "its server stopped at once";

    public string Setting => _folder?.Setting ?? $"--Database:ConnectionString={_connectionString}";

    public static async Task<ChaosDatabase> OpenAsync(DatabaseEngine engine)
    {
        // Says whether the engine is to be tested on this machine at all; an embedded server can be killed, so it comes first.
        var named = await TestServer.GetAsync(engine);
        var folder = new DataFolder();
        if (await TryStartAsync(folder, engine) is not { } server)
        {
            await folder.DisposeAsync();
            return new(await named.CopyAsync(), null, null, named);
        }

        var database = new ChaosDatabase(server.ConnectionString, folder, server, null);
        await using var source = DataSources.Create(server.ConnectionString);
        await new Migrator(source, engine, NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);
        return database;
    }

    /// <summary>What <c>pg_ctl stop -m immediate</c> does: every session ends where it is, and the next start has to recover.</summary>
    public async Task StopAtOnceAsync()
    {
        if (_folder is null)
        {
            await ExecuteAsync("""
                SELECT pg_terminate_backend(pid)
                  FROM pg_stat_activity
                 WHERE datname = current_database()
                   AND pid <> pg_backend_pid()
                """);
        }
        else if (ServerProcess.Of(_folder.Files) is { } process)
        {
            using var kill = Process.Start("kill", ["-QUIT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_named is not null)
        {
            await _named.DropByConnectionStringAsync(_connectionString);
            return;
        }

        await _server!.DisposeAsync();
        await _folder!.DisposeAsync();
    }

    private static async Task<DatabaseServer?> TryStartAsync(DataFolder folder, DatabaseEngine engine)
    {
        var options = folder.Options;
        options.Engine = engine;
        DatabaseServer server;
        try
        {
            server = await DatabaseServer.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        }
        catch (DatabaseServerException)
        {
            return null;
        }

        if (engine == DatabaseEngine.Native || await LoadsTimescaleAsync(server))
        {
            return server;
        }

        await server.DisposeAsync();
        return null;
    }

    private static async Task<bool> LoadsTimescaleAsync(DatabaseServer server)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand("SELECT current_setting('timescaledb.max_background_workers', true) IS NOT NULL");
        return await command.ExecuteScalarAsync() is true;
    }
}
