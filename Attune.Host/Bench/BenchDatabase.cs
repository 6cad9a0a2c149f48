using Attune.Db;
using Attune.Db.Migrations;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Dapper;
using Npgsql;

namespace Attune.Host.Bench;

/// <summary>A database for one run, dropped after it, with the modules on it and only the resolver and worker at work.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;
    private readonly ServiceProvider _services;

    private BenchDatabase(string server, string name, ServiceProvider services)
    {
        _server = server;
        _name = name;
        _services = services;
    }

    public NpgsqlDataSource Source => Get<NpgsqlDataSource>();

    public static async Task<BenchDatabase> CreateAsync(string server, DatabaseEngine engine, CancellationToken cancellationToken)
    {
        var name = $"attune_bench_{Guid.NewGuid():N}";
        await OnServerAsync(server, $"CREATE DATABASE {name}", cancellationToken);

        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 90 }.ConnectionString;
        var services = new ServiceCollection()
            .AddLogging()
            .AddDatabase(connectionString, engine)
            .AddEventsModule()
            .AddEnforcementsModule()
            .AddEnforcementsServices()
            .AddHistoryModule()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        var database = new BenchDatabase(server, name, services);
        try
        {
            await database.Get<Migrator>().MigrateAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<IAsyncDisposable> StartResolverAsync(CancellationToken cancellationToken)
    {
        var started = _services.GetServices<IHostedService>().ToList();
        foreach (var service in started)
        {
            await service.StartAsync(cancellationToken);
        }

        return new Running(started);
    }

    public async Task ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken));
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        return (await connection.ExecuteScalarAsync<T>(
            new CommandDefinition(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken)))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();

        // Dropped whatever ended the run. Only a superuser may end the autovacuum worker that may just be there; it is soon gone.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await OnServerAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
                return;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege && attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static async Task OnServerAsync(string server, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Running(IReadOnlyList<IHostedService> services) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var service in services)
            {
                await service.StopAsync(CancellationToken.None);
            }
        }
    }
}
