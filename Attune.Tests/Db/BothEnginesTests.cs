
namespace Attune.Tests.Db;

[TestFixture]
public sealed class BothEnginesTests
{
    // What an engine has for itself, deliberately: everything else is the same.
    private static readonly string[] NativeOnly =
    [
        "function partition_name(table_name text, range_start timestamp with time zone) RETURNS text",
        "procedure drop_expired(IN wanted text)",
    ];

    private static readonly string[] TimescaleOnly = ["function time_community() RETURNS boolean"];

    [Test]
    public async Task Both_engines_end_with_the_same_columns_indexes_constraints_triggers_views_and_functions()
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        await using var native = await ScratchDatabase.MigratedAsync(DatabaseEngine.Native);
        await using var timescale = await ScratchDatabase.MigratedAsync(DatabaseEngine.Timescale);

        var nativeLines = await Catalogue.ReadAsync(native.Database, cancellation);
        var timescaleLines = await Catalogue.ReadAsync(timescale.Database, cancellation);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(nativeLines, Has.Count.GreaterThan(300));
            Assert.That(nativeLines.Except(timescaleLines), Is.EquivalentTo(NativeOnly));
            Assert.That(timescaleLines.Except(nativeLines).Where(line => !OfAggregates(line)), Is.EquivalentTo(TimescaleOnly));
            Assert.That(await native.JournalAsync(cancellation), Is.EqualTo(await timescale.JournalAsync(cancellation)));
        }
    }

    // A continuous aggregate is a view beside the one that is read.
    private static bool OfAggregates(string line) => line.Contains("_hourly_aggregate", StringComparison.Ordinal);
}
