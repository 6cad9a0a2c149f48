using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Verbs;

/// <summary>Tries a rule, one of its versions or a draft on stored events. It changes nothing: not even the schema.</summary>
internal static class BacktestHandler
{
    private static readonly JsonSerializerOptions Indented = new(Json.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="context">Settings, and where to write.</param>
    /// <param name="request">What to try, but for the draft.</param>
    /// <param name="draft">A file with a draft; null to try the rule as it is.</param>
    /// <param name="asJson">Print JSON instead of tables.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<int> RunAsync(VerbContext context, BacktestRequest request, string? draft, bool asJson, CancellationToken stop)
    {
        if (draft is not null)
        {
            try
            {
                request = request with { Subject = request.Subject with { Draft = await ReadAsync(draft, stop) } };
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
            {
                context.Error.WriteLine($"The draft {draft} cannot be read: {unreadable.Message}");
                return ExitCode.Usage;
            }
        }

        await using var database = await VerbDatabase.OpenAsync(context, stop);
        await database.RequireCurrentSchemaAsync(stop);
        await using var services = database.Services.AddEventsModule().AddEnforcementsModule().BuildServiceProvider();
        try
        {
            var report = await WatchAsync(services.GetRequiredService<IRuleBacktester>(), request, context.Error, stop);
            context.Output.WriteLine(asJson ? JsonSerializer.Serialize(report, Indented) : BacktestTables.Of(report));
            return ExitCode.Done;
        }
        catch (RefusedException refused)
        {
            context.Error.WriteLine(refused.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<BacktestReport> WatchAsync(
        IRuleBacktester backtester, BacktestRequest request, TextWriter error, CancellationToken stop)
    {
        BacktestReport? report = null;
        var isWatched = !Console.IsErrorRedirected;
        await foreach (var progress in backtester.RunAsync(request, stop))
        {
            if (isWatched)
            {
                error.Write(string.Create(CultureInfo.InvariantCulture,
                    $"\r{progress.Share,4:P0}  {progress.At:yyyy-MM-dd}  {progress.Events:N0} events, {progress.Matches:N0} matches "));
            }

            report = progress.Report;
        }

        if (isWatched)
        {
            error.WriteLine();
        }

        return report!;
    }

    private static async Task<RuleDraft> ReadAsync(string file, CancellationToken stop) =>
        JsonSerializer.Deserialize<RuleDraft>(await File.ReadAllTextAsync(file, Encoding.UTF8, stop), Json.Options)
        ?? throw new JsonException("it must hold a JSON object.");
}
