using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Tests.Support;

/// <summary>A fixture in a database of its own on one engine, with the modules on it and nothing at work.</summary>
public abstract class DatabaseFixture(DatabaseEngine engine)
{
    private TestServer? _server;
    private string _connectionString = "";
    private ServiceProvider? _services;

    protected DatabaseEngine Engine { get; } = engine;

    protected NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    protected string ConnectionString => _connectionString;

    /// <summary>Ends what a test started, when the run is given up.</summary>
    protected static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task CopyDatabaseAsync()
    {
        _server = await TestServer.GetAsync(Engine);
        _connectionString = await _server.CopyAsync();
        _services = NewServices();
    }

    [TearDown]
    public Task LeaveNoRowsOutsideRetentionAsync() => RowsOutsideRetention.AssertNoneAsync(Database, CancellationToken.None);

    [OneTimeTearDown]
    public async Task DropDatabaseAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_connectionString.Length > 0)
        {
            await _server!.DropByConnectionStringAsync(_connectionString);
        }
    }

    protected T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Another set of services on the same database, as a second host has them.</summary>
    protected ServiceProvider NewServices() => Configure(new ServiceCollection()
        .AddLogging(logging => logging.AddProvider(TestLog.Provider).AddFilter("Npgsql", LogLevel.Warning))
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddDatabase(_connectionString, Engine)
        .AddEventsModule()
        .AddEnforcementsModule()
        .AddHistoryModule()).BuildServiceProvider();

    /// <summary>Replaces or adds services for the fixture.</summary>
    protected virtual IServiceCollection Configure(IServiceCollection services) => services;

    protected async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: Cancellation));
    }

    protected async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return (await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: Cancellation)))!;
    }

    protected async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: Cancellation))).AsList();
    }
}
