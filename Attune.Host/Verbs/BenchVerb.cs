using System.Globalization;
using Attune.Host.Bench;
using Attune.Host.Telemetry;

namespace Attune.Host.Verbs;

/// <summary>Measures what design §11 promises, in a database of its own on the configured server.</summary>
internal static class BenchVerb
{
    private const string Rows = "--rows";
    private const string Json = "--json";
    private const long FewestRows = 9_000;

    public static Verb Verb { get; } = new()
    {
        Name = "bench",
        Does = "Measure what this machine reaches, each figure beside a reference.",
        Options =
        [
            new(Rows, "N", $"How many events to read from, over 90 days; {BenchSize.DefaultRows} unless given."),
            new(Json, null, "Print JSON instead of a table."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken stop)
    {
        var rows = BenchSize.DefaultRows;
        if (invocation.Value(Rows) is { } text
            && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rows) || rows < FewestRows))
        {
            Console.Error.WriteLine($"{Rows} must be a whole number of at least {FewestRows}, not '{text}'.");
            return ExitCode.Usage;
        }

        var options = HostConfiguration.Database(invocation.Configuration);
        await using var log = Logs.Create(invocation.Configuration, toStandardError: true);
        using var loggers = Logs.Factory(log);
        await using var database = await HostDatabase.OpenAsync(options, loggers, stop);
        var results = await BenchRun.RunAsync(database.ConnectionString, options.Engine, new() { Rows = rows }, Console.Error.WriteLine, stop);
        Console.Out.Write(invocation.Has(Json) ? BenchRun.AsJson(rows, results) + "\n" : "\n" + BenchRun.AsTable(results));
        return ExitCode.Done;
    }
}
