using System.Reflection;

namespace Attune.Host.Verbs;

/// <summary>Finds the verb, reads its options and settings, and turns what it throws into a message and an exit code.</summary>
internal static class CommandLine
{
    private static readonly Verb[] Verbs = [ServeVerb.Verb, MigrateVerb.Verb, BacktestVerb.Verb, DoctorVerb.Verb, BenchVerb.Verb];

    // The settings without a section; the others all have a colon in their name.
    private static readonly string[] PlainSettings = ["urls", "http_ports", "https_ports", "environment", HostConfiguration.TrustedProxiesKey];
    private static readonly string[] HelpWords = ["help", "--help", "-h", "-?"];

    public static async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        if (arguments.Any(HelpWords.Contains))
        {
            Console.Out.WriteLine(Usage());
            return ExitCode.Done;
        }

        if (arguments is ["--version" or "version"])
        {
            Console.Out.WriteLine($"Attune {Version}");
            return ExitCode.Done;
        }

        var named = arguments.Length > 0 && !arguments[0].StartsWith('-');
        var verb = named ? Verbs.FirstOrDefault(known => known.Name == arguments[0]) : ServeVerb.Verb;
        if (verb is null)
        {
            return Misused($"Attune does not know '{arguments[0]}'.");
        }

        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var options = new Dictionary<string, string?>(StringComparer.Ordinal);
        return Read(verb, arguments.AsSpan(named ? 1 : 0), settings, options) is { } mistake
            ? Misused(mistake)
            : await RunAsync(verb, settings, options, stop);
    }

    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Sorts the arguments into the verb's options and the settings of the host.</summary>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    internal static string? Read(
        Verb verb, ReadOnlySpan<string> arguments, Dictionary<string, string?> settings, Dictionary<string, string?> options)
    {
        for (var at = 0; at < arguments.Length; at++)
        {
            var (name, value) = arguments[at].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[at], null);
            var option = verb.Options.FirstOrDefault(known => known.Name == name);
            var isSetting = option is null && name.StartsWith("--", StringComparison.Ordinal) && IsSetting(name[2..]);
            if (option is null && !isSetting)
            {
                return Verbs.Any(known => known.Name == name) ? $"'{name}' has to be the first argument." : $"Attune does not know '{name}'.";
            }

            if (value is null && (isSetting || option!.Value is not null))
            {
                if (++at == arguments.Length)
                {
                    return $"{name} needs a value.";
                }

                value = arguments[at];
            }

            if (isSetting)
            {
                settings[name[2..]] = value;
            }
            else if (option!.Value is null && value is not null)
            {
                return $"{name} takes no value.";
            }
            else
            {
                options[name] = value;
            }
        }

        return null;
    }

    private static bool IsSetting(string name) =>
        name.IndexOf(':', StringComparison.Ordinal) > 0 || PlainSettings.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static async Task<int> RunAsync(
        Verb verb, Dictionary<string, string?> settings, Dictionary<string, string?> options, CancellationToken stop)
    {
        try
        {
            return await verb.RunAsync(new Invocation(HostConfiguration.Build(settings), options), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(Explanation.Of(error) ?? $"Attune has failed: {error}");
            return ExitCode.Failed;
        }
    }

    private static int Misused(string mistake)
    {
        Console.Error.WriteLine(mistake);
        Console.Error.WriteLine();
        Console.Error.WriteLine(Usage());
        return ExitCode.Usage;
    }

    private static string Usage()
    {
        var lines = Verbs.SelectMany(verb => verb.Options
            .Select(option => ($"    {option.Name}{(option.Value is null ? "" : " " + option.Value)}", option.Does))
            .Prepend(($"  {verb.Name}", verb.Does)));
        return $"""
            Usage: Attune.Host [verb] [options] [settings]

            {string.Join('\n', lines.Select(line => $"{line.Item1,-20} {line.Item2}"))}
            {"  help",-20} Show this text.

            Without a verb: {ServeVerb.Verb.Name}. Any setting of appsettings.json can be given, for example
              --urls http://127.0.0.1:9000
              --Database:DataDirectory /path/to/data
              --Database:ConnectionString "Host=…;Username=…;Password=…;Database=…"
            or in the environment: Database__DataDirectory, ATTUNE_Database__DataDirectory.
            """;
    }
}
