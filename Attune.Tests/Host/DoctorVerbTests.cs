using Npgsql;

namespace Attune.Tests.Host;

/// <summary>The verb <c>doctor</c>, on databases in which something has stopped.</summary>
public sealed class DoctorVerbTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    [Test]
    public async Task Work_that_waits_for_too_long_is_told_with_its_age_and_by_the_exit_code()
    {
        await ExecuteAsync(
            """
            DELETE FROM execution;
            INSERT INTO enforcement (rule_ref, trigger_ref, payload, created) VALUES ('doctor.rule', 'doctor.trigger', '{}', now() - INTERVAL '3 hours');
            INSERT INTO execution (action_ref, created) VALUES ('doctor.action', now() - INTERVAL '2 days');
            INSERT INTO execution (action_ref, status, created) VALUES ('doctor.action', 'running', now() - INTERVAL '5 days');
            """);

        var (code, output) = await DoctorAsync(ConnectionString);

        Assert.That(code, Is.EqualTo(1), output);
        Assert.That(output, Does.Match("LOOK +pending_enforcements +1 enforcement pending, for 3 hours"));
        Assert.That(output, Does.Match(
            "LOOK +waiting_executions +1 execution waiting for a worker, for 2 days: no active worker takes doctor.action"));
        Assert.That(output, Does.Match("LOOK +running_executions +1 execution leased by a worker, for 5 days"));
        Assert.That(output, Does.Match("LOOK +listener +no host listens"));
        Assert.That(output, Does.Match("well +schema +current"));
    }

    [Test]
    public async Task Work_that_has_waited_for_its_time_or_for_a_worker_is_not_taken_for_stopped()
    {
        await ExecuteAsync(
            """
            DELETE FROM execution;
            INSERT INTO worker (name, worker_type, worker_role, capabilities) VALUES ('doctor-1', 'remote', 'action', '{"actions": ["doctor.taken"]}');
            INSERT INTO execution (action_ref, created, not_before) VALUES ('doctor.taken', now() - INTERVAL '1 hour', now() + INTERVAL '1 minute');
            INSERT INTO execution (action_ref, status, created, started_at) VALUES ('doctor.taken', 'running', now() - INTERVAL '1 day', now());
            """);

        var (_, output) = await DoctorAsync(ConnectionString);

        Assert.That(output, Does.Match("well +waiting_executions +1 execution waiting for a worker, for 0 seconds"));
        Assert.That(output, Does.Match("well +running_executions +1 execution leased by a worker"));

        await ExecuteAsync("UPDATE execution SET not_before = NULL WHERE status = 'requested'");
        (_, output) = await DoctorAsync(ConnectionString);
        Assert.That(output, Does.Match("LOOK +waiting_executions +1 execution waiting for a worker, for 1 hour: the workers that take"));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_told()
    {
        var (code, output) = await DoctorAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("127.0.0.1:1").And.Contain("cannot be"));
        Assert.That(output, Does.Not.Contain("   at "), "no stack");
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
        Assert.That(output, Does.Match("LOOK +maintenance +hourly counts are kept up to 1 day ago"));
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
