using Attune.Db.Changes;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Enforcements;

/// <summary>When those that take work look for it.</summary>
public sealed class WaitingForWorkTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task An_attempt_that_waits_for_its_time_is_known_by_how_long_that_is()
    {
        var queue = Get<ExecutionQueue>();
        Task<TimeSpan?> NextAsync() => queue.NextDueAsync(["waiting.action"], TimeRange.Always.Since, Cancellation);

        await ExecuteAsync(
            """
            INSERT INTO execution (action_ref, not_before)
            VALUES ('waiting.action', NULL), ('waiting.action', now() - INTERVAL '1 second'), ('waiting.other', now() + INTERVAL '1 minute')
            """);
        Assert.That(await NextAsync(), Is.Null);

        await ExecuteAsync(
            "INSERT INTO execution (action_ref, not_before) VALUES ('waiting.action', now() + INTERVAL '2 hours'), ('waiting.action', now() + INTERVAL '1 hour')");
        Assert.That(await NextAsync(), Is.GreaterThan(TimeSpan.FromMinutes(30)).And.LessThanOrEqualTo(
            TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task The_wait_ends_when_work_is_due_and_not_later_than_without_any()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var hub = new ChangeHub(clock, NullLogger<ChangeHub>.Instance);
        hub.SetConnected(true);
        using var signal = new WorkSignal(hub, _ => false, clock);

        var due = signal.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
        clock.Advance(TimeSpan.FromSeconds(1));
        await due.WaitAsync(Eventually.Deadline, Cancellation);

        var late = signal.WaitAsync(TimeSpan.FromHours(1), Cancellation);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.That(late.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(1));
        await late.WaitAsync(Eventually.Deadline, Cancellation);
    }
}
