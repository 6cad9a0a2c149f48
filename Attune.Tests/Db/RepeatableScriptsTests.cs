using Attune.Db.Migrations;
using Dapper;

namespace Attune.Tests.Db;

/// <summary>Functions and views are scripts that run again when their text has changed, after the numbered ones.</summary>
public sealed class RepeatableScriptsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private const string Notify = "repeatable/notify.sql";

    // The text of every function, procedure and view, with the row version that each new definition changes. Of a continuous aggregate
    // only the plain view over it is Attune's to replace.
    private const string Definitions = """
        SELECT proname AS name, pg_get_functiondef(oid) AS text, xmin::text AS version
          FROM pg_proc
         WHERE pronamespace = 'attune'::regnamespace
         UNION ALL
        SELECT relname, pg_get_viewdef(pg_class.oid), pg_rewrite.xmin::text
          FROM pg_class
          JOIN pg_rewrite ON ev_class = pg_class.oid
         WHERE relnamespace = 'attune'::regnamespace
           AND relkind = 'v'
           AND relname NOT LIKE '%\_aggregate'
         ORDER BY 1
        """;

    [Test]
    public async Task A_repeatable_script_whose_text_has_changed_is_pending_and_printed_and_run_again()
    {
        await using var database = await ScratchDatabase.MigratedAsync(Engine);
        var asBuilt = await DefinitionsAsync(database);
        await OlderTextAsync(database);
        var migrator = database.Migrator(Engine);

        Assert.That(await migrator.PendingAsync(Cancellation), Is.EqualTo((string[])[Notify]));
        Assert.That(
            await migrator.ScriptAsync(Cancellation),
            Does.Contain($"-- {Notify}").And.Contain("notify_event_created").And.Not.Contain("-- 0001_"));
        Assert.That(await migrator.MigrateAsync(Cancellation), Is.EqualTo(1));

        Assert.That(await migrator.PendingAsync(Cancellation), Is.Empty);
        Assert.That((await DefinitionsAsync(database)).Select(Text), Is.EqualTo(asBuilt.Select(Text)));
    }

    [Test]
    public async Task A_changed_script_that_is_printed_and_run_by_hand_is_pending_no_more()
    {
        await using var database = await ScratchDatabase.MigratedAsync(Engine);
        var asBuilt = await DefinitionsAsync(database);
        await OlderTextAsync(database);
        var migrator = database.Migrator(Engine);

        await database.ExecuteAsync((await migrator.ScriptAsync(Cancellation))!, Cancellation);

        Assert.That(await migrator.PendingAsync(Cancellation), Is.Empty);
        Assert.That((await DefinitionsAsync(database)).Select(Text), Is.EqualTo(asBuilt.Select(Text)));
    }

    [Test]
    public async Task Four_migrators_that_find_a_changed_script_at_once_all_succeed_and_one_runs_it()
    {
        await using var database = await ScratchDatabase.MigratedAsync(Engine);
        await OlderTextAsync(database);

        var ran = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.Migrator(Engine).MigrateAsync(Cancellation))));

        Assert.That(ran.Order(), Is.EqualTo((int[])[0, 0, 0, 1]));
    }

    [Test]
    public async Task A_database_that_was_made_before_there_were_repeatable_scripts_gets_every_function_and_view_and_loses_no_row()
    {
        await using var database = await ScratchDatabase.EmptyAsync(Engine);
        var migrator = database.Migrator(Engine);
        var script = (await migrator.ScriptAsync(Cancellation))!;
        await database.ExecuteAsync(script[..script.IndexOf("-- 0022_", StringComparison.Ordinal)], Cancellation);
        await database.Database.ReloadTypesAsync(Cancellation);
        await database.ExecuteAsync(
            """
            INSERT INTO event (trigger_ref, created) VALUES ('before.now', now()), ('before.earlier', now() - INTERVAL '3 days');
            INSERT INTO execution (action_ref) VALUES ('before.action');
            """, Cancellation);
        var before = await DefinitionsAsync(database);

        await migrator.MigrateAsync(Cancellation);
        await database.ExecuteAsync("UPDATE execution SET status = 'running'", Cancellation);

        var after = await DefinitionsAsync(database);
        Assert.That(before.Intersect(after).Select(definition => definition.Name), Is.EqualTo((string[])["time_engine"]));
        Assert.That(after.Select(Text), Is.EqualTo((await DefinitionsAsync(Database)).Select(Text)));
        Assert.That(
            await Catalogue.ReadAsync(database.Database, Cancellation), Is.EqualTo(await Catalogue.ReadAsync(Database, Cancellation)));
        Assert.That(await ScalarAsync(database, "SELECT sum(event_count) FROM event_volume_hourly"), Is.EqualTo(2));
        Assert.That(await ScalarAsync(database, "SELECT count(*) FROM execution_history"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_database_that_a_later_build_has_migrated_keeps_its_functions()
    {
        await using var database = await ScratchDatabase.MigratedAsync(Engine);
        await OlderTextAsync(database);
        await database.ExecuteAsync(
            "INSERT INTO attune.schema_script (scriptname, applied) VALUES ('9999_later.sql', now())", Cancellation);

        Assert.That(await database.Migrator(Engine).PendingAsync(Cancellation), Is.Empty);
        Assert.That(await database.Migrator(Engine).MigrateAsync(Cancellation), Is.Zero);
        Assert.That(
            (await DefinitionsAsync(database)).Single(definition => definition.Name == "send_change").Text, Does.Contain("older text"));
    }

    [Test]
    public async Task A_repeatable_script_that_fails_is_named_with_what_the_server_advises_and_leaves_nothing()
    {
        await using var database = await ScratchDatabase.MigratedAsync(Engine);
        await database.ExecuteAsync(
            $"""
            DROP FUNCTION attune.send_change;
            CREATE FUNCTION attune.send_change(channel text, message json) RETURNS integer LANGUAGE sql AS 'SELECT 1';
            UPDATE attune.repeatable_script SET sha256 = 'another' WHERE script_name = '{Notify}';
            """, Cancellation);

        var failure = (await Assert.ThrowsAsync<MigrationException>(() => database.Migrator(Engine).MigrateAsync(Cancellation)))!;

        Assert.That(failure.Script, Is.EqualTo(Notify));
        Assert.That(
            failure.Message,
            Does.Contain(Notify).And.Contain("cannot change return type").And.Contain("Use DROP FUNCTION").And.Not.Contain("\n"));
        Assert.That(await database.Migrator(Engine).PendingAsync(Cancellation), Is.EqualTo((string[])[Notify]));
    }

    // As if an earlier build had run another text of one script.
    private static Task OlderTextAsync(ScratchDatabase database) => database.ExecuteAsync(
        $"""
        CREATE OR REPLACE FUNCTION attune.send_change(channel text, message json) RETURNS void LANGUAGE plpgsql
            AS 'BEGIN /* older text */ END';
        UPDATE attune.repeatable_script SET sha256 = 'another' WHERE script_name = '{Notify}';
        """, Cancellation);

    private static string Text((string Name, string Text, string Version) definition) => definition.Text;

    private static async Task<IReadOnlyList<(string Name, string Text, string Version)>> DefinitionsAsync(ScratchDatabase database) =>
        await DefinitionsAsync(database.Database);

    private static async Task<IReadOnlyList<(string Name, string Text, string Version)>> DefinitionsAsync(Npgsql.NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(string, string, string)>(new CommandDefinition(
            Definitions, cancellationToken: Cancellation))).AsList();
    }

    private static async Task<long> ScalarAsync(ScratchDatabase database, string sql)
    {
        await using var connection = await database.Database.OpenConnectionAsync(Cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, cancellationToken: Cancellation));
    }
}
