using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;
using Attune.Host.Telemetry;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Verbs;

/// <summary>Tries a rule, one of its versions or a draft on stored events. It changes nothing: not even the schema.</summary>
internal static class BacktestVerb
{
    private const string Rule = "--rule";
    private const string Version = "--version";
    private const string Draft = "--draft";
    private const string Since = "--since";
    private const string Until = "--until";
    private const string First = "--first";
    private const string Json = "--json";

    private static readonly JsonSerializerOptions Indented = new(Db.Json.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Verb Verb { get; } = new()
    {
        Name = "backtest",
        Does = "Try a rule on stored events, and change nothing.",
        Options =
        [
            new(Rule, "REF", "The rule."),
            new(Version, "N", "One of its versions; the newest unless given."),
            new(Draft, "FILE", "JSON with trigger_ref, condition, conditions, action_params: what to try instead."),
            new(Since, "TIME", $"The oldest event; {BacktestRequest.UsualDays} days before the end unless given."),
            new(Until, "TIME", "The end; now unless given."),
            new(First, "N", $"How many events to name of each sort, at most {BacktestRequest.MostFirst}."),
            new(Json, null, "Print the report as JSON instead of tables."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken stop)
    {
        BacktestRequest request;
        try
        {
            request = await ReadAsync(invocation, stop);
        }
        catch (FormatException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            return ExitCode.Usage;
        }

        var options = HostConfiguration.Database(invocation.Configuration);
        options.MigrateOnStart = false;
        await using var log = Logs.Create(invocation.Configuration, toStandardError: true);
        using var loggers = Logs.Factory(log);
        await using var database = await HostDatabase.OpenAsync(options, loggers, stop);
        await database.PrepareAsync(options, loggers, stop);
        await using var services = new ServiceCollection()
            .AddSingleton(invocation.Configuration)
            .AddLogs(log)
            .AddDatabase(database.ConnectionString, options.Engine)
            .AddEventsModule()
            .AddEnforcementsModule()
            .BuildServiceProvider();
        try
        {
            var report = await WatchAsync(services.GetRequiredService<IRuleBacktester>(), request, stop);
            Console.Out.WriteLine(invocation.Has(Json) ? JsonSerializer.Serialize(report, Indented) : BacktestTables.Of(report));
            return ExitCode.Done;
        }
        catch (RefusedException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<BacktestReport> WatchAsync(IRuleBacktester backtester, BacktestRequest request, CancellationToken stop)
    {
        BacktestReport? report = null;
        var isWatched = !Console.IsErrorRedirected;
        await foreach (var progress in backtester.RunAsync(request, stop))
        {
            if (isWatched)
            {
                Console.Error.Write(string.Create(CultureInfo.InvariantCulture,
                    $"\r{progress.Share,4:P0}  {progress.At:yyyy-MM-dd}  {progress.Events:N0} events, {progress.Matches:N0} matches "));
            }

            report = progress.Report;
        }

        if (isWatched)
        {
            Console.Error.WriteLine();
        }

        return report!;
    }

    private static async Task<BacktestRequest> ReadAsync(Invocation invocation, CancellationToken stop)
    {
        var draft = invocation.Value(Draft) is { } file ? await ReadDraftAsync(file, stop) : null;
        if (draft is null && invocation.Value(Rule) is null)
        {
            throw new FormatException($"{Rule} or {Draft} must be given.");
        }

        var request = new BacktestRequest
        {
            Subject = new() { RuleRef = invocation.Value(Rule), Version = Number(invocation, Version, 1), Draft = draft },
            Since = Instant(invocation, Since),
            Until = Instant(invocation, Until),
        };
        return Number(invocation, First, 0) is { } first ? request with { First = first } : request;
    }

    private static async Task<RuleDraft> ReadDraftAsync(string file, CancellationToken stop)
    {
        try
        {
            return JsonSerializer.Deserialize<RuleDraft>(await File.ReadAllTextAsync(file, Encoding.UTF8, stop), Db.Json.Options)
                ?? throw new FormatException($"{Draft}: {file} must hold a JSON object.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FormatException($"{Draft}: {file} cannot be read: {error.Message}", error);
        }
    }

    private static int? Number(Invocation invocation, string option, int least) => invocation.Value(option) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{option} must be a whole number of at least {least}, not '{text}'.");

    private static DateTimeOffset? Instant(Invocation invocation, string option) => invocation.Value(option) is not { } text
        ? null
        : DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw new FormatException($"{option} must be a date, with a time or without, such as 2026-01-31T12:00:00Z; not '{text}'.");
}
