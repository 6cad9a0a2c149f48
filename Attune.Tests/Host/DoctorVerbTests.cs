using Npgsql;

namespace Attune.Tests.Host;

/// <summary>The verb <c>doctor</c>, on databases in which something has stopped.</summary>
public sealed class DoctorVerbTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    [Test]
    public async Task What_waits_for_too_long_is_told_with_its_age_and_by_the_exit_code()
    {
        await ExecuteAsync(
            """
            INSERT INTO enforcement (rule_ref, trigger_ref, payload, created) VALUES ('doctor.rule', 'doctor.trigger', '{}', now() - INTERVAL '3 hours');
            INSERT INTO execution (action_ref, created) VALUES ('doctor.action', now() - INTERVAL '2 days');
            INSERT INTO execution (action_ref, status, created) VALUES ('doctor.action', 'running', now() - INTERVAL '5 days');
            """);

        var (code, output) = await DoctorAsync(ConnectionString);

        Assert.That(code, Is.EqualTo(1), output);
        Assert.That(output, Does.Match("LOOK +pending_enforcements +1 enforcements pending, the oldest for 3 hours"));
        Assert.That(output, Does.Match("LOOK +waiting_executions +1 executions waiting for a worker, the oldest for 2 days"));
        Assert.That(output, Does.Match("LOOK +running_executions +1 executions in a worker's hands, the oldest for 5 days"));
        Assert.That(output, Does.Match("LOOK +listener +no host listens"));
        Assert.That(output, Does.Match("well +schema +current"));
    }

    [Test]
    public async Task Rows_without_a_partition_and_counts_that_nobody_keeps_are_told()
    {
        if (Engine != DatabaseEngine.Native)
        {
            Assert.Ignore("Only stock PostgreSQL has default partitions, and counts that Attune keeps.");
        }

        await ExecuteAsync("INSERT INTO event (trigger_ref, created) VALUES ('doctor.absurd', '2199-01-01')");
        await ExecuteAsync("UPDATE hourly_view SET watermark = now() - INTERVAL '1 day'");

        var (_, output) = await DoctorAsync(ConnectionString);

        Assert.That(output, Does.Match("LOOK +default_partitions +rows in default partitions: 1 of event"));
        Assert.That(output, Does.Match("LOOK +keeping +hourly counts are kept up to 1 days ago"));
    }

    [Test]
    public async Task A_database_without_its_schema_is_told_and_left_as_it_is()
    {
        var server = await TestServer.GetAsync(Engine);
        var empty = await server.CreateEmptyAsync();

        var (code, output) = await DoctorAsync(empty);

        Assert.That((code, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.Match("LOOK +schema +[0-9]+ scripts are pending, from 0001_"));
        await using (var source = NpgsqlDataSource.Create(empty))
        {
            await using var tables = source.CreateCommand("SELECT count(*) FROM pg_class WHERE relname = 'event'");
            Assert.That(await tables.ExecuteScalarAsync(Cancellation), Is.EqualTo(0L));
        }

        await server.DropByConnectionStringAsync(empty);
    }

    private async Task<(int Code, string Output)> DoctorAsync(string connectionString)
    {
        await using var program = await HostProgram.RunAsync(
            "doctor", $"--Database:ConnectionString={connectionString}", $"--Database:Engine={Engine.ToString().ToLowerInvariant()}");
        return (await program.ExitCodeAsync(), program.Output + program.Errors);
    }
}
