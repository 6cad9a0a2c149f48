namespace Attune.Tests.Db;

/// <summary>What TimescaleDB was told, as it tells it back.</summary>
[TestFixture]
public sealed class TimescaleSettingsTests() : DatabaseFixture(DatabaseEngine.Timescale)
{
    [Test]
    public async Task Chunks_are_as_wide_as_the_design_says() =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT concat_ws(' | ', hypertable_name, column_name, time_interval)
                  FROM timescaledb_information.dimensions
                 WHERE hypertable_schema = 'attune'
                 ORDER BY hypertable_name
                """),
            Is.EqualTo((string[])
            [
                "enforcement | created | 1 day",
                "event | created | 1 day",
                "execution | created | 1 day",
                "execution_history | time | 1 day",
                "execution_log | created | 1 day",
                "webhook_delivery | received | 1 day",
                "worker_history | time | 7 days",
            ]));

    [Test]
    public async Task Rows_are_compressed_by_their_reference_and_in_the_order_in_which_they_are_read() =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT concat_ws(' | ', hypertable_name,
                                 string_agg(attname, ', ' ORDER BY segmentby_column_index) FILTER (WHERE segmentby_column_index > 0),
                                 string_agg(attname || CASE WHEN orderby_asc THEN '' ELSE ' DESC' END, ', ' ORDER BY orderby_column_index)
                                     FILTER (WHERE orderby_column_index > 0))
                  FROM timescaledb_information.compression_settings
                 WHERE hypertable_schema = 'attune'
                 GROUP BY hypertable_name
                 ORDER BY hypertable_name
                """),
            Is.EqualTo((string[])
            [
                "enforcement | rule_ref | created DESC, id DESC",
                "event | trigger_ref | created DESC, id DESC",
                "execution | action_ref | created DESC, id DESC",
                "execution_history | entity_ref | entity_id, time DESC, sequence DESC",
                "worker_history | entity_ref | entity_id, time DESC, sequence DESC",
            ]));

    [Test]
    public async Task Policies_compress_and_drop_when_the_design_says() =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT concat_ws(' | ', hypertable_name, config ->> 'compress_after', config ->> 'drop_after')
                  FROM timescaledb_information.jobs
                 WHERE hypertable_schema = 'attune'
                   AND hypertable_name IN (SELECT table_name FROM time_table)
                   AND proc_name IN ('policy_compression', 'policy_retention')
                 ORDER BY hypertable_name, proc_name
                """),
            Is.EqualTo((string[])
            [
                "enforcement | 7 days",
                "enforcement | 90 days",
                "event | 7 days",
                "event | 90 days",
                "execution | 7 days",
                "execution | 90 days",
                "execution_history | 7 days",
                "execution_history | 90 days",
                "execution_log | 90 days",
                "webhook_delivery | 14 days",
                "worker_history | 7 days",
                "worker_history | 180 days",
            ]));

    [Test]
    public async Task Hourly_aggregates_show_rows_that_are_not_materialised_yet() =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT concat_ws(' | ', view_name, materialized_only)
                  FROM timescaledb_information.continuous_aggregates
                 WHERE view_schema = 'attune'
                 ORDER BY view_name
                """),
            Is.EqualTo((string[])
            [
                "enforcement_volume_hourly_aggregate | f",
                "event_volume_hourly_aggregate | f",
                "execution_status_hourly_aggregate | f",
                "execution_throughput_hourly_aggregate | f",
                "worker_status_hourly_aggregate | f",
            ]));

    [Test]
    public async Task No_aggregate_is_refreshed_up_to_the_hour_in_which_rows_still_come() =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT DISTINCT concat_ws(' | ', schedule_interval, config ->> 'start_offset', config ->> 'end_offset')
                  FROM timescaledb_information.jobs
                 WHERE proc_name = 'policy_refresh_continuous_aggregate'
                """),
            Is.EqualTo((string[])["00:30:00 | 02:00:00"]));
}
