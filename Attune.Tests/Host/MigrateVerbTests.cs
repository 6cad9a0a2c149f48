using Npgsql;

namespace Attune.Tests.Host;

/// <summary>The verb <c>migrate</c>, as scripts call it: by its exit code and its output.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class MigrateVerbTests(DatabaseEngine engine)
{
    private TestServer _server = null!;
    private string _database = "";

    private string Setting => $"--Database:ConnectionString={_database}";

    private string Engine => $"--Database:Engine={engine.ToString().ToLowerInvariant()}";

    [SetUp]
    public async Task MakeDatabaseAsync()
    {
        _server = await TestServer.GetAsync(engine);
        _database = await _server.CreateEmptyAsync();
    }

    [TearDown]
    public async Task DropDatabaseAsync()
    {
        if (_database.Length > 0)
        {
            await _server.DropByConnectionStringAsync(_database);
        }
    }

    [Test]
    public async Task Pending_scripts_are_listed_with_exit_code_2_printed_as_SQL_and_applied()
    {
        await using var pending = await HostProgram.RunAsync("migrate", "--pending", Setting, Engine);
        Assert.That(await pending.ExitCodeAsync(), Is.EqualTo(2), () => pending.Errors);
        Assert.That(pending.Output, Does.StartWith("0001_").And.Contain("repeatable/notify.sql"));

        await using var script = await HostProgram.RunAsync("migrate", "--script", Setting, Engine);
        Assert.That(await script.ExitCodeAsync(), Is.Zero, () => script.Errors);
        Assert.That(script.Output, Does.Contain("CREATE TABLE event").And.Contain("-- repeatable/notify.sql").And.Not.Contain(" INF "));

        await using var applied = await HostProgram.RunAsync("migrate", Setting, Engine);
        Assert.That(await applied.ExitCodeAsync(), Is.Zero, () => applied.Errors);

        await using var nothing = await HostProgram.RunAsync("migrate", "--pending", Setting, Engine);
        Assert.That(await nothing.ExitCodeAsync(), Is.Zero, () => nothing.Errors);
        Assert.That(nothing.Output, Does.Not.Contain("0001_").And.Not.Contain("repeatable"));
    }

    [TestCase("migrate")]
    [TestCase("serve")]
    public async Task A_script_that_fails_is_told_once_in_a_paragraph(string verb)
    {
        await using (var database = NpgsqlDataSource.Create(_database))
        await using (var command = database.CreateCommand("CREATE SCHEMA attune; CREATE TABLE attune.event ();"))
        {
            await command.ExecuteNonQueryAsync(TestContext.CurrentContext.CancellationToken);
        }

        await using var failed = await HostProgram.RunAsync(
            verb, Setting, Engine, "--Database:MigrateOnStart=true", "--urls", "http://127.0.0.1:0");

        Assert.That(await failed.ExitCodeAsync(), Is.EqualTo(1));
        Assert.That(failed.Output, Is.Empty);
        Assert.That(failed.Errors, Is.EqualTo(
            "The database could not be migrated: 0004_event.sql failed. The server said: relation \"event\" already exists (42P07). " +
            "The script has left nothing, and those before it stay applied."));
    }

    [Test]
    public async Task Four_started_at_once_all_succeed()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => HostProgram.RunAsync("migrate", Setting, Engine)));

        foreach (var run in runs)
        {
            Assert.That(await run.ExitCodeAsync(), Is.Zero, () => run.Output + run.Errors);
            await run.DisposeAsync();
        }
    }
}
