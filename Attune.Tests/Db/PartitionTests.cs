using Attune.Db.Maintenance;

namespace Attune.Tests.Db;

/// <summary>What Attune does itself on stock PostgreSQL, and TimescaleDB does by its policies.</summary>
public sealed class PartitionTests : NativeDatabaseTest
{
    private static readonly string[] Tables = ["enforcement", "event", "execution", "execution_history", "worker_history"];

    [TestCaseSource(nameof(Tables))]
    public async Task Partitions_are_there_a_fortnight_ahead_without_a_gap(string table)
    {
        await MaintainAsync();

        Assert.That(
            await ScalarAsync<bool>(
                """
                SELECT min(range_start) <= now() AND max(range_end) > now() + INTERVAL '14 days'
                       AND count(*) = extract(epoch FROM max(range_end) - min(range_start))
                                      / extract(epoch FROM min(range_end - range_start))
                  FROM time_ranges(@table)
                 WHERE range_end > now()
                """,
                new { table }),
            Is.True);
    }

    [Test]
    public async Task Weekly_partitions_begin_on_mondays() =>
        Assert.That(
            await QueryAsync<int>("SELECT DISTINCT extract(isodow FROM range_start)::int FROM time_ranges('worker_history')"),
            Is.EqualTo((int[])[1]));

    [TestCaseSource(nameof(Tables))]
    public async Task A_partition_has_every_index_of_its_table(string table) =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT inhrelid::regclass::text
                  FROM pg_inherits
                 WHERE inhparent = @table::regclass
                   AND (SELECT count(*) FROM pg_index WHERE indrelid = inhrelid)
                       <> (SELECT count(*) FROM pg_index WHERE indrelid = inhparent)
                """,
                new { table }),
            Is.Empty);

    [Test]
    public async Task Expired_partitions_are_dropped_whole_with_their_hours()
    {
        await ExecuteAsync("CALL ensure_partitions('event', now() - INTERVAL '100 days', now() - INTERVAL '91 days')");
        await ExecuteAsync(
            """
            INSERT INTO event (trigger_ref, created)
            SELECT 'expired.trigger', now() - i * INTERVAL '1 day' FROM generate_series(85, 99, 7) AS i;
            INSERT INTO hourly_count (view_name, bucket, ref, status, row_count)
            VALUES ('event_volume_hourly', hour_floor(now() - INTERVAL '95 days'), 'expired.trigger', '', 1);
            """);

        await MaintainAsync();

        Assert.That(
            await ScalarAsync<long>("SELECT count(*) FROM time_ranges('event') WHERE range_end <= now() - INTERVAL '90 days'"), Is.Zero);
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM event WHERE trigger_ref = 'expired.trigger'"), Is.EqualTo(1));
        Assert.That(
            await ScalarAsync<long>("SELECT sum(event_count) FROM event_volume_hourly WHERE trigger_ref = 'expired.trigger'"),
            Is.EqualTo(1));
    }

    [Test]
    public async Task A_database_switched_off_for_a_month_takes_rows_at_once_and_moves_them_into_place_unnoticed()
    {
        foreach (var table in Tables)
        {
            foreach (var chunk in await QueryAsync<string>("SELECT chunk FROM time_ranges(@table)", new { table }))
            {
                await ExecuteAsync($"DROP TABLE {chunk}");
            }
        }

        await ExecuteAsync(
            """
            INSERT INTO event (trigger_ref) VALUES ('off.month');
            INSERT INTO enforcement (rule_ref, trigger_ref, payload) VALUES ('off.month', 'off.month', '{}');
            INSERT INTO execution (action_ref) VALUES ('off.month');
            UPDATE execution SET status = 'running' WHERE action_ref = 'off.month';
            INSERT INTO worker (name, worker_type, worker_role) VALUES ('off.month', 'local', 'action');
            """);
        Assert.That(await HomesAsync(), Has.All.EndsWith("_default"));

        await using (var notices = await Notices.ListenAsync(Database, Cancellation))
        {
            await MaintainAsync();
            Assert.That(await notices.ReadAsync(Cancellation), Is.Empty);
        }

        Assert.That(await HomesAsync(), Has.None.EndsWith("_default").And.Count.EqualTo(6));
        Assert.That(
            await QueryAsync<string>("SELECT operation FROM execution_history WHERE entity_ref = 'off.month' ORDER BY sequence"),
            Is.EqualTo((string[])["INSERT", "UPDATE"]));
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM hourly_late"), Is.Zero);
        Assert.That(
            await ScalarAsync<long>("SELECT sum(event_count) FROM event_volume_hourly WHERE trigger_ref = 'off.month'"), Is.EqualTo(1));
        await ExecuteAsync("UPDATE execution SET status = 'completed' WHERE action_ref = 'off.month'");
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM execution_history WHERE entity_ref = 'off.month'"), Is.EqualTo(3));

        async Task<IReadOnlyList<string>> HomesAsync() => await QueryAsync<string>(
            """
            SELECT tableoid::regclass::text FROM event WHERE trigger_ref = 'off.month'
             UNION ALL SELECT tableoid::regclass::text FROM enforcement WHERE rule_ref = 'off.month'
             UNION ALL SELECT tableoid::regclass::text FROM execution WHERE action_ref = 'off.month'
             UNION ALL SELECT tableoid::regclass::text FROM execution_history WHERE entity_ref = 'off.month'
             UNION ALL SELECT tableoid::regclass::text FROM worker_history WHERE entity_ref = 'off.month'
            """);
    }

    [Test]
    public async Task Rows_brought_in_from_before_get_partitions_of_their_own()
    {
        await ExecuteAsync(
            "INSERT INTO event (trigger_ref, created) SELECT 'brought.in', now() - i * INTERVAL '1 day' FROM generate_series(20, 29) AS i");

        await MaintainAsync();

        Assert.That(
            await ScalarAsync<long>(
                """
                SELECT count(DISTINCT tableoid)
                  FROM event
                 WHERE trigger_ref = 'brought.in'
                   AND tableoid <> 'event_default'::regclass
                """),
            Is.EqualTo(10));
    }

    [TestCase("-infinity")]
    [TestCase("0001-01-01 00:00:00+00")]
    [TestCase("2100-01-01 00:00:00+00")]
    [TestCase("9999-12-31 23:59:59+00")]
    [TestCase("infinity")]
    public async Task An_insert_of_any_date_is_accepted_and_does_not_stop_the_maintenance(string created)
    {
        await ExecuteAsync("INSERT INTO event (trigger_ref, created) VALUES ('any.date', @created::timestamptz)", new { created });

        Assert.That(await MaintainAsync(), Is.True);
    }

    [Test]
    public async Task Idempotency_keys_are_kept_for_a_day()
    {
        await ExecuteAsync(
            """
            INSERT INTO event_key (source, key, event, event_created, created)
            VALUES ('keys', 'old', 1, now(), now() - INTERVAL '25 hours'), ('keys', 'young', 2, now(), now() - INTERVAL '23 hours')
            """);

        await MaintainAsync();

        Assert.That(await QueryAsync<string>("SELECT key FROM event_key WHERE source = 'keys'"), Is.EqualTo((string[])["young"]));
    }

    [Test]
    public async Task Maintenance_that_many_begin_at_once_is_done_by_one_at_a_time()
    {
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(MaintainAsync)));

        Assert.That(done, Has.Some.True);
        Assert.That(await MaintainAsync(), Is.True);
    }

    private Task<bool> MaintainAsync() => Get<TimeTables>().MaintainAsync(Cancellation);
}
