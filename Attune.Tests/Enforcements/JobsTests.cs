using Attune.Db.Maintenance;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Jobs;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>Jobs, step by step: nothing works by itself.</summary>
public sealed class JobsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private IJobs Jobs => Get<IJobs>();

    private JobWorker Worker => Get<JobWorker>();

    [Test]
    public async Task A_job_counts_first_works_on_what_there_was_when_it_was_confirmed_and_says_what_became_of_each()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var first = await AppendAsync(trigger);
        var draft = await Jobs.CreateAsync(
            new() { Kind = JobKind.ReplayEvents, Filter = new() { TriggerRef = trigger, Until = DateTimeOffset.UtcNow.AddDays(1) } }, Cancellation);
        var late = await AppendAsync(trigger);
        Assert.That((draft.State, draft.Total, draft.Done, draft.Failed), Is.EqualTo((JobState.Draft, 1L, 0L, 0L)));
        Assert.That(await Worker.RunningAsync(Cancellation), Has.None.Property("Id").EqualTo(draft.Id), "a draft does nothing");

        var confirmed = (await Jobs.ConfirmAsync(draft.Id, count: 1, Cancellation))!;
        await WorkAsync(draft.Id);

        var done = (await Jobs.FindAsync(draft.Id, Cancellation))!;
        var item = (await Jobs.ListItemsAsync(draft.Id, [], new(), Cancellation))!.Items.Single();
        var again = (await Get<IEventRepository>().FindAsync(item.Result!.Value, Cancellation))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((confirmed.State, confirmed.Total), Is.EqualTo((JobState.Running, 1L)));
            Assert.That(confirmed.ConfirmedAt, Is.Not.Null);
            Assert.That((done.State, done.Total, done.Done, done.Failed), Is.EqualTo((JobState.Completed, 1L, 1L, 0L)));
            Assert.That((item.Number, item.Item, item.Outcome, item.Reason), Is.EqualTo((1L, first.Id, (JobOutcome?)JobOutcome.Done, (string?)null)));
            Assert.That(again.ReplayOf, Is.EqualTo(first.Id));
            Assert.That(await ReplaysOfAsync(late.Id), Is.Zero, "what came after the draft is past its bound");
            Assert.That(
                await ScalarAsync<long>("SELECT count(*) FROM enforcement WHERE rule_ref = @Ref", new { rule.Ref }), Is.EqualTo(3));
        }
    }

    [Test]
    public async Task A_count_that_is_not_right_any_more_confirms_nothing()
    {
        var trigger = await NewTriggerAsync();
        var first = await AppendAsync(trigger);
        var job = await Jobs.CreateAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] }, Cancellation);

        var refused = await RefusedAsync(() => Jobs.ConfirmAsync(job.Id, count: 2, Cancellation));

        Assert.That((refused.Kind, refused.Field, refused.Message), Is.EqualTo((
            RefusalKind.Conflict, "count", "There are 1 now, and not 2: nothing was confirmed.")));
        Assert.That((await Jobs.FindAsync(job.Id, Cancellation))!.State, Is.EqualTo(JobState.Draft));
        Assert.That((await Jobs.ListItemsAsync(job.Id, [], new(), Cancellation))!.Items, Is.Empty);
    }

    [Test]
    public async Task Ids_are_taken_once_each_and_one_that_is_not_there_says_so()
    {
        var trigger = await NewTriggerAsync();
        var (one, two) = (await AppendAsync(trigger), await AppendAsync(trigger));

        var job = await RunAsync(new() { Kind = JobKind.ReplayEvents, Ids = [two.Id, 999_999_999, one.Id, two.Id] });

        var items = (await Jobs.ListItemsAsync(job.Id, [], new(), Cancellation))!.Items;
        Assert.That((job.Total, job.Done, job.Failed), Is.EqualTo((3L, 2L, 1L)));
        Assert.That(items.Select(item => item.Item), Is.EqualTo((long[])[two.Id, 999_999_999, one.Id]));
        Assert.That(items[1].Reason, Is.EqualTo("There is no event 999999999: it may be expired."));
        var failed = (await Jobs.ListItemsAsync(job.Id, [JobOutcome.Failed], new() { IncludeTotal = true }, Cancellation))!;
        Assert.That((failed.Items.Single().Number, failed.Total!.Value.Items), Is.EqualTo((2L, 1L)));
        Assert.That(await Jobs.ListItemsAsync(long.MaxValue, [], new(), Cancellation), Is.Null);
    }

    [Test]
    public async Task An_event_whose_trigger_is_disabled_is_an_item_that_failed()
    {
        var trigger = await NewTriggerAsync();
        var first = await AppendAsync(trigger);
        await ExecuteAsync("UPDATE trigger SET enabled = false WHERE ref = @trigger", new { trigger });

        var job = await RunAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] });

        var item = (await Jobs.ListItemsAsync(job.Id, [JobOutcome.Failed], new(), Cancellation))!.Items.Single();
        Assert.That(item.Reason, Does.Contain("is disabled"));
    }

    [Test]
    public async Task Chosen_rules_alone_are_asked_about_the_events_of_a_job()
    {
        var trigger = await NewTriggerAsync();
        var (rule, other) = (await NewRuleAsync(trigger), await NewRuleAsync(trigger));
        var first = await AppendAsync(trigger);

        var job = await RunAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id], Options = new() { Rules = [rule.Ref] } });

        var item = (await Jobs.ListItemsAsync(job.Id, [], new(), Cancellation))!.Items.Single();
        Assert.That(
            await QueryAsync<string>("SELECT rule_ref FROM enforcement WHERE event = @Result", new { item.Result }),
            Is.EqualTo((string[])[rule.Ref]), other.Ref);
    }

    [Test]
    public async Task Executions_that_failed_with_some_error_are_run_again_of_several_attempts_the_last()
    {
        var action = NewName("action");
        await ExecuteAsync("INSERT INTO action (ref, label) VALUES (@action, 'Often')", new { action });
        var failed = await InsertAsync(action, "failed", """{"error": "Connection REFUSED by a.example"}""");
        var other = await InsertAsync(action, "failed", """{"error": "No space"}""");
        var attempts = await InsertAsync(action, "failed", """{"error": "connection refused"}""");
        var last = await ScalarAsync<long>(
            """
            INSERT INTO execution (action_ref, status, result, original_execution, retry_count)
            VALUES (@action, 'failed', '{"error": "connection refused"}', @attempts, 1)
            RETURNING id
            """, new { action, attempts });
        var running = await InsertAsync(action, "running", null);
        JobFilter filter = new() { ActionRef = action, Status = [ExecutionStatus.Failed, ExecutionStatus.Timeout], ErrorContains = "connection refused" };

        var job = await RunAsync(new() { Kind = JobKind.RerunExecutions, Filter = filter });
        var byIds = await RunAsync(new() { Kind = JobKind.RerunExecutions, Ids = [other, running] });
        var forced = await RunAsync(new() { Kind = JobKind.RerunExecutions, Ids = [running], Options = new() { Force = true } });

        var items = (await Jobs.ListItemsAsync(job.Id, [], new(), Cancellation))!.Items;
        Assert.That(items.Select(item => item.Item), Is.EqualTo((long[])[failed, last]));
        Assert.That(items.Select(item => item.Outcome), Is.All.EqualTo(JobOutcome.Done));
        var again = (await Executions.FindAsync(items[0].Result!.Value, Cancellation))!;
        Assert.That((again.RerunOf, again.Status), Is.EqualTo(((long?)failed, ExecutionStatus.Requested)));
        var reason = (await Jobs.ListItemsAsync(byIds.Id, [JobOutcome.Failed], new(), Cancellation))!.Items.Single();
        Assert.That((reason.Item, reason.Reason), Is.EqualTo((
            running, $"Execution {running} is not over: it is running. With force it is run again all the same.")));
        Assert.That((forced.Done, forced.Failed), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public async Task A_job_that_is_stopped_does_no_more_until_it_is_resumed()
    {
        var trigger = await NewTriggerAsync();
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await AppendAsync(trigger)).Id);
        }

        var job = await Jobs.CreateAsync(new() { Kind = JobKind.ReplayEvents, Ids = ids }, Cancellation);
        Assert.That((await RefusedAsync(() => Jobs.StopAsync(job.Id, Cancellation))).Kind, Is.EqualTo(RefusalKind.Conflict), "a draft");
        job = (await Jobs.ConfirmAsync(job.Id, null, Cancellation))!;
        await Worker.WorkAsync(job, 2, Cancellation);
        var stopped = (await Jobs.StopAsync(job.Id, Cancellation))!;

        Assert.That(await Worker.WorkAsync(job, 2, Cancellation), Is.Zero);
        Assert.That((stopped.State, stopped.Done, stopped.Total), Is.EqualTo((JobState.Stopped, 2L, 5L)));
        Assert.That((await Jobs.StopAsync(job.Id, Cancellation))!.State, Is.EqualTo(JobState.Stopped), "twice is as good as once");

        Assert.That((await Jobs.ResumeAsync(job.Id, Cancellation))!.State, Is.EqualTo(JobState.Running));
        await WorkAsync(job.Id);
        Assert.That((await Jobs.FindAsync(job.Id, Cancellation))!.Done, Is.EqualTo(5));
        Assert.That((await RefusedAsync(() => Jobs.ResumeAsync(job.Id, Cancellation))).Message, Does.Contain("is completed"));
        Assert.That((await Jobs.ConfirmAsync(job.Id, 5, Cancellation))!.State, Is.EqualTo(JobState.Completed), "twice is as good as once");
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM event WHERE replay_of = ANY(@ids)", new { ids }), Is.EqualTo(5));
    }

    [TestCase(JobKind.ReplayEvents)]
    [TestCase(JobKind.RerunExecutions)]
    public async Task A_job_that_is_aborted_keeps_what_it_did_and_is_never_worked_on_again_by_any_host(JobKind kind)
    {
        var ids = await QueryAsync<long>(kind == JobKind.ReplayEvents
            ? "INSERT INTO event (trigger_ref) SELECT @trigger FROM generate_series(1, 5) RETURNING id"
            : "INSERT INTO execution (action_ref, status) SELECT 'core.noop', 'failed' FROM generate_series(1, 5) RETURNING id",
            new { trigger = await NewTriggerAsync() });
        var job = await Jobs.CreateAsync(new() { Kind = kind, Ids = ids }, Cancellation);
        job = (await Jobs.ConfirmAsync(job.Id, null, Cancellation))!;
        await Worker.WorkAsync(job, 2, Cancellation);
        await using var second = NewServices();

        var aborted = (await second.GetRequiredService<IJobs>().AbortAsync(job.Id, Cancellation))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((aborted.State, aborted.Done, aborted.Failed, aborted.Total), Is.EqualTo((JobState.Aborted, 2L, 0L, 5L)));
            Assert.That(aborted.EndedAt, Is.Not.Null);
            Assert.That(await Worker.WorkAsync(job, 2, Cancellation), Is.Zero, "this host looked before it was aborted");
            Assert.That(await Worker.TryEndAsync(job.Id, Cancellation), Is.False);
            Assert.That(await Worker.RunningAsync(Cancellation), Has.None.Property("Id").EqualTo(job.Id));
            var again = (await Jobs.AbortAsync(job.Id, Cancellation))!;
            Assert.That((again.State, again.EndedAt), Is.EqualTo((JobState.Aborted, aborted.EndedAt)), "twice is as good as once");
            foreach (var change in (Func<long, CancellationToken, Task<Job?>>[])
                [Jobs.StopAsync, Jobs.ResumeAsync, (id, token) => Jobs.ConfirmAsync(id, null, token)])
            {
                var refused = await RefusedAsync(() => change(job.Id, Cancellation));
                Assert.That((refused.Kind, refused.Message), Is.EqualTo((RefusalKind.Conflict, $"Job {job.Id} was aborted, and is over.")));
            }

            var items = (await Jobs.ListItemsAsync(job.Id, [], new(), Cancellation))!.Items;
            Assert.That(items.Select(item => item.Outcome), Is.EqualTo((JobOutcome?[])[JobOutcome.Done, JobOutcome.Done, null, null, null]));
        }
    }

    [Test]
    public async Task A_draft_and_a_stopped_job_can_be_aborted_and_a_completed_one_cannot()
    {
        var trigger = await NewTriggerAsync();
        var first = await AppendAsync(trigger);
        var draft = await Jobs.CreateAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] }, Cancellation);
        var stopped = await Jobs.CreateAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] }, Cancellation);
        await Jobs.ConfirmAsync(stopped.Id, null, Cancellation);
        await Jobs.StopAsync(stopped.Id, Cancellation);
        var completed = await RunAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] });

        Assert.That(
            (await Jobs.AbortAsync(draft.Id, Cancellation))!, Has.Property("State").EqualTo(JobState.Aborted).And.Property("ConfirmedAt").Null);
        Assert.That((await Jobs.AbortAsync(stopped.Id, Cancellation))!.State, Is.EqualTo(JobState.Aborted));
        var refused = await RefusedAsync(() => Jobs.AbortAsync(completed.Id, Cancellation));
        Assert.That((refused.Kind, refused.Message), Is.EqualTo((RefusalKind.Conflict, $"Job {completed.Id} is completed.")));
        Assert.That(await Jobs.AbortAsync(long.MaxValue, Cancellation), Is.Null);
        Assert.That((await RefusedAsync(() => Jobs.ConfirmAsync(draft.Id, null, Cancellation))).Kind, Is.EqualTo(RefusalKind.Conflict));
    }

    [TestCase(JobKind.ReplayEvents)]
    [TestCase(JobKind.RerunExecutions)]
    public async Task Several_hosts_work_on_a_job_side_by_side_and_do_nothing_twice(JobKind kind)
    {
        var trigger = await NewTriggerAsync();
        var ids = await QueryAsync<long>(kind == JobKind.ReplayEvents
            ? "INSERT INTO event (trigger_ref) SELECT @trigger FROM generate_series(1, 300) RETURNING id"
            : "INSERT INTO execution (action_ref, status) SELECT 'core.noop', 'failed' FROM generate_series(1, 300) RETURNING id", new { trigger });
        var job = await Jobs.CreateAsync(new() { Kind = kind, Ids = ids }, Cancellation);
        job = (await Jobs.ConfirmAsync(job.Id, 300, Cancellation))!;
        await using var second = NewServices();
        await using var third = NewServices();

        await Task.WhenAll(new[] { Worker, second.GetRequiredService<JobWorker>(), third.GetRequiredService<JobWorker>() }
            .Select(worker => Task.Run(async () =>
            {
                while (await worker.WorkAsync(job, 20, Cancellation) > 0)
                {
                    // As workers do: no more than so many wait for them.
                    await ExecuteAsync("UPDATE execution SET status = 'cancelled' WHERE status = 'requested' AND rerun_of = ANY(@ids)", new { ids = ids.ToArray() });
                }
            })));
        await Worker.TryEndAsync(job.Id, Cancellation);

        Assert.That((await Jobs.FindAsync(job.Id, Cancellation))!, Has.Property("Done").EqualTo(300).And.Property("State").EqualTo(JobState.Completed));
        Assert.That(
            await ScalarAsync<long>(kind == JobKind.ReplayEvents
                ? "SELECT count(*) FROM event WHERE replay_of = ANY(@ids)"
                : "SELECT count(*) FROM execution WHERE rerun_of = ANY(@ids)", new { ids = ids.ToArray() }),
            Is.EqualTo(300));
    }

    [Test]
    public async Task No_more_executions_of_jobs_wait_for_workers_than_others_can_wait_for()
    {
        var ids = await QueryAsync<long>(
            "INSERT INTO execution (action_ref, status) SELECT 'core.noop', 'failed' FROM generate_series(1, 250) RETURNING id");
        var draft = await Jobs.CreateAsync(new() { Kind = JobKind.RerunExecutions, Ids = ids }, Cancellation);
        var job = (await Jobs.ConfirmAsync(draft.Id, null, Cancellation))!;

        Assert.That(await Worker.WorkAsync(job, 250, Cancellation), Is.EqualTo(200));
        Assert.That(await Worker.WorkAsync(job, 250, Cancellation), Is.Zero);
        await ExecuteAsync(
            "UPDATE execution SET status = 'completed' WHERE rerun_of = ANY(@first)", new { first = ids.Order().Take(20).ToArray() });
        Assert.That(await Worker.WorkAsync(job, 250, Cancellation), Is.EqualTo(20));
        await ExecuteAsync("UPDATE execution SET status = 'completed' WHERE rerun_of = ANY(@ids)", new { ids = ids.ToArray() });
        await WorkAsync(job.Id);
    }

    [Test]
    public async Task An_item_that_another_host_has_ended_meanwhile_leaves_no_second_event()
    {
        var trigger = await NewTriggerAsync();
        var first = await AppendAsync(trigger);
        var job = await Jobs.CreateAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] }, Cancellation);
        job = (await Jobs.ConfirmAsync(job.Id, null, Cancellation))!;

        // Both have claimed it: the claim of the first was over before it came to write.
        var replay = new EventReplay { JobItem = new(job.Id, 1) };
        var written = (await Get<IEventReplays>().ReplayAsync(first.Id, replay, Cancellation))!;
        await Assert.ThatAsync(() => Get<IEventReplays>().ReplayAsync(first.Id, replay, Cancellation), Throws.TypeOf<ItemTakenException>());
        var beside = await AppendAsync(trigger);

        Assert.That(await QueryAsync<long>("SELECT id FROM event WHERE replay_of = @Id", new { first.Id }), Is.EqualTo((long[])[written.Event.Id]));
        Assert.That((await Jobs.ListItemsAsync(job.Id, [], new(), Cancellation))!.Items.Single().Result, Is.EqualTo(written.Event.Id));
        Assert.That(beside.Id, Is.GreaterThan(written.Event.Id));
    }

    [Test]
    public async Task What_a_job_of_its_kind_does_not_have_is_refused_by_its_place()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);

        async Task<(RefusalKind, string?)> Refused(JobKind kind, JobFilter? filter, long[]? ids = null, JobChoices? options = null)
        {
            var refused = await RefusedAsync(
                () => Jobs.CreateAsync(new() { Kind = kind, Filter = filter, Ids = ids, Options = options ?? new() }, Cancellation));
            return (refused.Kind, refused.Field);
        }

        var far = DateTimeOffset.UtcNow.AddDays(1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Refused(JobKind.ReplayEvents, null), Is.EqualTo((RefusalKind.Invalid, "filter")));
            Assert.That(await Refused(JobKind.ReplayEvents, new(), [1]), Is.EqualTo((RefusalKind.Invalid, "filter")));
            Assert.That(await Refused(JobKind.ReplayEvents, null, []), Is.EqualTo((RefusalKind.Invalid, "ids")));
            Assert.That(await Refused(JobKind.ReplayEvents, new() { ActionRef = "a.b" }), Is.EqualTo((RefusalKind.Invalid, "filter.action_ref")));
            Assert.That(await Refused(JobKind.ReplayEvents, new() { Status = [ExecutionStatus.Failed] }), Is.EqualTo((RefusalKind.Invalid, "filter.status")));
            Assert.That(await Refused(JobKind.RerunExecutions, new() { SourceRef = "a" }), Is.EqualTo((RefusalKind.Invalid, "filter.source_ref")));
            Assert.That(await Refused(JobKind.RerunExecutions, new() { Status = [] }), Is.EqualTo((RefusalKind.Invalid, "filter.status")));
            Assert.That(await Refused(JobKind.RerunExecutions, new() { ErrorContains = "\0" }), Is.EqualTo((RefusalKind.Invalid, "filter.error_contains")));
            Assert.That(await Refused(JobKind.RerunExecutions, new() { Since = far }), Is.EqualTo((RefusalKind.Invalid, "filter.since")));
            Assert.That(
                await Refused(JobKind.RerunExecutions, new(), options: new() { Rules = [rule.Ref] }), Is.EqualTo((RefusalKind.Invalid, "options.rules")));
            Assert.That(await Refused(JobKind.ReplayEvents, new(), options: new() { Force = true }), Is.EqualTo((RefusalKind.Invalid, "options.force")));
            Assert.That(
                await Refused(JobKind.ReplayEvents, new(), options: new() { Rules = [rule.Ref, "no.such"] }),
                Is.EqualTo((RefusalKind.NotFound, "options.rules[1]")));
        }
    }

    [Test]
    public async Task More_than_a_million_items_are_refused()
    {
        var refused = await RefusedAsync(() => Jobs.CreateAsync(
            new() { Kind = JobKind.ReplayEvents, Ids = [.. Enumerable.Range(1, NewJob.MostItems + 1).Select(id => (long)id)] }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "ids")));
        Assert.That(refused.Message, Does.Contain("1,000,000"));
    }

    [Test]
    public async Task Jobs_are_pruned_thirty_days_after_they_ended()
    {
        var trigger = await NewTriggerAsync();
        var first = await AppendAsync(trigger);
        var old = await RunAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] });
        var recent = await RunAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] });
        var running = await Jobs.CreateAsync(new() { Kind = JobKind.ReplayEvents, Ids = [first.Id] }, Cancellation);
        await Jobs.ConfirmAsync(running.Id, null, Cancellation);
        await ExecuteAsync("UPDATE job SET ended_at = now() - INTERVAL '31 days' WHERE id = @Id", new { old.Id });
        await ExecuteAsync("UPDATE job SET ended_at = now() - INTERVAL '29 days' WHERE id = @Id", new { recent.Id });
        await ExecuteAsync("UPDATE job SET confirmed_at = now() - INTERVAL '31 days' WHERE id = @Id", new { running.Id });

        await Get<TimeTables>().MaintainAsync(Cancellation);

        Assert.That(await Jobs.FindAsync(old.Id, Cancellation), Is.Null);
        Assert.That(await Jobs.FindAsync(recent.Id, Cancellation), Is.Not.Null);
        Assert.That(await Jobs.FindAsync(running.Id, Cancellation), Is.Not.Null);
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM job_item WHERE job = @Id", new { old.Id }), Is.Zero);
        await WorkAsync(running.Id);
    }

    private async Task<Job> RunAsync(NewJob job)
    {
        var draft = await Jobs.CreateAsync(job, Cancellation);
        await Jobs.ConfirmAsync(draft.Id, draft.Total, Cancellation);
        await WorkAsync(draft.Id);
        return (await Jobs.FindAsync(draft.Id, Cancellation))!;
    }

    private async Task WorkAsync(long id)
    {
        var job = (await Worker.RunningAsync(Cancellation)).Single(job => job.Id == id);
        while (await Worker.WorkAsync(job, 100, Cancellation) > 0)
        {
        }

        Assert.That(await Worker.TryEndAsync(id, Cancellation), Is.True);
    }

    private Task<long> InsertAsync(string action, string status, string? result) => ScalarAsync<long>(
        "INSERT INTO execution (action_ref, status, result) VALUES (@action, @status::execution_status_enum, @result::jsonb) RETURNING id",
        new { action, status, result });

    private Task<long> ReplaysOfAsync(long id) => ScalarAsync<long>("SELECT count(*) FROM event WHERE replay_of = @id", new { id });
}
