using Attune.Modules.Enforcements;

namespace Attune.Tests.Enforcements;

/// <summary>How quick and how well a range went.</summary>
public sealed class DurationsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static readonly DateTimeOffset Since = DateTimeOffset.UtcNow.AddHours(-2);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddHours(1);

    [OneTimeSetUp]
    public Task WriteAsync() => ExecuteAsync(
        """
        INSERT INTO enforcement (rule_ref, trigger_ref, payload, created, status, resolved_at)
        SELECT 'took.rule', 'took.trigger', '{}', at, 'processed', at + number * INTERVAL '10 milliseconds'
          FROM (SELECT number, now() - INTERVAL '1 hour' AS at FROM generate_series(1, 100) AS number) AS made;
        INSERT INTO execution (action_ref, status, created, updated, result)
        SELECT 'took.action', CASE WHEN number <= 20 THEN 'completed' WHEN number <= 27 THEN 'failed' ELSE 'timeout' END::execution_status_enum,
               at, at + number * INTERVAL '1 second',
               CASE WHEN number > 20 AND number <= 27 THEN '{"error": "connection refused"}' ELSE '{}' END::jsonb
          FROM (SELECT number, now() - INTERVAL '1 hour' AS at FROM generate_series(1, 30) AS number) AS made;
        """);

    [Test]
    public async Task Half_were_resolved_within_the_median_and_nineteen_of_twenty_within_the_other()
    {
        var took = await Get<IDurations>().ToResolveAsync(Since, Until, Cancellation);

        Assert.That(
            (took!.Median, took.Most, took.Counted, took.IsSample),
            Is.EqualTo((TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(950), 100, false)));
    }

    [Test]
    public async Task Only_what_was_completed_has_a_time_to_complete()
    {
        var took = await Get<IDurations>().ToCompleteAsync(Since, Until, Cancellation);

        Assert.That((took!.Median, took.Most, took.Counted), Is.EqualTo((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(19), 20)));
        Assert.That(await Get<IDurations>().ToCompleteAsync(Since.AddDays(-3), Since, Cancellation), Is.Null);
    }

    [Test]
    public async Task Failures_are_gathered_by_what_they_say()
    {
        var reasons = await Get<IDurations>().FailuresAsync(Since, Until, 5, Cancellation);

        Assert.That(
            reasons.Select(reason => (reason.Error, reason.ActionRef, reason.Status, reason.Count)),
            Is.EqualTo(((string?, string, ExecutionStatus, long)[])
                [("connection refused", "took.action", ExecutionStatus.Failed, 7), (null, "took.action", ExecutionStatus.Timeout, 3)]));
    }
}
