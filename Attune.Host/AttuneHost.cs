using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Maintenance;
using Attune.Host.Access;
using Attune.Host.Bundles;
using Attune.Host.Health;
using Attune.Host.Http;
using Attune.Host.Starting;
using Attune.Host.Telemetry;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Attune.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Serilog.Core;

namespace Attune.Host;

/// <summary>The whole of Attune, running: what the program starts, and what the tests start in their own process.</summary>
internal sealed partial class AttuneHost : IAsyncDisposable
{
    private const string KestrelAssembly = "Microsoft.AspNetCore.Server.Kestrel.Core";
    private const string DefaultAddress = "http://127.0.0.1:8080";

    private static readonly UTF8Encoding HeaderText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private readonly HostDatabase _database;
    private readonly WebApplication _app;
    private readonly Logger _log;

    private AttuneHost(HostDatabase database, WebApplication app, Logger log)
    {
        _database = database;
        _app = app;
        _log = log;
    }

    public static string Version { get; } =
        typeof(AttuneHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens, with the ports that were really taken.</summary>
    public IReadOnlyCollection<string> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Starts everything, in order: database server, schema, time tables, modules, pages.</summary>
    /// <param name="configuration">The settings, whole: nothing else is read but what ASP.NET Core itself reads.</param>
    /// <param name="cancellationToken">Gives up; what was started is stopped again.</param>
    /// <param name="customize">Changes the services before they are built; for tests.</param>
    /// <exception cref="Exception">It cannot start; <see cref="Explanation"/> has the words for most reasons.</exception>
    public static async Task<AttuneHost> StartAsync(
        IConfiguration configuration, CancellationToken cancellationToken, Action<IServiceCollection>? customize = null)
    {
        var options = HostConfiguration.Check(configuration);
        var proxies = TrustedProxies.Read(configuration);
        var secrets = new SecretPaths();
        var log = Logs.Create(configuration, secrets, toStandardError: false);
        HostDatabase? database = null;
        WebApplication? app = null;
        try
        {
            using var loggers = Logs.Factory(log);
            database = await HostDatabase.OpenAsync(options, loggers, cancellationToken);
            await database.PrepareAsync(options, loggers, cancellationToken);
            app = Build(configuration, options, proxies, database, log, services =>
            {
                services.AddSingleton(secrets);
                customize?.Invoke(services);
            });
            await MaintainTimeTablesAsync(app, cancellationToken);

            // Asked before: once it listens, no loss of the database makes it give up.
            var fact = await app.Services.GetRequiredService<DatabaseFacts>().GetAsync(cancellationToken);
            await ListenAsync(app);
            var host = new AttuneHost(database, app, log);
            host.Announce(fact);
            return host;
        }
        catch
        {
            await StopAsync(app, database, log);
            throw;
        }
    }

    /// <summary>Waits until it is told to stop, or stops by itself.</summary>
    public async Task StoppedAsync(CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            stop, _app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops listening, ends what goes on, and stops the embedded server when no other host uses it.</summary>
    public ValueTask DisposeAsync() => StopAsync(_app, _database, _log);

    private static async ValueTask StopAsync(WebApplication? app, HostDatabase? database, Logger log)
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }

        await log.DisposeAsync();
    }

    private static WebApplication Build(
        IConfiguration configuration,
        DatabaseOptions options,
        IReadOnlyList<IPNetwork> proxies,
        HostDatabase database,
        Logger log,
        Action<IServiceCollection> customize)
    {
        // The name and the folder do not depend on who started the process, or from where: published files lie beside the program.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(AttuneHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddConfiguration(configuration);
        // ASP.NET Core's own switch would believe anybody.
        builder.Configuration["ForwardedHeaders_Enabled"] = bool.FalseString;
        // The names of scripts and styles change with their content, also while they are worked on.
        builder.Configuration["EnableStaticAssetsDevelopmentCaching"] = bool.TrueString;
        // As they were compressed by the build, and not packed anew and worse for each request.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = bool.FalseString;
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = provider.ValidateOnBuild = true);
        ConfigureListening(builder);
        builder.Services.AddLogs(log);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddHostPlumbing(database.Server?.DataDirectory);
        builder.Services.AddHealth();
        builder.Services
            .AddDatabase(database.ConnectionString, options.Engine)
            .AddDatabaseServices()
            .AddEventsModule()
            .AddEventsServices()
            .AddEnforcementsModule()
            .AddEnforcementsServices()
            .AddHistoryModule()
            .AddBundles()
            .AddWeb();
        if (database.Server is { } server)
        {
            builder.Services.AddSingleton(server).AddHostedService<EmbeddedServerKeeper>();
        }

        customize(builder.Services);
        var app = builder.Build();
        app.UseHostPlumbing(proxies);
        app.UseWeb();
        app.MapHealth(Version);
        app.MapEventsApi();
        app.MapEnforcementsApi();
        app.MapHistoryApi();
        app.MapBundles();
        app.MapWeb();

        // Routes are built when they are first asked for: one that lacks something is to end the start, and not a request.
        app.Services.GetRequiredService<SecretPaths>().Cover(
            ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
        return app;
    }

    private static void ConfigureListening(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        if (string.IsNullOrEmpty(settings["urls"])
            && string.IsNullOrEmpty(settings["http_ports"])
            && string.IsNullOrEmpty(settings["https_ports"])
            && !settings.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Senders of webhooks cannot mend their headers: U+FFFD stands for what is not UTF-8, where the server itself would refuse it.
            // A length is no text: where one of its own is asked for, the server has no answer to a length of more digits than any number.
            kestrel.RequestHeaderEncodingSelector = static name => name == HeaderNames.ContentLength ? null : HeaderText;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Largest.Bytes;
            kestrel.ConfigureEndpointDefaults(LoopbackOnly.Check);
        });
    }

    // The database may have been switched off for a month: the partitions of today come before the first event.
    private static async Task MaintainTimeTablesAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.Services.GetRequiredService<TimeTables>().MaintainAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            Log.TablesNotMaintained(app.Logger, error);
        }
    }

    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            // To its end, which is soon: told to stop meanwhile, the services that have begun would be taken to have failed.
            await app.StartAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or SocketException or FormatException || error.Source == KestrelAssembly)
        {
            var inUse = error.InnerException is AddressInUseException;
            var addresses = app.Configuration["urls"] is { Length: > 0 } urls ? urls : "the configured address";
            throw new StartException(
                $"Attune cannot listen on {addresses}: {error.Message.TrimEnd('.')}. {(inUse ? "Is another Attune running? " : "")}" +
                "Choose another address with --urls, for example --urls http://127.0.0.1:9000.", error);
        }
    }

    private void Announce(DatabaseFact fact)
    {
        var engine = fact.TimescaleVersion is null ? "native" : $"timescale {fact.TimescaleVersion}";
        var where = _database.Server?.DataDirectory ?? new NpgsqlConnectionStringBuilder(_database.ConnectionString).Host;
        Log.Listening(_app.Logger, Version, string.Join(", ", Addresses), fact.ServerVersion, engine, where);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message =
            "Attune {Version} is listening on {Addresses} (PostgreSQL {Server}, engine {Engine}, data in {Where})")]
        public static partial void Listening(ILogger logger, string version, string addresses, string server, string engine, string? where);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The time tables could not be maintained at the start; that is tried again")]
        public static partial void TablesNotMaintained(ILogger logger, Exception error);
    }
}
