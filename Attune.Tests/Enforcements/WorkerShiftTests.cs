using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Attune.Modules.Enforcements.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Enforcements;

/// <summary>What a built-in worker leaves behind when it ends, and when the database has ended its session.</summary>
public sealed class WorkerShiftTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task A_worker_whose_name_may_be_anothers_by_now_requeues_only_what_it_leased_itself()
    {
        var worker = await NewWorkerAsync();
        using var session = new CancellationTokenSource();
        var shift = NewShift(worker).WorkAsync(session.Token, CancellationToken.None);
        var own = await RunningAsync();
        var others = await ScalarAsync<long>(
            "INSERT INTO execution (action_ref, worker, status, started_at) VALUES ('core.sleep', @worker, 'running', now()) RETURNING id",
            new { worker });

        await session.CancelAsync();
        await Assert.ThatAsync(() => shift, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await StatusAsync(own), Is.EqualTo((ExecutionStatus.Requested, 0)));
        Assert.That(await StatusAsync(others), Is.EqualTo((ExecutionStatus.Running, 0)));
        await ExecuteAsync("DELETE FROM execution");
    }

    [Test]
    public async Task A_worker_that_stops_requeues_all_that_is_leased_to_it()
    {
        var worker = await NewWorkerAsync();
        using var stop = new CancellationTokenSource();
        var shift = NewShift(worker).WorkAsync(stop.Token, stop.Token);
        var own = await RunningAsync();
        var unknown = await ScalarAsync<long>(
            "INSERT INTO execution (action_ref, worker, status, started_at) VALUES ('core.sleep', @worker, 'running', now()) RETURNING id",
            new { worker });

        await stop.CancelAsync();
        await Assert.ThatAsync(() => shift, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await StatusAsync(own), Is.EqualTo((ExecutionStatus.Requested, 0)));
        Assert.That(await StatusAsync(unknown), Is.EqualTo((ExecutionStatus.Requested, 0)), "a claim whose answer was lost");
        await ExecuteAsync("DELETE FROM execution");
    }

    [Test]
    public async Task The_executions_of_a_worker_are_requeued_once_the_database_is_there_again()
    {
        var worker = await NewWorkerAsync();
        using var session = new CancellationTokenSource();
        var shift = NewShift(worker).WorkAsync(session.Token, CancellationToken.None);
        var own = await RunningAsync();

        await using (var connection = await Database.OpenConnectionAsync(Cancellation))
        await using (await connection.BeginTransactionAsync(Cancellation))
        {
            await using var hold = connection.CreateCommand();
            hold.CommandText = "LOCK TABLE execution IN ACCESS EXCLUSIVE MODE";
            await hold.ExecuteNonQueryAsync(Cancellation);
            await session.CancelAsync();
            // A claim may be one of them, which is not tried again.
            var ended = 0L;
            await Eventually.HoldsAsync(
                async () => (ended += await ScalarAsync<long>(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")) >= 3,
                "it tries again and again");
        }

        await Assert.ThatAsync(() => shift.WaitAsync(Eventually.Deadline), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await StatusAsync(own), Is.EqualTo((ExecutionStatus.Requested, 0)));
        await ExecuteAsync("DELETE FROM execution");
    }

    private WorkerShift NewShift(long worker) => new(
        worker, Get<ExecutionQueue>(), Get<ExecutionLeases>(), Get<ExecutionFinisher>(), Get<LeaseEndings>(), Get<ActionRunner>(),
        new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance),
        new Lookback(TimeProvider.System), TimeProvider.System, NullLogger.Instance);

    private async Task<long> RunningAsync()
    {
        var id = (
            await Executions.CreateAsync(new() { ActionRef = "core.sleep", Config = Parsed("""{"seconds": 3600}""") }, Cancellation)).Id;
        await Eventually.HoldsAsync(async () => (await StatusAsync(id)).Status == ExecutionStatus.Running, "it runs");
        return id;
    }

    private async Task<(ExecutionStatus Status, int LostCount)> StatusAsync(long id)
    {
        var found = (await Executions.FindAsync(id, Cancellation))!;
        return (found.Status, found.LostCount);
    }

    private Task<long> NewWorkerAsync() => ScalarAsync<long>(
        "INSERT INTO worker (name, worker_type, worker_role, last_heartbeat) VALUES (@name, 'local', 'action', now()) RETURNING id",
        new { name = NewName("shift") });
}
