using Attune.Db.Changes;
using Attune.Db.Histograms;
using Attune.Db.Maintenance;
using Attune.Db.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Db;

/// <summary>The way into the database: the data source, the migrator, the change feed and the maintenance of the time tables.</summary>
public static class DatabaseModule
{
    /// <summary>Registers <see cref="DatabaseOptions"/>, for a program that is told of its database in the section of that name.</summary>
    public static IServiceCollection AddDatabaseOptions(this IServiceCollection services) =>
        services.AddSection<DatabaseOptions, DatabaseOptionsValidator>(DatabaseOptions.Section);

    /// <summary>Registers everything but the work that goes on by itself.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="connectionString">A server that answers; the embedded one has been started before.</param>
    /// <param name="engine">Which engine to make a new database for.</param>
    public static IServiceCollection AddDatabase(
        this IServiceCollection services, string connectionString, DatabaseEngine engine = DatabaseEngine.Auto)
    {
        // What a program without a host has not got. The modules read their sections of the configuration, and an empty one has defaults.
        services.AddLogging();
        services.TryAddSingleton<IConfiguration>(_ => new ConfigurationBuilder().Build());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DataSources.Create(connectionString, provider.GetService<ILoggerFactory>()));
        services.AddSingleton(provider => new Migrator(
            provider.GetRequiredService<NpgsqlDataSource>(), engine, provider.GetRequiredService<ILogger<Migrator>>()));
        services.AddSingleton(provider => new ListConnections(provider.GetRequiredService<NpgsqlDataSource>(), connectionString));
        services.AddSingleton<ChangeHub>();
        services.AddSingleton<IdRanges>();
        services.AddSingleton<HistogramCounter>();
        services.AddSingleton<TimeTables>();
        services.AddSingleton<DatabaseFacts>();
        services.AddSingleton<SchemaCheck>();
        services.AddHealthChecks()
            .AddNeed<DatabaseCheck>("database", HealthChecks.Connection)
            .AddNeed<SchemaCheck>("schema", HealthChecks.Schema)
            .AddNeed<ListenerCheck>("listener")
            .AddLook<DefaultPartitionsCheck>("default_partitions")
            .AddLook<BackgroundJobsCheck>("background_jobs")
            .AddLook<MaintenanceCheck>("maintenance");
        return services;
    }

    /// <summary>
    /// Brings the schema up to date before any other service of the host starts; several hosts may start at once. Without it a program
    /// expects the schema to be current: <c>Attune.Host migrate</c> and <see cref="Migrator"/> do that too.
    /// </summary>
    public static IServiceCollection AddMigrationAtStart(this IServiceCollection services) => services.AddHostedService<MigrationAtStart>();

    /// <summary>Adds the change feed and the maintenance of the time tables; a verb that only reads leaves them out.</summary>
    public static IServiceCollection AddDatabaseServices(this IServiceCollection services) =>
        services
            .AddSingleton<ChangeListener>()
            .AddHostedService(provider => provider.GetRequiredService<ChangeListener>())
            .AddHostedService<TimeTableMaintenance>();
}
