using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

public sealed class RunningExecutionsTests(DatabaseEngine engine) : RunningWorkerTest(engine)
{
    [OneTimeSetUp]
    public async Task AddActionsAsync() => await ExecuteAsync("""
        INSERT INTO action (ref, label)
        VALUES ('test.fail', 'Fails'), ('test.wait', 'Never ends'), ('test.slow', 'Takes too long'),
               ('test.unstorable', 'Answers what cannot be stored'), ('test.elsewhere', 'Run by another worker')
        """);

    protected override IServiceCollection Configure(IServiceCollection services) => base.Configure(services)
        .AddAction<FailingAction>("test.fail")
        .AddAction<EndlessAction>("test.wait")
        .AddAction<SlowAction>("test.slow", action => action.Timeout = TimeSpan.FromSeconds(1))
        .AddAction<UnstorableAction>("test.unstorable");

    [Test]
    public async Task An_execution_goes_from_requested_to_completed_and_its_history_shows_every_step()
    {
        await using var host = await StartAsync();
        var execution = await RequestAsync("core.echo", """{"a": [1, "<script>"]}""");

        var done = await DoneAsync(execution);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(done.Status, Is.EqualTo(ExecutionStatus.Completed));
            Assert.That(done.Result!.Value.GetProperty("succeeded").GetBoolean(), Is.True);
            Assert.That(done.Result.Value.GetProperty("data").GetProperty("a")[1].GetString(), Is.EqualTo("<script>"));
            Assert.That(done.Result.Value.GetProperty("duration_ms").GetInt64(), Is.Not.Negative);
            Assert.That(done.StartedAt, Is.GreaterThanOrEqualTo(done.Created));
            Assert.That((await Get<IWorkerRepository>().FindAsync(done.Worker!.Value, Cancellation))!.Status, Is.EqualTo("active"));
        }

        var history = await Get<IHistoryRepository>().ListAsync(
            HistoryEntityType.Execution, new() { EntityId = execution.Id }, new(), Cancellation);
        Assert.That(
            history.Items.Reverse().Select(entry => entry.NewValues!.Value.GetProperty("status").GetString()),
            Is.EqualTo(new[] { "requested", "scheduled", "running", "completed" }));
    }

    [Test]
    public async Task A_rule_that_matches_has_its_action_run()
    {
        await using var host = await StartAsync();
        var pending = (await NewPendingAsync("core.echo")).Enforcement;

        await Eventually.HoldsAsync(
            async () => (await ExecutionsOfAsync(pending)) is [{ Status: ExecutionStatus.Completed }], "the execution is completed");

        Assert.That((await ReadAsync(pending)).Status, Is.EqualTo(EnforcementStatus.Processed));
    }

    [Test]
    public async Task An_execution_that_fails_takes_too_long_or_cannot_be_stored_says_so()
    {
        await using var host = await StartAsync();
        var failed = await RequestAsync("test.fail");
        var slow = await RequestAsync("test.slow");
        var unstorable = await RequestAsync("test.unstorable");
        var sound = await RequestAsync("core.noop");

        await AssertAsync(failed, ExecutionStatus.Failed, "It broke: \uFFFD and <b>");
        await AssertAsync(slow, ExecutionStatus.Timeout, "Not finished within 1 seconds.");
        await AssertAsync(unstorable, ExecutionStatus.Failed, "The result could not be stored: ");
        Assert.That((await DoneAsync(sound)).Status, Is.EqualTo(ExecutionStatus.Completed));
    }

    [Test]
    public async Task An_execution_of_an_action_that_no_worker_knows_stays_requested()
    {
        var elsewhere = await RequestAsync("test.elsewhere");
        await using var host = await StartAsync();

        await DoneAsync(await RequestAsync("core.noop"));

        Assert.That((await Executions.FindAsync(elsewhere.Id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Requested));
    }

    [Test]
    public async Task Only_an_action_that_exists_can_be_requested()
    {
        var refused = await RefusedAsync(() => Executions.CreateAsync(new() { ActionRef = "gone.action" }, Cancellation));
        var odd = await RefusedAsync(() => Executions.CreateAsync(
            new() { ActionRef = "core.echo", Config = Parsed("""{"a": "\u0000"}""") }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.NotFound, "action_ref")));
        Assert.That((odd.Kind, odd.Field), Is.EqualTo((RefusalKind.Invalid, "parameters.a")));
    }

    [Test]
    public async Task Parameters_that_the_action_does_not_take_are_refused_and_fail_what_was_requested_by_another_way()
    {
        var refused = await RefusedAsync(() => RequestAsync("core.sleep", """{"seconds": -1}"""));
        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "parameters.seconds")));

        var id = await ScalarAsync<long>(
            """INSERT INTO execution (action_ref, config, max_retries) VALUES ('core.sleep', '{"seconds": "soon"}', 5) RETURNING id""");
        await using var host = await StartAsync();
        var execution = (await Executions.FindAsync(id, Cancellation))!;

        await AssertAsync(execution, ExecutionStatus.Failed, "parameters.seconds must be a number.");
        Assert.That(
            (await Executions.ListAsync(new() { OriginalExecution = id }, new(), Cancellation)).Items, Is.Empty, "it would fail again");
    }

    [Test]
    public async Task A_running_execution_is_cancelled_when_that_is_asked_for()
    {
        await using var host = await StartAsync();
        var execution = await RequestAsync("core.sleep", """{"seconds": 3600}""");
        await Eventually.HoldsAsync(
            async () => (await Executions.FindAsync(execution.Id, Cancellation))!.Status == ExecutionStatus.Running, "it is running");

        Assert.That((await Executions.CancelAsync(execution.Id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Canceling));

        await Eventually.HoldsAsync(
            async () => (await Executions.FindAsync(execution.Id, Cancellation))!.Status == ExecutionStatus.Cancelled, "it is cancelled");
        await AssertAsync(await RequestAsync("core.sleep", """{"seconds": 0}"""), ExecutionStatus.Completed, null);
    }

    [Test]
    public async Task Workers_side_by_side_run_each_execution_once()
    {
        await ExecuteAsync("INSERT INTO execution (action_ref, rule_ref) SELECT 'core.echo', 'test.many' FROM generate_series(1, 500)");

        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var third = await StartAsync();
        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>("SELECT bool_and(status = 'completed') FROM execution WHERE rule_ref = 'test.many'"),
            "all are completed");

        var steps = await QueryAsync<long>("""
            SELECT count(*)
              FROM execution_history
             WHERE entity_id IN (SELECT id FROM execution WHERE rule_ref = 'test.many')
             GROUP BY entity_id
            """);
        Assert.That(steps, Has.Count.EqualTo(500).And.All.EqualTo(4));
        var names = (await Get<IWorkerRepository>().ListAsync(new(), Cancellation)).Items.Where(worker => worker.Status == "active").Select(
            worker => worker.Name);
        Assert.That(names, Is.EquivalentTo(Enumerable.Range(1, 3).Select(number => $"{Environment.MachineName}/{number}")));
    }

    [Test]
    public async Task A_host_that_is_started_again_takes_up_its_worker_and_what_was_leased_to_it()
    {
        long worker;
        await using (await StartAsync())
        {
            worker = (await DoneAsync(await RequestAsync("core.noop"))).Worker!.Value;
        }

        Assert.That((await Get<IWorkerRepository>().FindAsync(worker, Cancellation))!.Status, Is.EqualTo("inactive"));

        // As a host leaves it that was killed.
        var execution = await RequestAsync("core.echo");
        await ExecuteAsync("UPDATE worker SET status = 'active', last_heartbeat = now() WHERE id = @worker", new { worker });
        await ExecuteAsync(
            "UPDATE execution SET status = 'running', worker = @worker, started_at = now() WHERE id = @Id", new { worker, execution.Id });
        await using var host = await StartAsync();
        var done = await DoneAsync(execution);

        Assert.That((done.Worker, done.LostCount, done.RetryReason), Is.EqualTo(((long?)worker, 1, "The worker was started again.")));
    }

    [Test]
    public async Task A_worker_that_stops_requeues_what_it_has_not_finished()
    {
        Execution execution;
        await using (await StartAsync())
        {
            execution = await RequestAsync("test.wait");
            await Eventually.HoldsAsync(
                async () => (await Executions.FindAsync(execution.Id, Cancellation))!.Status == ExecutionStatus.Running, "it is running");
        }

        var after = (await Executions.FindAsync(execution.Id, Cancellation))!;
        Assert.That(
            (after.Status, after.Worker, after.StartedAt, after.LostCount, after.RetryReason),
            Is.EqualTo((ExecutionStatus.Requested, default(long?), default(DateTimeOffset?), 0, "The worker was stopped.")));
        await ExecuteAsync("DELETE FROM execution WHERE id = @Id", new { execution.Id });
    }

    [Test]
    public async Task A_worker_that_loses_its_session_starts_anew()
    {
        await using var host = await StartAsync();
        await DoneAsync(await RequestAsync("core.noop"));

        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND database = "
            + "(SELECT oid FROM pg_database WHERE datname = current_database())");

        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND database = "
                + "(SELECT oid FROM pg_database WHERE datname = current_database()))"), "the name is locked again");
        Assert.That((await DoneAsync(await RequestAsync("core.noop"))).Status, Is.EqualTo(ExecutionStatus.Completed));
    }

    [Test]
    public async Task A_database_that_ends_its_sessions_again_and_again_takes_nothing_from_what_was_running()
    {
        await using var host = await StartAsync();
        var execution = await RequestAsync("test.wait");
        DateTimeOffset? started = null;

        // More often than a worker may be lost before its executions are abandoned.
        for (var time = 0; time <= 5; time++)
        {
            await Eventually.HoldsAsync(
                async () =>
                    await Executions.FindAsync(execution.Id, Cancellation) is { Status: ExecutionStatus.Running } found
                        && found.StartedAt != started,
                "it is run, from the beginning");
            started = (await Executions.FindAsync(execution.Id, Cancellation))!.StartedAt;
            await ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            Database.Clear();
        }

        await Eventually.HoldsAsync(
            async () =>
                await Executions.FindAsync(execution.Id, Cancellation) is { Status: ExecutionStatus.Running } found
                    && found.StartedAt != started, "it is run");
        Assert.That((await Executions.FindAsync(execution.Id, Cancellation))!.LostCount, Is.Zero);
        await Executions.CancelAsync(execution.Id, Cancellation);
    }

    private async Task AssertAsync(Execution execution, ExecutionStatus status, string? error)
    {
        var done = await DoneAsync(execution);
        Assert.That(done.Status, Is.EqualTo(status));
        Assert.That(done.Result!.Value.GetProperty("succeeded").GetBoolean(), Is.EqualTo(error is null));
        if (error is not null)
        {
            Assert.That(done.Result.Value.GetProperty("error").GetString(), Does.StartWith(error));
        }
    }

    private sealed class FailingAction : IAction<JsonElement?>
    {
        public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("It broke: \0 and <b>");
    }

    private sealed class EndlessAction : IAction<JsonElement?>
    {
        public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed class SlowAction : IAction<JsonElement?>
    {
        public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed class UnstorableAction : IAction<JsonElement?, string>
    {
        public Task<string> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
            Task.FromResult("\0");
    }
}
