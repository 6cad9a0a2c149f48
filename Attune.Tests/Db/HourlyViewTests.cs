using Attune.Db.Maintenance;
using Dapper;
using Npgsql;

namespace Attune.Tests.Db;

/// <summary>The hourly views are the rows counted, hour by hour, at any moment.</summary>
public sealed class HourlyViewTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    // Each view beside the count that it stands for.
    private static readonly (string View, string Rows)[] Pairs =
    [
        ("SELECT bucket, trigger_ref, '' AS status, event_count AS counted FROM event_volume_hourly",
         "SELECT hour_floor(created), trigger_ref, '', 1 FROM event"),
        ("SELECT bucket, rule_ref, '' AS status, enforcement_count AS counted FROM enforcement_volume_hourly",
         "SELECT hour_floor(created), rule_ref, '', 1 FROM enforcement"),
        ("SELECT bucket, action_ref, '' AS status, execution_count AS counted FROM execution_throughput_hourly",
         "SELECT hour_floor(time), entity_ref, '', 1 FROM execution_history WHERE operation = 'INSERT'"),
        ("SELECT bucket, action_ref, new_status AS status, transition_count AS counted FROM execution_status_hourly",
         "SELECT hour_floor(time), entity_ref, new_values ->> 'status', 1 FROM execution_history WHERE 'status' = ANY (changed_fields)"),
        ("SELECT bucket, worker_name, new_status AS status, transition_count AS counted FROM worker_status_hourly",
         "SELECT hour_floor(time), entity_ref, new_values ->> 'status', 1 FROM worker_history WHERE 'status' = ANY (changed_fields)"),
    ];

    [Test]
    public async Task Fresh_rows_are_counted_at_once()
    {
        await WriteAsync("views.fresh", "now()");

        await AssertRightAsync("fresh");
        Assert.That(
            await ScalarAsync<long>("SELECT sum(event_count) FROM event_volume_hourly WHERE trigger_ref = 'views.fresh'"), Is.EqualTo(3));
        Assert.That(
            await QueryAsync<string>("SELECT DISTINCT new_status FROM execution_status_hourly WHERE action_ref = 'views.fresh' ORDER BY 1"),
            Is.EqualTo((string[])["completed", "running"]));
    }

    [TestCase("2 hours")]
    [TestCase("25 hours")]
    [TestCase("10 days")]
    public async Task Late_rows_are_counted_at_once_and_after_the_maintenance(string age)
    {
        await MaintainAsync();
        await WriteAsync($"views.late_{age.Replace(' ', '_')}", $"now() - INTERVAL '{age}'");
        await AssertRightAsync("late");

        await MaintainAsync();
        await AssertRightAsync("late, after the maintenance");
        await WriteAsync($"views.later_{age.Replace(' ', '_')}", $"now() - INTERVAL '{age}'");
        await AssertRightAsync("later, into an hour that was kept");
    }

    [Test]
    public async Task Rows_that_go_are_no_longer_counted()
    {
        await WriteAsync("views.going", "now() - INTERVAL '5 hours'");
        await WriteAsync("views.going", "now()");
        await MaintainAsync();

        await ExecuteAsync("DELETE FROM event WHERE id IN (SELECT id FROM event WHERE trigger_ref = 'views.going' ORDER BY id LIMIT 2)");
        await ExecuteAsync("DELETE FROM enforcement WHERE rule_ref = 'views.going'");
        await ExecuteAsync("DELETE FROM execution_history WHERE entity_ref = 'views.going'");
        await AssertRightAsync("deleted");

        await MaintainAsync();
        await AssertRightAsync("deleted, after the maintenance");
    }

    [Test]
    public async Task Two_late_hours_in_turn_within_one_transaction_are_both_flagged()
    {
        await MaintainAsync();
        await ExecuteAsync(
            """
            INSERT INTO event (trigger_ref, created)
            SELECT 'views.turns', now() - (3 + i % 2) * INTERVAL '1 hour' FROM generate_series(1, 20) AS i
            """);
        await AssertRightAsync("in turn");
    }

    [Test]
    public async Task A_flag_that_is_rolled_back_with_its_rows_does_not_hide_the_next_one()
    {
        await MaintainAsync();
        await ExecuteAsync(
            """
            BEGIN;
            SAVEPOINT tried;
            INSERT INTO event (trigger_ref, created) VALUES ('views.rolled_back', now() - INTERVAL '7 hours');
            ROLLBACK TO SAVEPOINT tried;
            INSERT INTO event (trigger_ref, created) VALUES ('views.rolled_back', now() - INTERVAL '7 hours');
            COMMIT;
            """);
        await AssertRightAsync("after a savepoint");
    }

    [Test]
    public async Task A_transaction_held_open_over_the_maintenance_is_counted_when_it_commits()
    {
        await using var writer = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await writer.BeginTransactionAsync(Cancellation);
        await InsertAsync(writer, "now()");
        await InsertAsync(writer, "now() - INTERVAL '90 minutes'");
        await InsertAsync(writer, "now() - INTERVAL '6 hours'");

        await MaintainAsync();
        await AssertRightAsync("held open");
        await InsertAsync(writer, "now() - INTERVAL '6 hours'");
        await transaction.CommitAsync(Cancellation);

        await AssertRightAsync("committed");
        await MaintainAsync();
        await AssertRightAsync("committed, after the maintenance");
        Assert.That(
            await ScalarAsync<long>("SELECT sum(event_count) FROM event_volume_hourly WHERE trigger_ref = 'views.held'"), Is.EqualTo(4));

        Task InsertAsync(NpgsqlConnection connection, string created) => connection.ExecuteAsync(new CommandDefinition(
            $"INSERT INTO event (trigger_ref, created) VALUES ('views.held', {created})",
            transaction: transaction,
            cancellationToken: Cancellation));
    }

    [Test]
    public async Task Counts_are_kept_below_the_watermark_only()
    {
        await WriteAsync("views.watermark", "now() - INTERVAL '4 hours'");
        await MaintainAsync();

        Assert.That(
            await ScalarAsync<bool>(
                "SELECT bool_and(watermark = 'infinity' OR watermark <= now() - INTERVAL '10 seconds') FROM hourly_view"),
            Is.True);

        // An hour that the engine itself refreshes at the moment is left to the next maintenance.
        await Eventually.HoldsAsync(
            async () =>
            {
                await MaintainAsync();
                return await ScalarAsync<long>(
                    "SELECT count(*) FROM hourly_late WHERE bucket < hour_floor(now() - INTERVAL '3 hours')") == 0;
            },
            "no hour is flagged that was counted");
    }

    [Test]
    public async Task Views_stay_right_while_writers_and_the_maintenance_work_side_by_side()
    {
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                await ExecuteAsync(
                    "INSERT INTO event (trigger_ref, created) VALUES ('views.busy', now() - @hours * INTERVAL '1 hour')",
                    new { hours = (i + writer) % 6 });
            }
        })).ToList();
        while (writers.Any(writer => !writer.IsCompleted))
        {
            await MaintainAsync();
            await AssertRightAsync("side by side");
        }

        await Task.WhenAll(writers);
        await AssertRightAsync("when they are done");
        Assert.That(
            await ScalarAsync<long>("SELECT sum(event_count) FROM event_volume_hourly WHERE trigger_ref = 'views.busy'"), Is.EqualTo(45));
    }

    private Task MaintainAsync() => Get<TimeTables>().MaintainAsync(Cancellation);

    private Task WriteAsync(string reference, string at) => ExecuteAsync(
        $$"""
        INSERT INTO event (trigger_ref, created) SELECT '{{reference}}', {{at}} FROM generate_series(1, 3);
        INSERT INTO enforcement (rule_ref, trigger_ref, payload, created)
        SELECT '{{reference}}', 't.t', '{}', {{at}} FROM generate_series(1, 2);
        INSERT INTO execution_history (time, operation, entity_id, entity_ref) VALUES ({{at}}, 'INSERT', 1, '{{reference}}');
        INSERT INTO execution_history (time, operation, entity_id, entity_ref, changed_fields, new_values)
        VALUES ({{at}}, 'UPDATE', 1, '{{reference}}', '{status}', '{"status": "running"}'),
               ({{at}}, 'UPDATE', 1, '{{reference}}', '{status,result}', '{"status": "completed"}'),
               ({{at}}, 'UPDATE', 1, '{{reference}}', '{worker}', '{"worker": 2}');
        INSERT INTO worker_history (time, operation, entity_id, entity_ref, changed_fields, new_values)
        VALUES ({{at}}, 'UPDATE', 1, '{{reference}}', '{status}', '{"status": "busy"}');
        """);

    private async Task AssertRightAsync(string when)
    {
        foreach (var (view, rows) in Pairs)
        {
            // One statement: both sides see the same rows.
            var wrong = await QueryAsync<string>(
                $"""
                WITH shown (bucket, ref, status, counted) AS ({view}),
                     stored (bucket, ref, status, counted) AS ({rows}),
                     shown_sums AS (SELECT bucket, ref, status, sum(counted) AS counted
                                      FROM shown
                                     GROUP BY 1, 2, 3
                                    HAVING sum(counted) <> 0),
                     stored_sums AS (SELECT bucket, ref, status, count(*) AS counted FROM stored GROUP BY 1, 2, 3)
                SELECT concat_ws(' ', bucket, ref, status, 'shown', shown_sums.counted, 'stored', stored_sums.counted)
                  FROM shown_sums
                  FULL JOIN stored_sums USING (bucket, ref, status)
                 WHERE shown_sums.counted IS DISTINCT FROM stored_sums.counted
                """);
            Assert.That(wrong, Is.Empty, $"{when}: {view}");
        }
    }
}
