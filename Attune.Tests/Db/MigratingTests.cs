using Attune.Db.Migrations;
using Npgsql;

namespace Attune.Tests.Db;

public sealed class MigratingTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private IReadOnlyList<string> Numbered => [.. ScriptCatalog.For(Engine).Select(script => script.Name)];

    private IReadOnlyList<string> Scripts => [.. Numbered, .. ScriptCatalog.RepeatableFor(Engine).Select(script => script.Name)];

    private IReadOnlyList<string> RepeatableJournal =>
        [.. ScriptCatalog.RepeatableFor(Engine).Select(script => $"{script.Name} {script.Digest}")];

    [Test]
    public async Task An_empty_database_gets_every_script_once_and_a_second_run_does_nothing()
    {
        await using var empty = await ScratchDatabase.EmptyAsync(Engine);
        var migrator = empty.Migrator(Engine);

        Assert.That(await migrator.PendingAsync(Cancellation), Is.EqualTo(Scripts));
        Assert.That(await migrator.MigrateAsync(Cancellation), Is.EqualTo(Scripts.Count));
        Assert.That(await migrator.PendingAsync(Cancellation), Is.Empty);
        Assert.That(await migrator.ScriptAsync(Cancellation), Is.Null);
        Assert.That(await migrator.MigrateAsync(Cancellation), Is.Zero);
        Assert.That(await empty.JournalAsync(Cancellation), Is.EqualTo(Numbered));
        Assert.That(await empty.RepeatableJournalAsync(Cancellation), Is.EqualTo(RepeatableJournal));
    }

    [Test]
    public async Task Four_migrators_started_at_once_all_succeed_and_one_does_the_work()
    {
        await using var empty = await ScratchDatabase.EmptyAsync(Engine);

        var applied = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => empty.Migrator(Engine).MigrateAsync(Cancellation))));

        Assert.That(applied.Order(), Is.EqualTo((int[])[0, 0, 0, Scripts.Count]));
        Assert.That(await empty.JournalAsync(Cancellation), Is.EqualTo(Numbered));
        Assert.That(await empty.RepeatableJournalAsync(Cancellation), Is.EqualTo(RepeatableJournal));
    }

    [Test]
    public async Task Asking_what_is_pending_changes_nothing()
    {
        await using var empty = await ScratchDatabase.EmptyAsync(Engine);

        await empty.Migrator(Engine).PendingAsync(Cancellation);
        await empty.Migrator(Engine).ScriptAsync(Cancellation);

        await using var command = empty.Database.CreateCommand("SELECT to_regnamespace('attune') IS NULL");
        Assert.That(await command.ExecuteScalarAsync(Cancellation), Is.True);
    }

    [Test]
    public async Task The_printed_script_run_by_hand_leaves_nothing_pending()
    {
        await using var empty = await ScratchDatabase.EmptyAsync(Engine);
        var migrator = empty.Migrator(Engine);

        var script = await migrator.ScriptAsync(Cancellation);
        await empty.ExecuteAsync(script!, Cancellation);

        Assert.That(await migrator.PendingAsync(Cancellation), Is.Empty);
        Assert.That(await empty.JournalAsync(Cancellation), Is.EqualTo(Numbered));
        Assert.That(await empty.RepeatableJournalAsync(Cancellation), Is.EqualTo(RepeatableJournal));
        Assert.That(await migrator.MigrateAsync(Cancellation), Is.Zero);
        Assert.That(
            await Catalogue.ReadAsync(empty.Database, Cancellation),
            Is.EqualTo(await Catalogue.ReadAsync(Database, Cancellation)));
    }

    [Test]
    public async Task A_script_that_fails_is_named_and_those_before_it_stay()
    {
        await using var empty = await ScratchDatabase.EmptyAsync(Engine);
        await empty.ExecuteAsync("CREATE SCHEMA attune; CREATE TABLE attune.event ();", Cancellation);

        var failure = (await Assert.ThrowsAsync<MigrationException>(() => empty.Migrator(Engine).MigrateAsync(Cancellation)))!;

        Assert.That(failure.Script, Is.EqualTo("0004_event.sql"));
        Assert.That(failure.Message, Does.Contain("0004_event.sql").And.Contain("already exists").And.Not.Contain("\n"));
        Assert.That(await empty.JournalAsync(Cancellation), Is.EqualTo(Numbered.Take(3)));
    }

    [Test]
    public async Task A_database_of_one_engine_refuses_to_be_the_other_and_auto_takes_what_it_is()
    {
        var other = Engine == DatabaseEngine.Native ? DatabaseEngine.Timescale : DatabaseEngine.Native;

        var failure = (await Assert.ThrowsAsync<MigrationException>(
            () => ScratchDatabase.MigratorOf(Database, other).MigrateAsync(Cancellation)))!;

        Assert.That(failure.Message, Does.Contain(Engine.ToString().ToLowerInvariant()).And.Contain(other.ToString().ToLowerInvariant()));
        Assert.That(failure.Message, Does.Contain("Database:Engine"));
        Assert.That(await ScratchDatabase.MigratorOf(Database, DatabaseEngine.Auto).EngineAsync(Cancellation), Is.EqualTo(Engine));
    }

    [Test]
    public async Task Auto_takes_what_the_server_offers()
    {
        await using var empty = await ScratchDatabase.EmptyAsync(Engine);

        Assert.That(await empty.Migrator(DatabaseEngine.Auto).EngineAsync(Cancellation), Is.EqualTo(await OfferedAsync()));

        async Task<DatabaseEngine> OfferedAsync() => await ScalarAsync<bool>(
            "SELECT current_setting('timescaledb.max_background_workers', true) IS NOT NULL")
            ? DatabaseEngine.Timescale
            : DatabaseEngine.Native;
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_a_plain_failure() =>
        await Assert.ThrowsAsync<NpgsqlException>(async () =>
        {
            await using var nowhere = DataSources.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=5");
            await ScratchDatabase.MigratorOf(nowhere, Engine).MigrateAsync(Cancellation);
        });
}
