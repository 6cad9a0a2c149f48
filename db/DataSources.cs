using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Db;

/// <summary>Makes data sources, all with the same settings.</summary>
public static class DataSources
{
    /// <summary>Where all of Attune's tables are.</summary>
    public const string Schema = "attune";

    private const string PoolSize = "Maximum Pool Size";
    private const int MostConnections = 40;

    /// <summary>A data source with Attune's settings: its schema first in the search path, instants in UTC.</summary>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null)
    {
        DapperMappings.Register();
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = $"{Schema},public",
            Timezone = "UTC",
        };
        settings.ApplicationName ??= "attune";

        // Compiling a statement over ninety partitions takes longer than running it, each time.
        settings.Options = $"{settings.Options} -c jit=off".TrimStart();
        if (!settings.ShouldSerialize(PoolSize))
        {
            // Many more than a server works on at once, and few enough that three hosts leave room on one of 200, and one on one of 100.
            settings.MaxPoolSize = MostConnections;
        }

        if (settings.KeepAlive == 0)
        {
            // Without it a listening connection never learns that its server is gone.
            settings.KeepAlive = 30;
        }

        return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(loggers).Build();
    }
}
