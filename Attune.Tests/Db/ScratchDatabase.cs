using Attune.Db.Migrations;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Attune.Tests.Db;

/// <summary>A database beside the fixture's own, dropped when it is disposed.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly string _connectionString;

    private ScratchDatabase(TestServer server, string connectionString)
    {
        _server = server;
        _connectionString = connectionString;
        Database = DataSources.Create(connectionString);
    }

    public NpgsqlDataSource Database { get; }

    public string ConnectionString => _connectionString;

    /// <summary>Without a schema.</summary>
    public static async Task<ScratchDatabase> EmptyAsync(DatabaseEngine engine)
    {
        var server = await TestServer.GetAsync(engine);
        return new(server, await server.CreateEmptyAsync());
    }

    /// <summary>As a new installation has it.</summary>
    public static async Task<ScratchDatabase> MigratedAsync(DatabaseEngine engine)
    {
        var server = await TestServer.GetAsync(engine);
        return new(server, await server.CopyAsync());
    }

    public Migrator Migrator(DatabaseEngine wanted) => MigratorOf(Database, wanted);

    public static Migrator MigratorOf(NpgsqlDataSource database, DatabaseEngine wanted) =>
        new(database, wanted, NullLogger<Migrator>.Instance);

    public async Task<IReadOnlyList<string>> JournalAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT scriptname FROM attune.schema_script ORDER BY schemaversionsid", cancellationToken: cancellationToken))).AsList();
    }

    public async Task<IReadOnlyList<string>> RepeatableJournalAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT script_name || ' ' || sha256 FROM attune.repeatable_script ORDER BY applied, script_name",
            cancellationToken: cancellationToken))).AsList();
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _server.DropByConnectionStringAsync(_connectionString);
    }
}
