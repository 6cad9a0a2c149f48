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
}
