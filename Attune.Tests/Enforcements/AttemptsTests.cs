using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Workers;
using Attune.Modules.History;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Attune.Tests.Enforcements;

/// <summary>How an execution may end, and when it is run again: each step is called, and time is moved in the rows.</summary>
public sealed class AttemptsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private long _worker;

    private LostWorkers Watch =>
        new(Database, Get<LeaseEndings>(), Get<IOptions<WorkersOptions>>(), TimeProvider.System, NullLogger<LostWorkers>.Instance);

    [OneTimeSetUp]
    public async Task AddActionsAsync()
    {
        await ExecuteAsync("""
            INSERT INTO action (ref, label, timeout_seconds, max_retries)
            VALUES ('attempts.twice', 'Has two more attempts', NULL, 2), ('attempts.once', 'Has none', 10, 0)
            """);
        _worker = await NewWorkerAsync();
    }

    [TestCase(ExecutionStatus.Failed)]
    [TestCase(ExecutionStatus.Timeout)]
    public async Task An_execution_that_failed_is_followed_by_further_attempts_linked_to_the_first_and_no_more_than_allowed(
        ExecutionStatus status)
    {
        var first = await ClaimedAsync("attempts.twice");
        await FinishAsync(first, status);
        var second = (await FollowingAsync(first.Id)).Single();
        Assert.That(await WaitAsync(second.Id), Is.EqualTo(1).Within(0.5), "seconds");
        await ExecuteAsync("UPDATE execution SET not_before = now() + INTERVAL '1 hour' WHERE id = @Id", new { second.Id });
        Assert.That(await ClaimAsync(second.Id), Is.Null, "it waits for its time");
        await BringForwardAsync(second.Id);
        await FinishAsync((await ClaimAsync(second.Id))!, status);
        var third = (await FollowingAsync(first.Id)).Single(one => one.Id != second.Id);
        await BringForwardAsync(third.Id);
        await FinishAsync((await ClaimAsync(third.Id))!, status);

        var all = await FollowingAsync(first.Id);
        Assert.That(all, Has.Count.EqualTo(2));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((second.RetryCount, second.OriginalExecution, second.MaxRetries), Is.EqualTo((1, (long?)first.Id, (int?)2)));
            Assert.That((third.RetryCount, third.OriginalExecution), Is.EqualTo((2, (long?)first.Id)));
            Assert.That(
                second.RetryReason, Is.EqualTo($"Execution {first.Id} {(status == ExecutionStatus.Failed ? "failed" : "took too long")}."));
            Assert.That(second.Config!.Value.GetProperty("n").GetInt32(), Is.EqualTo(1));
            Assert.That(
                (third.NotBefore - third.Created)!.Value, Is.GreaterThan((second.NotBefore - second.Created)!.Value), "each waits longer");
            Assert.That((await Executions.FindAsync(first.Id, Cancellation))!.Status, Is.EqualTo(status), "the first stays as it ended");
        }
    }

    [Test]
    public async Task Of_several_attempts_the_first_alone_is_top_level()
    {
        var first = await ClaimedAsync("attempts.twice");
        await ExecuteAsync("UPDATE execution SET enforcement = 77 WHERE id = @Id", new { first.Id });
        await FinishAsync(first, ExecutionStatus.Failed);

        var top = await Executions.ListAsync(new() { Enforcement = 77, TopLevelOnly = true }, new(), Cancellation);
        Assert.That(top.Items.Select(one => one.Id), Is.EqualTo(new[] { first.Id }));
        var all = await Executions.ListAsync(new() { Enforcement = 77 }, new(), Cancellation);
        Assert.That(
            all.Items.Select(one => (one.RetryCount, one.OriginalExecution)), Is.EqualTo(new (int, long?)[] { (1, first.Id), (0, null) }),
            "each says which it is");
    }

    [Test]
    public async Task The_leases_of_a_worker_are_counted_until_they_end()
    {
        var worker = Get<IWorkerRepository>();
        var before = (await worker.LeaseCountsAsync(Cancellation)).GetValueOrDefault(_worker);
        var finished = await ClaimedAsync("attempts.once");
        var held = await ClaimedAsync("attempts.once");
        Assert.That((await worker.LeaseCountsAsync(Cancellation))[_worker], Is.EqualTo(before + 2));

        await FinishAsync(finished, ExecutionStatus.Completed);
        await Executions.CancelAsync(held.Id, Cancellation);
        await Executions.CreateAsync(new() { ActionRef = "attempts.once" }, Cancellation);

        var counts = await worker.LeaseCountsAsync(Cancellation);
        Assert.That(counts[_worker], Is.EqualTo(before + 1), "one that is to be cancelled is leased until its worker has noticed");
        Assert.That(counts.Keys, Does.Not.Contain(0L));
        Assert.That(
            (await Executions.ListAsync(new() { Worker = _worker,
                Statuses = [ExecutionStatus.Scheduled, ExecutionStatus.Running, ExecutionStatus.Canceling] }, new(), Cancellation)).Items,
            Has.Count.EqualTo(before + 1).And.Some.Property("Id").EqualTo(held.Id));
    }

    [Test]
    public async Task Nothing_follows_an_execution_that_completed_was_cancelled_or_says_that_it_would_fail_again()
    {
        var completed = await ClaimedAsync("attempts.twice");
        var hopeless = await ClaimedAsync("attempts.twice");
        var cancelled = await ClaimedAsync("attempts.twice");
        await Executions.CancelAsync(cancelled.Id, Cancellation);

        await FinishAsync(completed, ExecutionStatus.Completed);
        await FinishAsync(cancelled, ExecutionStatus.Failed);
        await Get<ExecutionFinisher>().FinishAsync([new(hopeless, ExecutionStatus.Failed, "{}", MayRetry: false)], Cancellation);

        foreach (var one in new[] { completed, hopeless, cancelled })
        {
            Assert.That(await FollowingAsync(one.Id), Is.Empty);
        }

        Assert.That(await StatusAsync(cancelled), Is.EqualTo(ExecutionStatus.Cancelled));
    }

    [Test]
    public async Task A_result_that_is_sent_many_times_at_once_counts_once()
    {
        var claimed = await ClaimedAsync("attempts.twice");

        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Get<ExecutionFinisher>().FinishAsync(
            [new(claimed, ExecutionStatus.Failed, "{}")], Cancellation))));

        Assert.That(written.SelectMany(ids => ids), Is.EqualTo(new[] { claimed.Id }));
        Assert.That(await FollowingAsync(claimed.Id), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_execution_whose_workers_are_lost_again_and_again_is_abandoned()
    {
        var execution = await Executions.CreateAsync(new() { ActionRef = "attempts.twice" }, Cancellation);
        for (var lease = 1; lease <= 4; lease++)
        {
            var worker = await NewWorkerAsync();
            Assert.That(await ClaimAsync(execution.Id, worker), Is.Not.Null, $"lease {lease}");
            await ExecuteAsync("UPDATE worker SET last_heartbeat = now() - INTERVAL '91 seconds' WHERE id = @worker", new { worker });
            await Watch.LookAsync(TimeRange.Always.Since, Cancellation);
        }

        var after = (await Executions.FindAsync(execution.Id, Cancellation))!;
        Assert.That((after.Status, after.LostCount), Is.EqualTo((ExecutionStatus.Abandoned, 3)));
        Assert.That(after.Result!.Value.GetProperty("error").GetString(), Does.Contain("4 times"));
        Assert.That(await FollowingAsync(execution.Id), Is.Empty, "being abandoned is the end");

        var history = await Get<IHistoryRepository>().ListAsync(
            HistoryEntityType.Execution, new() { EntityId = execution.Id }, new() { Size = 100 }, Cancellation);
        var steps = history.Items.Reverse().Select(row => row.NewValues!.Value).Where(values => values.TryGetProperty("status", out _))
            .Select(values => values.GetProperty("status").GetString());
        string[] stepsOfLease = ["requested", "scheduled", "running"];
        Assert.That(steps, Is.EqualTo(stepsOfLease.Concat(stepsOfLease).Concat(stepsOfLease).Concat(stepsOfLease).Append("abandoned")));
    }

    [Test]
    public async Task An_execution_that_takes_too_long_is_ended_by_whoever_watches()
    {
        var slow = await ClaimedAsync("attempts.once");
        var patient = await ClaimedAsync("attempts.once");
        var endless = await ClaimedAsync("attempts.twice");
        await ExecuteAsync(
            "UPDATE execution SET started_at = started_at - make_interval(secs => CASE WHEN id = @patient THEN 20 ELSE 600 END) WHERE id = ANY(@ids)",
            new { patient = patient.Id, ids = new[] { slow.Id, patient.Id, endless.Id } });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Watch.LookAsync(TimeRange.Always.Since, Cancellation)));

        Assert.That(await StatusAsync(slow), Is.EqualTo(ExecutionStatus.Timeout));
        Assert.That(await StatusAsync(patient), Is.EqualTo(ExecutionStatus.Running), "its worker has a while to say so itself");
        Assert.That(await StatusAsync(endless), Is.EqualTo(ExecutionStatus.Running), "its action has no limit");
        Assert.That(await Get<ExecutionFinisher>().FinishAsync([new(slow, ExecutionStatus.Completed, "{}")], Cancellation), Is.Empty);
    }

    [Test]
    public async Task An_execution_that_is_leased_to_nobody_is_cancelled_at_once()
    {
        var execution = await Executions.CreateAsync(new() { ActionRef = "attempts.once" }, Cancellation);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Executions.CancelAsync(execution.Id, Cancellation)));

        Assert.That(answers.Select(answer => answer!.Status), Is.All.EqualTo(ExecutionStatus.Cancelled));
        Assert.That(await ClaimAsync(execution.Id), Is.Null);
        Assert.That(await Executions.CancelAsync(long.MaxValue, Cancellation), Is.Null);
    }

    [Test]
    public async Task An_execution_that_is_over_cannot_be_cancelled()
    {
        var claimed = await ClaimedAsync("attempts.once");
        await FinishAsync(claimed, ExecutionStatus.Completed);

        var refused = await RefusedAsync(() => Executions.CancelAsync(claimed.Id, Cancellation));

        Assert.That((refused.Kind, refused.Message), Is.EqualTo((
            RefusalKind.Conflict, $"Execution {claimed.Id} is over: it is completed, and can no longer be cancelled.")));
    }

    [Test]
    public async Task An_execution_that_is_to_be_cancelled_is_ended_when_its_worker_says_nothing_or_is_lost()
    {
        var silent = await ClaimedAsync("attempts.once");
        var other = await NewWorkerAsync();
        var orphan = await ClaimedAsync("attempts.once", other);
        var fresh = await ClaimedAsync("attempts.once");
        foreach (var one in new[] { silent, orphan, fresh })
        {
            Assert.That((await Executions.CancelAsync(one.Id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Canceling));
        }

        await ExecuteAsync("UPDATE worker SET last_heartbeat = now() - INTERVAL '91 seconds' WHERE id = @other", new { other });
        await ExecuteAsync("""
            ALTER TABLE execution DISABLE TRIGGER execution_touch_updated;
            UPDATE execution SET updated = now() - INTERVAL '1 minute' WHERE id = @Id;
            ALTER TABLE execution ENABLE TRIGGER execution_touch_updated;
            """, new { silent.Id });
        await Watch.LookAsync(TimeRange.Always.Since, Cancellation);

        Assert.That(await StatusAsync(silent), Is.EqualTo(ExecutionStatus.Cancelled));
        Assert.That(await StatusAsync(orphan), Is.EqualTo(ExecutionStatus.Cancelled));
        Assert.That(await StatusAsync(fresh), Is.EqualTo(ExecutionStatus.Canceling));
    }

    [Test]
    public async Task An_execution_that_completed_before_its_worker_heard_of_the_cancel_is_completed()
    {
        var claimed = await ClaimedAsync("attempts.once");
        await Executions.CancelAsync(claimed.Id, Cancellation);
        await FinishAsync(claimed, ExecutionStatus.Completed);

        Assert.That(await StatusAsync(claimed), Is.EqualTo(ExecutionStatus.Completed));
    }

    [Test]
    public void By_the_other_policy_an_execution_whose_worker_was_lost_has_failed()
    {
        var execution = new LeasedExecution
        {
            Id = 1, Created = default, Worker = 1, StartedAt = default, Status = ExecutionStatus.Running, LostCount = 0,
        };

        ExecutionStatus? Becomes(LeasedExecution one, LostExecutionPolicy policy, int limit) =>
            LeaseEndings.OutcomeOfLost(one, "Lost.", new() { LostExecutions = policy, RequeueLimit = limit })?.Status;

        Assert.That(Becomes(execution, LostExecutionPolicy.Fail, 3), Is.EqualTo(ExecutionStatus.Failed));
        Assert.That(Becomes(execution, LostExecutionPolicy.Requeue, 3), Is.Null);
        Assert.That(Becomes(execution, LostExecutionPolicy.Requeue, 0), Is.EqualTo(ExecutionStatus.Abandoned));
        Assert.That(Becomes(execution with { LostCount = 3 }, LostExecutionPolicy.Requeue, 3), Is.EqualTo(ExecutionStatus.Abandoned));
        Assert.That(Becomes(execution with { Status = ExecutionStatus.Canceling }, LostExecutionPolicy.Fail, 3), Is.EqualTo(
            ExecutionStatus.Cancelled));
    }

    private Task<IReadOnlyList<long>> FinishAsync(ExecutionLease lease, ExecutionStatus status) =>
        Get<ExecutionFinisher>().FinishAsync([new(lease, status, "{}")], Cancellation);

    private async Task<ExecutionStatus> StatusAsync(ExecutionLease lease) => (await Executions.FindAsync(lease.Id, Cancellation))!.Status;

    private async Task<IReadOnlyList<Execution>> FollowingAsync(long first)
    {
        var page = await Executions.ListAsync(new() { OriginalExecution = first }, new(), Cancellation);
        return [.. (await Task.WhenAll(page.Items.Select(one => Executions.FindAsync(one.Id, Cancellation)))).OfType<Execution>()];
    }

    private Task<double> WaitAsync(long id) => ScalarAsync<double>(
        "SELECT extract(epoch FROM not_before - created)::double precision FROM execution WHERE id = @id", new { id });

    private Task BringForwardAsync(long id) => ExecuteAsync("UPDATE execution SET not_before = now() WHERE id = @id", new { id });

    private async Task<ClaimedExecution> ClaimedAsync(string action, long? worker = null)
    {
        var execution = await Executions.CreateAsync(
            new() { ActionRef = action, Config = JsonElement.Parse("""{"n": 1}""") }, Cancellation);
        return (await ClaimAsync(execution.Id, worker))!;
    }

    // The queue gives the oldest first, so others of this fixture that wait are requeued.
    private async Task<ClaimedExecution?> ClaimAsync(long id, long? worker = null)
    {
        var queue = Get<ExecutionQueue>();
        var claimed = await queue.ClaimAsync(
            worker ?? _worker, ["attempts.twice", "attempts.once"], TimeRange.Always.Since, 1000, newClaim: null, Cancellation);
        await queue.RequeueAsync([.. claimed.Where(one => one.Id != id)], "Test", lost: false, Cancellation);
        return claimed.Find(one => one.Id == id);
    }

    private Task<long> NewWorkerAsync() => ScalarAsync<long>(
        "INSERT INTO worker (name, worker_type, worker_role, last_heartbeat) VALUES (@name, 'remote', 'action', now()) RETURNING id",
        new { name = NewName("worker") });
}
