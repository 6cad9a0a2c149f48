using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Attune.Host.Starting;

namespace Attune.Host.Verbs;

/// <summary>Finds the verb, reads its options and settings, and turns what it throws into a message and an exit code.</summary>
internal static class CommandLine
{
    // What the program is called in its own words, whatever it was started by.
    private const string ProgramName = "Attune.Host";

    private const string Settings = """
        Settings:
          Any setting of appsettings.json, before or after the verb, for example
            --urls http://127.0.0.1:9000
            --Database:DataDirectory=/path/to/data
            --Database:ConnectionString="Host=…;Username=…;Password=…;Database=…"
          or in the environment: Database__DataDirectory, ATTUNE_Database__DataDirectory.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var split = SettingArguments.Split(arguments);
        var root = Root(new(split.Settings, output, error));
        if (split.Mistake is { } mistake)
        {
            error.WriteLine(mistake);
            return ExitCode.Usage;
        }

        // Nobody writes arguments into a file that begins with @, but a password may.
        var parsed = root.Parse(Spelled([.. split.Others]), new ParserConfiguration { ResponseFileTokenReplacer = null });
        var isMisused = parsed.Action is ParseErrorAction;
        try
        {
            // The program listens for signals itself, and says itself what went wrong.
            var code = await parsed.InvokeAsync(
                new()
                {
                    Output = isMisused ? error : output,
                    Error = error,
                    ProcessTerminationTimeout = null,
                    EnableDefaultExceptionHandler = false,
                },
                stop);
            return isMisused ? ExitCode.Usage : code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure)
        {
            error.WriteLine(Explanation.Of(failure) ?? $"Attune has failed: {failure}");
            return ExitCode.Failed;
        }
    }

    private static RootCommand Root(VerbContext context)
    {
        var root = new RootCommand($"Attune, an event ledger and rule engine. Without a verb: {ServeCommand.Name}.")
        {
            ServeCommand.Create(context),
            MigrateCommand.Create(context),
            ApplyCommand.Create(context),
            ExportCommand.Create(context),
            BacktestCommand.Create(context),
            DoctorCommand.Create(context),
            BenchCommand.Create(context),
        };
        root.HelpName = ProgramName;
        root.SetAction((_, stop) => ServeHandler.RunAsync(context.Configuration, stop));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithSettings((HelpAction)help.Action!);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }

    // As many programs have it: "help migrate" for "migrate --help".
    private static string[] Spelled(string[] arguments) => arguments switch
    {
        ["help", .. var verb] => [.. verb, "--help"],
        ["version"] => ["--version"],
        _ => arguments,
    };

    private sealed class HelpWithSettings(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Settings);
            return code;
        }
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Attune {AttuneHost.Version}");
            return ExitCode.Done;
        }
    }
}
