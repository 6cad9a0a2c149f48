using Attune.Db.Maintenance;
using Dapper;

namespace Attune.Tests.Db;

/// <summary>TimescaleDB refreshes its aggregates when it likes, also while Attune keeps the time tables.</summary>
[TestFixture]
public sealed class BusyAggregateTests() : DatabaseFixture(DatabaseEngine.Timescale)
{
    // Where a running refresh says which hours it has taken.
    private const string Taken = "_timescaledb_catalog.continuous_aggs_jobs_refresh_ranges";

    [Test]
    public async Task Hours_that_the_engine_is_refreshing_stay_flagged_and_the_rest_of_the_maintenance_is_done()
    {
        Assume.That(
            await ScalarAsync<bool>("SELECT to_regclass(@Taken) IS NOT NULL", new { Taken }), Is.True, "this version has no such refusal");
        await ExecuteAsync(
            """
            INSERT INTO event (trigger_ref, created) SELECT 'busy.late', now() - INTERVAL '5 hours' FROM generate_series(1, 3);
            INSERT INTO event_key (source, key, event, event_created, created)
            VALUES ('busy', 'old', 1, now(), now() - INTERVAL '25 hours');
            """);

        await using (var refresh = await Database.OpenConnectionAsync(Cancellation))
        {
            await refresh.ExecuteAsync(new CommandDefinition(
                $"""
                INSERT INTO {Taken} (materialization_id, start_range, end_range, pid, job_id, created_at)
                SELECT mat_hypertable_id, -9223372036854775808, 9223372036854775807, pg_backend_pid(), 1000, now()
                  FROM _timescaledb_catalog.continuous_agg
                 WHERE user_view_name = 'event_volume_hourly_aggregate'
                """,
                cancellationToken: Cancellation));

            Assert.That(await MaintainAsync(), Is.True);

            Assert.That(await FlaggedAsync(), Is.EqualTo(1));
            Assert.That(await CountedAsync(), Is.EqualTo(3));
            Assert.That(await ScalarAsync<long>("SELECT count(*) FROM event_key WHERE source = 'busy'"), Is.Zero);
            await ExecuteAsync($"DELETE FROM {Taken} WHERE job_id = 1000");
        }

        await Eventually.HoldsAsync(async () => await MaintainAsync() && await FlaggedAsync() == 0, "a later maintenance counts them");
        Assert.That(await CountedAsync(), Is.EqualTo(3));
    }

    private Task<bool> MaintainAsync() => Get<TimeTables>().MaintainAsync(Cancellation);

    private Task<long> FlaggedAsync() => ScalarAsync<long>("SELECT count(*) FROM hourly_late WHERE table_name = 'event'");

    private Task<long> CountedAsync() =>
        ScalarAsync<long>("SELECT sum(event_count) FROM event_volume_hourly WHERE trigger_ref = 'busy.late'");
}
