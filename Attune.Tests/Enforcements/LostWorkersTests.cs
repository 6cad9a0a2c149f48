using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Workers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Attune.Tests.Enforcements;

public sealed class LostWorkersTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private LostWorkers Watch =>
        new(Database, Get<LeaseEndings>(), Get<IOptions<WorkersOptions>>(), TimeProvider.System, NullLogger<LostWorkers>.Instance);

    [Test]
    public async Task The_executions_of_a_silent_worker_are_requeued_once()
    {
        var lost = await NewWorkerAsync(silentFor: 91);
        var alive = await NewWorkerAsync(silentFor: 60);
        var running = await NewExecutionAsync(lost, "running");
        var scheduled = await NewExecutionAsync(lost, "scheduled");
        var done = await NewExecutionAsync(lost, "completed");
        var elsewhere = await NewExecutionAsync(alive, "running");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Watch.LookAsync(TimeRange.Always.Since, Cancellation)));

        var workers = Get<IWorkerRepository>();
        Assert.That((await workers.FindAsync(lost, Cancellation))!.Status, Is.EqualTo("inactive"));
        Assert.That((await workers.FindAsync(alive, Cancellation))!.Status, Is.EqualTo("active"));
        foreach (var id in new[] { running, scheduled })
        {
            var requeued = (await Executions.FindAsync(id, Cancellation))!;
            Assert.That(
                (requeued.Status, requeued.Worker, requeued.StartedAt, requeued.LostCount, requeued.RetryReason),
                Is.EqualTo((ExecutionStatus.Requested, default(long?), default(DateTimeOffset?), 1, "The worker was lost.")));
        }

        Assert.That((await Executions.FindAsync(done, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Completed));
        Assert.That((await Executions.FindAsync(elsewhere, Cancellation))!.Worker, Is.EqualTo(alive));
    }

    [TestCase(30, true)]
    [TestCase(300, false)]
    public async Task A_worker_is_lost_after_as_long_as_the_settings_say(int seconds, bool isLost)
    {
        var silent = await NewWorkerAsync(silentFor: 60);
        var options = Options.Create(new WorkersOptions { LostAfter = TimeSpan.FromSeconds(seconds) });

        await new LostWorkers(Database, Get<LeaseEndings>(), options, TimeProvider.System, NullLogger<LostWorkers>.Instance)
            .LookAsync(TimeRange.Always.Since, Cancellation);

        Assert.That((await Get<IWorkerRepository>().FindAsync(silent, Cancellation))!.Status, Is.EqualTo(isLost ? "inactive" : "active"));
    }

    // As after an outage of everything: what nobody ran must not end as if it had taken too long.
    [Test]
    public async Task An_execution_that_takes_too_long_ends_where_its_worker_lives_and_stays_leased_where_it_may_be_lost()
    {
        var alive = await NewWorkerAsync(silentFor: 5);
        var silent = await NewWorkerAsync(silentFor: 85);
        var slow = await NewExecutionAsync(alive, "running", "core.noop", age: 100);
        var interrupted = await NewExecutionAsync(silent, "running", "core.noop", age: 100);
        var inTime = await NewExecutionAsync(alive, "running", "core.noop", age: 60);

        await Watch.LookAsync(TimeRange.Always.Since, Cancellation);

        Assert.That((await Executions.FindAsync(slow, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Timeout));
        Assert.That((await Executions.FindAsync(interrupted, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Running));
        Assert.That((await Executions.FindAsync(inTime, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Running));

        await ExecuteAsync("UPDATE worker SET last_heartbeat = now() - INTERVAL '91 seconds' WHERE id = @silent", new { silent });
        await Watch.LookAsync(TimeRange.Always.Since, Cancellation);
        Assert.That((await Executions.FindAsync(interrupted, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Requested));
    }

    [Test]
    public async Task A_result_that_comes_after_the_execution_was_requeued_is_not_taken()
    {
        var (queue, finisher) = (Get<ExecutionQueue>(), Get<ExecutionFinisher>());
        var worker = await NewWorkerAsync(silentFor: 0);
        var requested = await Executions.CreateAsync(new() { ActionRef = "core.echo" }, Cancellation);
        var first = (await ClaimAsync(worker)).Single(claimed => claimed.Id == requested.Id);

        await queue.RequeueAsync([first], "Test", lost: true, Cancellation);
        var second = (await ClaimAsync(worker)).Single(claimed => claimed.Id == requested.Id);
        await finisher.FinishAsync([new(first, ExecutionStatus.Failed, """{"from": "the first lease"}""")], Cancellation);
        Assert.That((await Executions.FindAsync(requested.Id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Running));

        await finisher.FinishAsync([new(second, ExecutionStatus.Completed, """{"from": "the second"}""")], Cancellation);
        await finisher.FinishAsync([new(first, ExecutionStatus.Failed, """{"from": "the first lease"}""")], Cancellation);
        var after = (await Executions.FindAsync(requested.Id, Cancellation))!;
        Assert.That((after.Status, after.LostCount, after.Result!.Value.GetProperty("from").GetString()), Is.EqualTo(
            (ExecutionStatus.Completed, 1, "the second")));
    }

    [Test]
    public async Task A_worker_that_was_taken_for_lost_takes_nothing_more()
    {
        var worker = await NewWorkerAsync(silentFor: 0);
        await Executions.CreateAsync(new() { ActionRef = "core.echo" }, Cancellation);
        await ExecuteAsync("UPDATE worker SET status = 'inactive' WHERE id = @worker", new { worker });

        Assert.That(await ClaimAsync(worker), Is.Empty);
    }

    [Test]
    public async Task An_execution_that_has_waited_for_weeks_is_taken_even_where_its_chunk_is_compressed()
    {
        var worker = await NewWorkerAsync(silentFor: 0);
        var id = await ScalarAsync<long>(
            "INSERT INTO execution (action_ref, created) VALUES ('core.echo', now() - INTERVAL '20 days') RETURNING id");
        if (Engine == DatabaseEngine.Timescale)
        {
            await ExecuteAsync(
                "SELECT compress_chunk(chunk) FROM show_chunks('attune.execution', older_than => INTERVAL '7 days') AS chunk");
        }

        var queue = Get<ExecutionQueue>();
        var claimed = await queue.ClaimOldAsync(worker, ["core.echo"], DateTimeOffset.UtcNow.AddDays(-6), 10, newClaim: null, Cancellation);
        await Get<ExecutionFinisher>().FinishAsync(
            [.. claimed.Select(one => new FinishedExecution(one, ExecutionStatus.Completed, "{}"))], Cancellation);

        Assert.That((await Executions.FindAsync(id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Completed));
    }

    private Task<List<ClaimedExecution>> ClaimAsync(long worker) =>
        Get<ExecutionQueue>().ClaimAsync(worker, ["core.echo"], TimeRange.Always.Since, 1000, newClaim: null, Cancellation);

    private Task<long> NewWorkerAsync(int silentFor) => ScalarAsync<long>(
        """
        INSERT INTO worker (name, worker_type, worker_role, last_heartbeat)
        VALUES (@name, 'local', 'action', now() - @silentFor * INTERVAL '1 second')
        RETURNING id
        """, new { name = NewName("worker"), silentFor });

    private Task<long> NewExecutionAsync(long worker, string status, string action = "test.anything", int age = 0) => ScalarAsync<long>(
        """
        INSERT INTO execution (action_ref, worker, status, started_at)
        VALUES (@action, @worker, @status::execution_status_enum, now() - @age * INTERVAL '1 second')
        RETURNING id
        """, new { worker, status, action, age });
}
