using System.Globalization;
using System.Text;
using System.Text.Json;
using Attune.Db;

namespace Attune.Host.Bench;

/// <summary>What the verb <c>bench</c> measures: each figure beside a reference from the same run, and held against its budget.</summary>
internal static class BenchRun
{
    private static readonly JsonSerializerOptions Indented = Json.Configure(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>Runs all of it in a database of its own on a server, and drops that database.</summary>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(
        string server, DatabaseEngine engine, BenchSize size, Action<string> report, CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(server, engine, cancellationToken);
        var fact = await database.Get<DatabaseFacts>().GetAsync(cancellationToken);
        report($"PostgreSQL {fact.ServerVersion}, {(fact.TimescaleVersion is { } version ? $"TimescaleDB {version}" : "native")}, {size.Rows:N0} events over {BenchData.Days} days");

        var writes = new WriteBenchmarks(database);
        await writes.PrepareAsync(cancellationToken);
        var results = new List<Measurement>();
        Add(await writes.BatchAsync(size.Batch, cancellationToken));
        Add(await writes.CallersAsync(size.Calling, cancellationToken));
        Add(await writes.PipelineAsync(size.Pipeline, cancellationToken));

        await BenchData.FillAsync(database, size.Rows, report, cancellationToken);

        // The callers have left many connections behind, none of which has met the partitions: reading begins with new ones.
        database.Source.Clear();
        var reads = new ReadBenchmarks(database);
        Add(await reads.DetailAsync(cancellationToken));
        Add(await reads.ListAsync(report, cancellationToken));
        Add(await reads.VolumesAsync(cancellationToken));
        return results;

        void Add(Measurement one)
        {
            results.Add(one);
            report(Line(one));
        }
    }

    public static string AsJson(long rows, IReadOnlyList<Measurement> results) => JsonSerializer.Serialize(new { rows, results }, Indented);

    public static string AsTable(IReadOnlyList<Measurement> results)
    {
        var table = new StringBuilder();
        string[][] cells =
        [
            ["what", "reached", "reference", "ratio", "budget", ""],
            .. results.Select(one => (string[])[one.Name, one.Figure, one.Reference, Ratio(one), one.Budget, one.Met ? "met" : "MISSED"]),
        ];
        foreach (var row in cells)
        {
            for (var column = 0; column < row.Length; column++)
            {
                table.Append(row[column].PadRight(cells.Max(cell => cell[column].Length) + 2));
            }

            table.AppendLine();
        }

        return table.ToString();
    }

    private static string Line(Measurement one) => $"{one.Name}: {one.Figure}, reference {one.Reference}, {Ratio(one)}";

    private static string Ratio(Measurement one) => one.Ratio.ToString("N2", CultureInfo.InvariantCulture) + " ×";
}
