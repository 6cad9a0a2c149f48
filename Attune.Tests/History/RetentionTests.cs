using Attune.Modules.History;

namespace Attune.Tests.History;

public sealed class RetentionTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    [Test]
    public async Task How_long_rows_are_kept_is_what_is_set_and_ids_below_what_is_kept_have_expired()
    {
        await ExecuteAsync("UPDATE time_table SET keep = INTERVAL '60 days' WHERE table_name = 'execution'");
        await ExecuteAsync("""
            INSERT INTO id_range (table_name, range_start, range_end, min_id, max_id)
            SELECT 'event', day, day + INTERVAL '1 day', 100 * number, 100 * number + 99
              FROM generate_series(1, 5) AS number
             CROSS JOIN LATERAL (SELECT date_trunc('day', now(), 'UTC') - (93 - number) * INTERVAL '1 day' AS day) AS days
            """);
        var retention = new Modules.History.Storage.Retention(Database, TimeProvider.System);

        var events = await retention.ReadAsync(IdTable.Event, Cancellation);
        var executions = await retention.ReadAsync(IdTable.Execution, Cancellation);

        Assert.That((events.Keep, executions.Keep), Is.EqualTo((TimeSpan.FromDays(90), TimeSpan.FromDays(60))));
        Assert.That(events.LowestId, Is.EqualTo(300), "two of the days ended 90 days ago or earlier");
        Assert.That(
            new[] { 0, 1, 299, 300, 5_000 }.Select(id => events.HasExpired(id)), Is.EqualTo((bool[])[false, true, true, false, false]));
        Assert.That(executions.LowestId, Is.Null, "nothing has expired yet");
        Assert.That(executions.HasExpired(1), Is.False);
    }

    [Test]
    public void A_range_has_expired_when_it_ends_before_what_is_kept()
    {
        var now = DateTimeOffset.UtcNow;
        var kept = new KeptRows { Keep = TimeSpan.FromDays(90) };

        Assert.That(kept.HasExpired(now.AddDays(-90), now), Is.True);
        Assert.That(kept.HasExpired(now.AddDays(-90).AddTicks(1), now), Is.False);
    }
}
