using Attune.Db.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace Attune.Tests.Support;

/// <summary>
/// A server of one engine, with one migrated template database that fixtures copy. It is, in this order: the one named by
/// ATTUNE_TEST_NATIVE or ATTUNE_TEST_TIMESCALE, a container where Docker answers, and for native a server started from the
/// machine's own programs.
/// </summary>
internal sealed class TestServer
{
    private static readonly Dictionary<DatabaseEngine, Lazy<Task<TestServer>>> Servers = new()
    {
        [DatabaseEngine.Native] = new(() => StartAsync(DatabaseEngine.Native)),
        [DatabaseEngine.Timescale] = new(() => StartAsync(DatabaseEngine.Timescale)),
    };

    private static readonly SemaphoreSlim Copying = new(1, 1);

    private readonly string? _connectionString;
    private readonly string _template;
    private readonly Func<ValueTask> _stop;

    private TestServer(string? connectionString, string template, string absence, Func<ValueTask> stop)
    {
        _connectionString = connectionString;
        _template = template;
        Absence = absence;
        _stop = stop;
    }

    /// <summary>Why there is no such server; empty when there is.</summary>
    public string Absence { get; }

    /// <summary>
    /// The server of an engine. Where there is none the test is ignored with the reason; on CI stock PostgreSQL is never absent.
    /// </summary>
    public static async Task<TestServer> GetAsync(DatabaseEngine engine)
    {
        var server = await Servers[engine].Value;
        if (server.Absence.Length > 0)
        {
            if (engine == DatabaseEngine.Native && Environment.GetEnvironmentVariable("CI") is "true" or "1")
            {
                Assert.Fail(server.Absence);
            }

            Assert.Ignore(server.Absence);
        }

        return server;
    }

    public static async Task StopAsync(DatabaseEngine engine)
    {
        if (Servers[engine].IsValueCreated && await Servers[engine].Value is { _connectionString: not null } server)
        {
            await server.ExecuteAsync($"ALTER DATABASE {server._template} WITH ALLOW_CONNECTIONS true");
            await server.DropAsync(server._template);
            await server._stop();
        }
    }

    /// <summary>An empty database without a schema, by its connection string.</summary>
    public async Task<string> CreateEmptyAsync()
    {
        var name = NewName();
        await ExecuteAsync($"CREATE DATABASE {name}");
        return To(name);
    }

    /// <summary>A copy of the migrated template, by its connection string.</summary>
    public async Task<string> CopyAsync()
    {
        var name = NewName();

        // A template can be copied by one at a time.
        await Copying.WaitAsync();
        try
        {
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {_template}");
        }
        finally
        {
            Copying.Release();
        }

        return To(name);
    }

    public Task DropByConnectionStringAsync(string connectionString) =>
        DropAsync(new NpgsqlConnectionStringBuilder(connectionString).Database!);

    private static async Task<TestServer> StartAsync(DatabaseEngine engine)
    {
        var variable = engine == DatabaseEngine.Native ? "ATTUNE_TEST_NATIVE" : "ATTUNE_TEST_TIMESCALE";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return await WithTemplateAsync(engine, named, () => ValueTask.CompletedTask);
        }

        if (await ContainerAsync(engine) is { } container)
        {
            return await WithTemplateAsync(engine, container.GetConnectionString(), container.DisposeAsync);
        }

        if (engine == DatabaseEngine.Native)
        {
            try
            {
                var server = await EmbeddedTestServer.StartAsync();
                return await WithTemplateAsync(engine, server.ConnectionString, server.DisposeAsync);
            }
            catch (Exception error) when (error is not MigrationException)
            {
                return Absent(
                    $"No PostgreSQL server: {variable} is not set, Docker does not answer, and none could be started: {error.Message}");
            }
        }

        return Absent($"No TimescaleDB server: {variable} is not set, and Docker does not answer.");

        static TestServer Absent(string reason) => new(null, "", reason, () => ValueTask.CompletedTask);
    }

    private static async Task<PostgreSqlContainer?> ContainerAsync(DatabaseEngine engine)
    {
        if (!File.Exists("/var/run/docker.sock") && Environment.GetEnvironmentVariable("DOCKER_HOST") is not { Length: > 0 }
            && !OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            var container = new PostgreSqlBuilder(
                engine == DatabaseEngine.Native ? "postgres:17" : "timescale/timescaledb:2.28.3-pg17").Build();
            await container.StartAsync(patience.Token);
            return container;
        }
        catch (Exception error)
        {
            await TestContext.Progress.WriteLineAsync($"No container for {engine}: {error.Message}");
            return null;
        }
    }

    private static async Task<TestServer> WithTemplateAsync(DatabaseEngine engine, string connectionString, Func<ValueTask> stop)
    {
        var server = new TestServer(connectionString, NewName("template"), "", stop);
        await server.ExecuteAsync($"CREATE DATABASE {server._template}");
        await using (var database = DataSources.Create(server.To(server._template)))
        {
            await new Migrator(database, engine, NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);
        }

        // Background workers of an extension connect to any database that lets them, and a database in use cannot be copied.
        await server.ExecuteAsync($"ALTER DATABASE {server._template} WITH ALLOW_CONNECTIONS false");
        await server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{server._template}'");
        return server;
    }

    private static string NewName(string kind = "copy") => $"attune_test_{kind}_{Guid.NewGuid():N}";

    private string To(string database) => new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ConnectionString;

    /// <summary>
    /// Runs a DROP DATABASE WITH (FORCE), again while the server refuses it: it lets only a superuser end the autovacuum worker that
    /// may just be there.
    /// </summary>
    public static async Task DropAsync(Func<Task> drop)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await drop();
                return;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege && attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private Task DropAsync(string name) => DropAsync(() => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)"));

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
