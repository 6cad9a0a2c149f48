using Attune.Db;
using Attune.Host.Starting;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.Extensions.Options;

namespace Attune.Host;

/// <summary>The settings: <c>appsettings.json</c> beside the program, then the environment, then the command line.</summary>
internal static class HostConfiguration
{
    public const string EnvironmentPrefix = "ATTUNE_";

    /// <param name="settings">What the command line says.</param>
    /// <exception cref="StartException">A file cannot be read.</exception>
    public static IConfiguration Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(settings)
                .Build();
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException)
        {
            throw new StartException($"{unreadable.Message} {unreadable.InnerException?.Message}", unreadable);
        }
    }

    /// <summary>Checks every section of Attune's own, so that all mistakes are said before anything is started.</summary>
    /// <returns>The section <c>Database</c>.</returns>
    /// <exception cref="OptionsValidationException">Something in one section is wrong.</exception>
    /// <exception cref="AggregateException">Something in several is.</exception>
    public static DatabaseOptions Check(IConfiguration configuration)
    {
        using var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddDatabaseOptions()
            .AddEventsModule()
            .AddEnforcementsModule()
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        return services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
    }
}
