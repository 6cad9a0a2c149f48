using Attune.Db.Faults;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>
/// Whoever holds one connection while it waits for a second waits for ever when all callers do. With one connection in all, nobody
/// can do so.
/// </summary>
public sealed class FewConnectionsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    protected override IServiceCollection Configure(IServiceCollection services) => base.Configure(services).AddSingleton(
        _ => DataSources.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 1, Timeout = 5 }.ConnectionString));

    [Test]
    public async Task An_execution_is_cancelled_over_one_connection()
    {
        var execution = await Executions.CreateAsync(new() { ActionRef = "core.echo" }, Cancellation);

        Assert.That((await Executions.CancelAsync(execution.Id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Cancelled));
    }

    [Test]
    public async Task A_worker_lives_over_one_connection()
    {
        var (workers, claims) = (Get<RemoteWorkers>(), Get<RemoteClaims>());
        var registration = WorkerRegistration.Of("few", null, null, null, null, ["few.action"], null, null, "a secret of its own");
        var id = (await workers.RegisterAsync(registration, Cancellation)).Worker.Id;
        await ExecuteAsync("INSERT INTO execution (action_ref) VALUES ('few.action')");

        Assert.That(await claims.ClaimAsync(id, null, 1, new CancellationToken(true), Cancellation), Has.Count.EqualTo(1));
        Assert.That((await workers.RegisterAsync(registration, Cancellation)).Worker.Id, Is.EqualTo(id));
        Assert.That(await claims.ClaimAsync(id, null, 1, new CancellationToken(true), Cancellation), Has.Count.EqualTo(1));
        Assert.That((await workers.StopAsync(id, registration.Token, Cancellation)).Status, Is.EqualTo("inactive"));
    }

    [Test]
    public async Task Lost_workers_are_found_over_one_connection()
    {
        var worker = await ScalarAsync<long>(
            """
            INSERT INTO worker (name, worker_type, worker_role, last_heartbeat)
            VALUES ('few-lost', 'remote', 'action', now() - INTERVAL '2 minutes')
            RETURNING id
            """);
        await ExecuteAsync("INSERT INTO execution (action_ref, status, worker, started_at) VALUES ('few.other', 'running', @worker, now())",
            new { worker });

        var watch = new LostWorkers(
            Database, Get<LeaseEndings>(), Get<IOptions<WorkersOptions>>(), TimeProvider.System, NullLogger<LostWorkers>.Instance);
        Assert.That(await watch.LookAsync(TimeRange.Always.Since, Cancellation), Is.EqualTo(1));
    }

    [Test]
    public async Task A_host_leaves_room_for_others_on_its_server_unless_it_is_told_otherwise()
    {
        await using var usual = DataSources.Create("Host=127.0.0.1");
        await using var told = DataSources.Create("Host=127.0.0.1;Maximum Pool Size=7");

        Assert.That(new NpgsqlConnectionStringBuilder(usual.ConnectionString).MaxPoolSize, Is.EqualTo(40));
        Assert.That(new NpgsqlConnectionStringBuilder(told.ConnectionString).MaxPoolSize, Is.EqualTo(7));
    }

    [TestCase("25006", true)]
    [TestCase("53100", true)]
    [TestCase("57P01", true)]
    [TestCase("58030", true)]
    [TestCase("22P05", false)]
    [TestCase("23505", false)]
    public void A_fault_that_passes_by_itself_is_told_from_one_that_does_not(string state, bool isPassing) =>
        Assert.That(DatabaseFault.IsPassing(new PostgresException("", "ERROR", "ERROR", state)), Is.EqualTo(isPassing));
}
