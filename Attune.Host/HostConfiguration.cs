using System.Collections;
using System.Net;
using Attune.Db;
using Attune.Host.Starting;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Npgsql;

namespace Attune.Host;

/// <summary>The settings: <c>appsettings.json</c> beside the program, then the environment, then the command line.</summary>
internal static class HostConfiguration
{
    public const string EnvironmentPrefix = "ATTUNE_";

    public const string TrustedProxiesKey = "TrustedProxies";

    // The framework's own check of unknown keys names the class that lacks them, and neither the key nor those that there are.
    private static readonly (string Section, Type Options)[] Sections =
    [
        (DatabaseOptions.Section, typeof(DatabaseOptions)),
        (EventsOptions.Section, typeof(EventsOptions)),
        (HttpActionOptions.Section, typeof(HttpActionOptions)),
        (WorkersOptions.Section, typeof(WorkersOptions)),
    ];

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

    /// <summary>Reads the section <c>Database</c>, once no section of Attune's has a key that is none.</summary>
    /// <exception cref="StartException">Something in it is wrong, or a key is misspelt; the message has it all.</exception>
    public static DatabaseOptions Database(IConfiguration configuration)
    {
        var section = configuration.GetSection(DatabaseOptions.Section);
        var mistakes = Sections.SelectMany(one => Misspelt(configuration.GetSection(one.Section), one.Options)).ToList();
        var options = new DatabaseOptions
        {
            ConnectionString = section[nameof(DatabaseOptions.ConnectionString)] ?? "",
            DataDirectory = section[nameof(DatabaseOptions.DataDirectory)] ?? "",
            BinariesDirectory = section[nameof(DatabaseOptions.BinariesDirectory)] ?? "",
            Engine = Engine(section[nameof(DatabaseOptions.Engine)], mistakes),
            MigrateOnStart = Switch(section[nameof(DatabaseOptions.MigrateOnStart)], mistakes),
        };
        CheckConnection(options.ConnectionString, mistakes);
        return mistakes.Count == 0 ? options : throw new StartException(string.Join(' ', mistakes));
    }

    /// <summary>Reads <c>TrustedProxies</c>: those whose word is taken for whom they speak for. None, unless it is set.</summary>
    /// <exception cref="StartException">One of them is neither an address nor a network.</exception>
    public static IReadOnlyList<IPNetwork> TrustedProxies(IConfiguration configuration)
    {
        string[] given =
        [
            .. (configuration[TrustedProxiesKey] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
            .. configuration.GetSection(TrustedProxiesKey).GetChildren().Select(child => child.Value ?? ""),
        ];
        return [.. given.Select(text =>
            IPNetwork.TryParse(text, out var network) && text.StartsWith($"{network.BaseAddress}/", StringComparison.OrdinalIgnoreCase)
                ? network
            : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new StartException(
                $"{TrustedProxiesKey} says '{text}'; it takes addresses and networks, such as 10.0.0.5 or 10.0.0.0/24, with commas between them."))];
    }

    private static IEnumerable<string> Misspelt(IConfigurationSection section, Type options)
    {
        // A list is filled and not replaced, so it has no setter.
        string[] known =
        [
            .. options.GetProperties()
                .Where(property => property.CanWrite || (property.PropertyType.IsGenericType && typeof(IEnumerable).IsAssignableFrom(property.PropertyType)))
                .Select(property => property.Name),
        ];
        return section.GetChildren()
            .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is not a setting; those of this section are {string.Join(", ", known)}.");
    }

    private static DatabaseEngine Engine(string? text, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
        {
            return DatabaseEngine.Auto;
        }

        if (char.IsAsciiLetter(text[0]) && Enum.TryParse<DatabaseEngine>(text, ignoreCase: true, out var engine))
        {
            return engine;
        }

        mistakes.Add($"Database:Engine says '{text}'; it can be auto, native or timescale.");
        return DatabaseEngine.Auto;
    }

    private static bool? Switch(string? text, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        mistakes.Add($"Database:MigrateOnStart says '{text}'; it can be true or false, or be left out.");
        return null;
    }

    private static void CheckConnection(string connectionString, List<string> mistakes)
    {
        try
        {
            if (connectionString.Length > 0 && string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
            {
                mistakes.Add("Database:ConnectionString names no Host.");
            }
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            mistakes.Add($"Database:ConnectionString cannot be read: {unreadable.Message}");
        }
    }
}
