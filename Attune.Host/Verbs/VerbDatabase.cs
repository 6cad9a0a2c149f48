using Attune.Db;
using Attune.Host.Starting;
using Attune.Host.Telemetry;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace Attune.Host.Verbs;

/// <summary>The configured database, opened for a verb. What is logged goes to standard error.</summary>
internal sealed class VerbDatabase : IAsyncDisposable
{
    private readonly HostDatabase _database;
    private readonly Logger _log;

    private VerbDatabase(VerbContext context, DatabaseOptions options, HostDatabase database, Logger log)
    {
        _database = database;
        _log = log;
        Options = options;
        Loggers = Logs.Factory(log);
        Services = new ServiceCollection()
            .AddSingleton(context.Configuration)
            .AddLogging()
            .AddLogs(log)
            .AddDatabase(database.ConnectionString, options.Engine);
    }

    public DatabaseOptions Options { get; }

    public SerilogLoggerFactory Loggers { get; }

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Settings, log and database, to which a verb adds the modules that it needs.</summary>
    public IServiceCollection Services { get; }

    public static async Task<VerbDatabase> OpenAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var options = HostConfiguration.Check(context.Configuration);
        var log = Logs.Create(context.Configuration, new SecretPaths(), toStandardError: true);
        try
        {
            using var loggers = Logs.Factory(log);
            return new(context, options, await HostDatabase.OpenAsync(options, loggers, cancellationToken), log);
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema up to date where a host would do so when it starts, and refuses it elsewhere.</summary>
    /// <exception cref="StartException">Scripts are pending, or the server cannot be reached.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => _database.PrepareAsync(Options, Loggers, cancellationToken);

    /// <summary>Refuses a schema that is not current, and changes none.</summary>
    /// <exception cref="StartException">Scripts are pending, or the server cannot be reached.</exception>
    public Task RequireCurrentSchemaAsync(CancellationToken cancellationToken)
    {
        Options.MigrateOnStart = false;
        return _database.PrepareAsync(Options, Loggers, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Loggers.Dispose();
        await _log.DisposeAsync();
    }
}
