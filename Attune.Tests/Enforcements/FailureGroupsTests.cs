using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Tests.Enforcements;

/// <summary>Failures that said the same, counted together.</summary>
public sealed class FailureGroupsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private static readonly DateTimeOffset Since = new(DateTime.UtcNow.Date.AddDays(-3), TimeSpan.Zero);

    private IFailureGroups Groups => Get<IFailureGroups>();

    [TestCase("Order 4711 was refused after 12.5 s", "Order # was refused after # s")]
    [TestCase("No user 'ada' at \"acme 7\"", "No user … at …")]
    [TestCase("Job 0b9e1f5c-9a51-4c1e-9d3e-1a2b3c4d5e6f, commit 305c7b1, page E404, port 8080", "Job #, commit #, page #, port #")]
    [TestCase("127.0.0.1:5432 cannot be reached: Connection refused", "# cannot be reached: Connection refused")]
    [TestCase("It's a face, added decade", "It's a face, added decade")]
    [TestCase("", "")]
    public async Task Numbers_ids_and_quoted_texts_make_no_difference(string error, string pattern)
    {
        var action = NewName("action");
        await FailAsync(action, error, 1);

        Assert.That((await ReportAsync(action)).Groups.Single().Error, Is.EqualTo(pattern));
    }

    [Test]
    public async Task What_said_the_same_is_counted_together_with_the_first_and_the_last()
    {
        var action = NewName("action");
        await FailAsync(action, "Order 1 was refused", 1);
        await FailAsync(action, "Order 2 was refused", 30, "timeout");
        var last = await FailAsync(action, "Order 3 was refused", 47, "abandoned");
        await FailAsync(action, "something else", 2);
        await FailAsync(action, "Order 4 was refused", 2, "completed");
        await FailAsync(NewName("action"), "Order 5 was refused", 2);

        var report = await ReportAsync(action);
        var refused = report.Groups[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.Total, report.TotalIsMinimum, report.Groups.Count, report.Others), Is.EqualTo((4L, false, 2, 0)));
            Assert.That((refused.Count, refused.Error, refused.Sample, refused.SampleError), Is.EqualTo(
                (3L, "Order # was refused", last, "Order 3 was refused")));
            Assert.That((refused.First, refused.Last), Is.EqualTo((Since.AddHours(1), Since.AddHours(47))));
            Assert.That(refused.Counts.Index().Where(part => part.Item > 0).Select(part => part.Index), Is.EqualTo((int[])[0, 15, 23]));
        }

        var members = await Groups.ListAsync(Filter(action), action, refused.Error, 100, Cancellation);
        Assert.That(members.Select(one => one.Error), Is.EqualTo((string[])
            ["Order 3 was refused", "Order 2 was refused", "Order 1 was refused"]));
    }

    [Test]
    public async Task Of_attempts_the_last_counts_and_what_was_run_again_does_not()
    {
        var action = NewName("action");
        var first = await FailAsync(action, "no", 1);
        var second = await FailAsync(action, "no", 2, original: first, retry: 1);
        Assert.That((await MembersAsync()).Single(), Is.EqualTo(second));

        var other = await FailAsync(action, "no", 3);
        Assert.That(await MembersAsync(), Is.EqualTo((long[])[other, second]));

        await FailAsync(action, "no", 4, "requested", rerun: other);
        Assert.That(await MembersAsync(), Is.EqualTo((long[])[second]));

        async Task<IEnumerable<long>> MembersAsync() =>
            (await Groups.ListAsync(Filter(action), action, "no", 100, Cancellation)).Select(one => one.Id);
    }

    [Test]
    public async Task Of_an_enforcement_the_newest_execution_counts_whichever_was_run_again()
    {
        var action = NewName("action");
        await ExecuteAsync(
            """
            WITH first AS (
                INSERT INTO execution (action_ref, status, enforcement, result, created, max_retries)
                VALUES (@action, 'failed', 987654321, '{"error": "no"}', @Since, 1)
                RETURNING id
            ), second AS (
                INSERT INTO execution (action_ref, status, enforcement, result, created, max_retries, original_execution, retry_count)
                SELECT @action, 'failed', 987654321, '{"error": "no"}', @Since + INTERVAL '1 hour', 1, id, 1 FROM first
            )
            INSERT INTO execution (action_ref, status, enforcement, created, rerun_of)
            SELECT @action, 'completed', 987654321, @Since + INTERVAL '2 hours', id FROM first
            """, new { action, Since });

        Assert.That((await ReportAsync(action)).Total, Is.Zero);
        Assert.That(await Get<IDurations>().FailuresAsync(Since, Since.AddHours(1.5), 100, Cancellation), Has.None.Property("ActionRef").EqualTo(action));
    }

    [Test]
    public async Task A_group_is_run_again_as_a_job_on_the_set_that_was_seen()
    {
        var action = (await Get<IActionRepository>().CreateAsync(new() { Ref = NewName("action"), Label = "Action" }, Cancellation)).Ref;
        var (one, two) = (await FailAsync(action, "Order 1", 1), await FailAsync(action, "Order 2", 2));
        var members = await Groups.ListAsync(Filter(action), action, "Order #", FailureReport.MostExecutions, Cancellation);
        var jobs = Get<IJobs>();

        var draft = await jobs.CreateAsync(
            new() { Kind = JobKind.RerunExecutions, Ids = [.. members.Select(member => member.Id).Reverse()] }, Cancellation);
        await FailAsync(action, "Order 3", 3);

        Assert.That((draft.State, draft.Total), Is.EqualTo((JobState.Draft, 2L)));
        Assert.That(draft.Sample, Is.EqualTo((long[])[one, two]));
        var running = (await jobs.ConfirmAsync(draft.Id, 2, Cancellation))!;
        Assert.That((running.Total, running.Sample.Count), Is.EqualTo((2L, 0)));
    }

    [Test]
    public async Task A_range_that_is_none_or_too_long_is_refused()
    {
        var filter = Filter(null);

        Assert.That((await RefusedAsync(() => Groups.ReportAsync(filter with { Until = filter.Since }, Cancellation))).Field, Is.EqualTo("since"));
        Assert.That(
            (await RefusedAsync(() => Groups.ReportAsync(filter with { Since = filter.Until.AddDays(-91) }, Cancellation))).Field,
            Is.EqualTo("since"));
        Assert.That((await Groups.ReportAsync(filter with { ActionRef = "a\0b" }, Cancellation)).Groups, Is.Empty);
    }

    [Test]
    public async Task Each_status_walks_its_own_index_within_the_range()
    {
        await FailAsync(NewName("action"), "no", 1);

        var plan = await Plan.OfAsync(
            Database, FailureQueries.Report(Filter(null) with { Until = Since.AddDays(1) }, 3600), analyze: false, Cancellation);

        Assert.That(plan.Relations.Where(name => name.Contains("execution", StringComparison.Ordinal) || name.StartsWith("_hyper", StringComparison.Ordinal)), Is.Not.Empty);
        Assert.That(plan.NodeTypes, Has.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Indexes, Has.Some.Contains("status"), plan.Text);
    }

    private static FailureFilter Filter(string? action) => new() { ActionRef = action, Since = Since, Until = Since.AddDays(2) };

    private Task<FailureReport> ReportAsync(string action) => Groups.ReportAsync(Filter(action), Cancellation);

    private Task<long> FailAsync(
        string action, string error, int hour, string status = "failed", long? original = null, int retry = 0, long? rerun = null) =>
        ScalarAsync<long>(
            """
            INSERT INTO execution (action_ref, status, result, created, updated, original_execution, retry_count, max_retries, rerun_of)
            VALUES (@action, @status::execution_status_enum, jsonb_build_object('error', @error), @at, @at, @original, @retry, 3, @rerun)
            RETURNING id
            """,
            new { action, status, error, at = Since.AddHours(hour), original, retry, rerun });
}
