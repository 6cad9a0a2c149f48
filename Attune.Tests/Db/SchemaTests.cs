namespace Attune.Tests.Db;

public sealed class SchemaTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static readonly string[] TimeTables = ["enforcement", "event", "execution", "execution_history", "webhook_delivery", "worker_history"];

    [Test]
    public async Task The_time_tables_have_the_figures_of_the_design()
    {
        var kept = await QueryAsync<string>(
            """
            SELECT concat_ws(' | ', table_name, time_column, width, segment_by, order_by, compress_after, keep)
              FROM time_table
             ORDER BY table_name
            """);

        Assert.That(kept, Is.EqualTo((string[])
        [
            "enforcement | created | 1 day | rule_ref | created DESC, id DESC | 7 days | 90 days",
            "event | created | 1 day | trigger_ref | created DESC, id DESC | 7 days | 90 days",
            "execution | created | 1 day | action_ref | created DESC, id DESC | 7 days | 90 days",
            "execution_history | time | 1 day | entity_ref | entity_id, time DESC, sequence DESC | 7 days | 90 days",
            "execution_log | created | 1 day | execution | created DESC, execution DESC, number DESC | 90 days",
            "webhook_delivery | received | 1 day | trigger_ref | received DESC, id DESC | 14 days",
            "worker_history | time | 7 days | entity_ref | entity_id, time DESC, sequence DESC | 7 days | 180 days",
        ]));
    }

    [TestCase("event")]
    [TestCase("enforcement")]
    [TestCase("execution")]
    public async Task The_primary_key_of_a_ledger_table_is_id_and_created(string table) =>
        Assert.That(
            await ScalarAsync<string>(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = @table::regclass AND contype = 'p'", new { table }),
            Is.EqualTo("PRIMARY KEY (id, created)"));

    [TestCase("event")]
    [TestCase("enforcement")]
    public async Task Events_and_enforcements_have_no_updated(string table) =>
        Assert.That(
            await ScalarAsync<long>(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = @table::regclass AND attname LIKE '%updated%'", new { table }),
            Is.Zero);

    [Test]
    public async Task There_is_no_history_of_events_and_enforcements() =>
        Assert.That(
            await QueryAsync<string>(
                "SELECT relname FROM pg_class WHERE relname LIKE 'event%history%' OR relname LIKE 'enforcement%history%'"),
            Is.Empty);

    [Test]
    public async Task No_foreign_key_touches_a_time_table() =>
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT conname
                  FROM pg_constraint
                 WHERE contype = 'f'
                   AND (conrelid = ANY (@TimeTables::text[]::regclass[]) OR confrelid = ANY (@TimeTables::text[]::regclass[]))
                """,
                new { TimeTables }),
            Is.Empty);

    [Test]
    public async Task Every_index_that_is_no_constraint_says_which_query_walks_it()
    {
        var silent = await QueryAsync<string>(
            $"""
            WITH parent AS ({Catalogue.Parents})
            SELECT indexrelid::regclass::text
              FROM parent
              JOIN pg_index ON indrelid = parent.oid
             WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
               AND coalesce(obj_description(indexrelid, 'pg_class'), '') = ''
            """);

        Assert.That(silent, Is.Empty);
    }

    [Test]
    public async Task Every_time_table_has_an_index_for_its_newest_first_list()
    {
        foreach (var table in TimeTables)
        {
            var column = await ScalarAsync<string>("SELECT time_column FROM time_table WHERE table_name = @table", new { table });

            Assert.That(
                await QueryAsync<string>("SELECT indexdef FROM pg_indexes WHERE tablename = @table", new { table }),
                Has.Some.Matches($@"\(""?{column}""? DESC, (id|sequence) DESC\)$"),
                table);
        }
    }

    [Test]
    public async Task A_database_says_which_engine_it_was_made_for() =>
        Assert.That(
            await ScalarAsync<string>("SELECT time_engine()"),
            Is.EqualTo(Engine == DatabaseEngine.Native ? "native" : "timescale"));

    [Test]
    public async Task A_new_installation_has_the_core_pack_and_a_webhook_key_of_its_own()
    {
        Assert.That(
            await QueryAsync<string>("SELECT ref FROM trigger ORDER BY ref"), Is.SupersetOf((string[])
            [
                "core.cron", "core.crontimer", "core.date_time", "core.datetimetimer", "core.interval", "core.intervaltimer",
                "core.webhook",
            ]));
        Assert.That(
            await QueryAsync<string>("SELECT ref FROM action ORDER BY ref"),
            Is.SupersetOf((string[])["core.echo", "core.email", "core.emit_event", "core.http_request", "core.noop", "core.sleep"]));
        Assert.That(await ScalarAsync<bool>("SELECT enabled FROM rule WHERE ref = 'core.heartbeat'"), Is.True);
        Assert.That(await ScalarAsync<int>("SELECT version FROM rule_version WHERE rule_ref = 'core.heartbeat'"), Is.EqualTo(1));
        Assert.That(
            await ScalarAsync<string>("SELECT webhook_key FROM trigger WHERE ref = 'core.webhook'"), Does.Match("^wh_[0-9a-f]{32}$"));
    }
}
