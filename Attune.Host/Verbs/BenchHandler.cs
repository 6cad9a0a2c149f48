using Attune.Host.Bench;

namespace Attune.Host.Verbs;

/// <summary>Measures Attune's budgets in a database of its own on the configured server.</summary>
internal static class BenchHandler
{
    public static async Task<int> RunAsync(VerbContext context, long rows, bool asJson, CancellationToken stop)
    {
        await using var database = await VerbDatabase.OpenAsync(context, stop);
        var results = await BenchRun.RunAsync(
            database.ConnectionString, database.Options.Engine, new() { Rows = rows }, context.Error.WriteLine, stop);
        context.Output.Write(asJson ? BenchRun.AsJson(rows, results) + "\n" : "\n" + BenchRun.AsTable(results));
        return ExitCode.Done;
    }
}
