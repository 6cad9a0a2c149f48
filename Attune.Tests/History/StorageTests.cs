using Attune.Modules.History.Storage;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.History;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class StorageTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task Each_table_that_is_kept_by_time_says_its_parts_its_size_and_its_next_drop()
    {
        var key = await Api.TriggerWithWebhookAsync("stored.event");
        await Api.DeliverAsync(key, "{}");

        var report = await Api.DataAsync("/api/v1/storage");

        var tables = report.GetProperty("tables").EnumerateArray().ToDictionary(table => table.GetProperty("name").GetString()!);
        Assert.That(tables.Keys, Is.SupersetOf((string[])["event", "enforcement", "execution", "webhook_delivery"]));
        var events = tables["event"];
        Assert.That(events.GetProperty("parts").GetArrayLength(), Is.Positive);
        Assert.That(events.GetProperty("bytes").GetInt64(), Is.Positive);
        var first = events.GetProperty("parts")[0];
        Assert.That(
            events.GetProperty("next_drop").GetDateTimeOffset(), Is.EqualTo(first.GetProperty("until").GetDateTimeOffset().AddDays(90)));
        Assert.That(report.GetProperty("database_bytes").GetInt64(), Is.GreaterThan(events.GetProperty("bytes").GetInt64()));
    }

    [Test]
    public async Task What_compression_saved_is_said_by_part_and_by_table_where_the_engine_compresses()
    {
        var database = Running.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            INSERT INTO event (trigger_ref, payload, created)
            SELECT 'stored.old', jsonb_build_object('text', repeat('compressible ', 20)), now() - INTERVAL '20 days'
              FROM generate_series(1, 2000)
            """);
        if (Engine == DatabaseEngine.Timescale)
        {
            await connection.ExecuteAsync("SELECT compress_chunk(chunk) FROM show_chunks('event', older_than => INTERVAL '10 days') AS chunk");
        }

        var report = await new StorageReports(database, Running.Services.GetRequiredService<DatabaseFacts>(), TimeProvider.System).ReadAsync(CancellationToken.None);

        var events = report.Tables.Single(table => table.Name == "event");
        var old = events.Parts.MinBy(part => part.Since)!;
        using (Assert.EnterMultipleScope())
        {
            if (Engine == DatabaseEngine.Timescale)
            {
                Assert.That(old.IsCompressed, Is.True);
                Assert.That(old.Compression!.BytesBefore, Is.GreaterThan(10 * old.Compression.BytesAfter));
                Assert.That(old.Compression.Ratio, Is.GreaterThan(10));
                Assert.That(old.Bytes, Is.GreaterThanOrEqualTo(old.Compression.BytesAfter).And.LessThan(old.Compression.BytesBefore));
                Assert.That(events.Compression, Is.EqualTo(old.Compression), "it is the only one");
                Assert.That(events.Parts.Where(part => !part.IsCompressed).Select(part => part.Compression), Is.Not.Empty.And.All.Null);
            }
            else
            {
                Assert.That(events.Parts.Select(part => part.Compression).Append(events.Compression), Is.All.Null);
            }
        }
    }
}
