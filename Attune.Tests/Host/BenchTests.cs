using System.Text.Json;
using Attune.Host.Bench;
using Npgsql;

namespace Attune.Tests.Host;

/// <summary>That the bench runs to its end and cleans up; what it measures is no matter of a test.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class BenchTests(DatabaseEngine engine)
{
    [Test]
    public async Task Six_figures_each_have_a_reference_and_the_database_of_the_run_is_gone_afterwards()
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var server = await TestServer.GetAsync(engine);
        var database = await server.CopyAsync();
        var size = new BenchSize { Rows = 9_000, Batch = 500, Calling = TimeSpan.FromMilliseconds(100), Pipeline = 500 };

        var results = await BenchRun.RunAsync(database, engine, size, TestContext.Out.WriteLine, cancellation);

        Assert.That(results, Has.Count.EqualTo(6).And.All.Property(nameof(Measurement.Ratio)).GreaterThan(0));
        var json = JsonElement.Parse(BenchRun.AsJson(size.Rows, results));
        Assert.That(json.GetProperty("results").GetArrayLength(), Is.EqualTo(6));
        Assert.That(BenchRun.AsTable(results).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(7));
        await using var source = NpgsqlDataSource.Create(database);
        await using var left = source.CreateCommand("SELECT count(*) FROM pg_database WHERE datname LIKE 'attune_bench_%'");
        Assert.That(await left.ExecuteScalarAsync(cancellation), Is.EqualTo(0L));
        await server.DropByConnectionStringAsync(database);
    }
}
