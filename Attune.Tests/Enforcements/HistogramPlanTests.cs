using Attune.Db.Histograms;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Events;
using Attune.Modules.Events.Ledger;

namespace Attune.Tests.Enforcements;

/// <summary>What the counts above a list open, on tables with forty days of rows.</summary>
public sealed class HistogramPlanTests : NativeDatabaseTest
{
    private static readonly DateTimeOffset Day = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(-20);
    private static readonly TimeRange Range = new(Day, Day.AddDays(1));

    private static readonly IReadOnlyList<DateTimeOffset> Edges =
        HistogramEdges.Cut(Day, Day.AddDays(1), endsWithin: true, 48, TimeZoneInfo.Utc);

    // A command for each table: many partitions take a while where much else is going on.
    [OneTimeSetUp]
    public async Task WriteFortyDaysAsync()
    {
        foreach (var table in (string[])["event", "enforcement", "execution"])
        {
            await ExecuteAsync($"CALL ensure_partitions('{table}', now() - INTERVAL '40 days', now())");
        }

        await ExecuteAsync(
            """
            SET session_replication_role = replica;
            INSERT INTO event (id, trigger_ref, created)
            SELECT number, 'plan.trigger_' || number % 10, now() - number * INTERVAL '40 days' / 20000 FROM generate_series(1, 20000) AS number;
            INSERT INTO enforcement (id, rule, rule_ref, trigger_ref, event, status, payload, created, resolved_at)
            SELECT id, id % 10, 'plan.rule_' || id % 10, trigger_ref, id, 'processed', '{}', created, created FROM event;
            INSERT INTO execution (id, action_ref, rule_ref, enforcement, status, created)
            SELECT id, 'plan.action_' || id % 10, rule_ref, id,
                   CASE id % 100 WHEN 0 THEN 'failed' WHEN 1 THEN 'running' ELSE 'completed' END::execution_status_enum, created
              FROM enforcement;
            SET session_replication_role = origin;
            ANALYZE event, enforcement, execution;
            """);
    }

    [TestCase(null)]
    [TestCase("plan.trigger_1")]
    public async Task Outcomes_of_a_day_are_read_from_that_day_and_from_the_few_executions_that_count(string? trigger)
    {
        var plan = await PlanAsync(EventHistogram.Query(new() { TriggerRef = trigger }, Edges, EventLabel.Outcome).Rows(Range, true));

        Assert.That(Of(plan, "event"), Is.EqualTo((string[])[$"event_p{Day:yyyyMMdd}"]), plan.Text);
        Assert.That(Of(plan, "enforcement"), Is.EqualTo((string[])[$"enforcement_p{Day:yyyyMMdd}"]), plan.Text);
        Assert.That(Of(plan, "execution"), Has.None.LessThan($"execution_p{Day:yyyyMMdd}"), plan.Text);
    }

    [Test]
    public async Task Rows_of_a_day_are_read_from_that_day()
    {
        var events = await PlanAsync(EventHistogram.Query(new() { SourceRef = "plan.source" }, Edges, EventLabel.Trigger).Rows(Range, true));
        var enforcements = await PlanAsync(
            EnforcementHistogram.Query(new() { RuleRef = "plan.rule_1" }, Edges, EnforcementLabel.Status).Rows(Range, true));
        var executions = await PlanAsync(ExecutionHistogram.Query(new(), Edges, ExecutionLabel.Status).Rows(Range, true));

        Assert.That(Of(events, "event"), Is.EqualTo((string[])[$"event_p{Day:yyyyMMdd}"]), events.Text);
        Assert.That(Of(enforcements, "enforcement"), Is.EqualTo((string[])[$"enforcement_p{Day:yyyyMMdd}"]), enforcements.Text);
        Assert.That(enforcements.Indexes, Is.Not.Empty.And.All.Contains("_rule_ref_"), enforcements.Text);
        Assert.That(Of(executions, "execution"), Is.EqualTo((string[])[$"execution_p{Day:yyyyMMdd}"]), executions.Text);
    }

    [TestCase("UTC", 0)]
    [TestCase("Asia/Kolkata", 30)]
    public void Whole_hours_are_counted_already_and_only_the_rest_is_read_from_rows(string zone, int rest)
    {
        var since = Day.AddMinutes(-20);
        var edges = HistogramEdges.Cut(since, since.AddDays(30), endsWithin: true, 48, TimeZoneInfo.FindSystemTimeZoneById(zone));

        var parts = HourParts.Of(new(since, since.AddDays(30)), edges)!;

        Assert.That(parts.LeftOut, Has.Count.EqualTo(rest));
        var covered = parts.Rest.Append(parts.Hours).Sum(part => (part.Until - part.Since).TotalMinutes) - (60 * parts.LeftOut.Count);
        Assert.That(covered, Is.EqualTo(TimeSpan.FromDays(30).TotalMinutes));
    }

    private static string[] Of(Plan plan, string table) =>
        [.. plan.Relations.Where(name => name.StartsWith($"{table}_p", StringComparison.Ordinal)).Distinct()];

    private Task<Plan> PlanAsync((string Sql, object Parameters) query) => Plan.OfAsync(Database, query, analyze: false, Cancellation);
}
