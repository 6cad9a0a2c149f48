using Attune.Modules.Events;
using Attune.Modules.Events.Ledger;

namespace Attune.Tests.Events;

/// <summary>The plans of the repository's own SQL, on a table with ninety days of events.</summary>
public sealed class EventPlanTests : NativeDatabaseTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [OneTimeSetUp]
    public Task WriteNinetyDaysAsync() => ExecuteAsync(
        """
        CALL ensure_partitions('event', now() - INTERVAL '89 days', now());
        SET session_replication_role = replica;
        INSERT INTO event (trigger, trigger_ref, payload, source, source_ref, created, rule, rule_ref)
        SELECT number % 3, CASE number % 10 WHEN 0 THEN 'plan.tenth' ELSE 'plan.trigger_' || number % 3 END, '{}', number % 2, 'plan.source_' || number % 2,
               now() - number * INTERVAL '89 days' / 120000, number % 3, 'plan.rule_' || number % 3
          FROM generate_series(1, 120000) AS number;
        SET session_replication_role = origin;
        ANALYZE event;
        CALL note_id_ranges();
        """);

    [Test]
    public async Task The_first_page_reads_the_newest_day_by_the_index()
    {
        var plan = await ListAsync(new(), new());

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(Past(plan), Has.Length.LessThanOrEqualTo(2), plan.Text);
    }

    [Test]
    public async Task A_deep_page_reads_the_day_of_its_cursor()
    {
        var plan = await ListAsync(new(), new() { After = new(Now.AddDays(-45), 1) });

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Relations, Has.Count.LessThanOrEqualTo(2), plan.Text);
    }

    [Test]
    public async Task A_page_above_a_row_reads_the_day_of_that_row()
    {
        var plan = await ListAsync(new(), new() { Before = new(Now.AddDays(-45), 1) });

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Relations, Has.Count.LessThanOrEqualTo(2), plan.Text);
    }

    [TestCase("trigger_ref")]
    [TestCase("rule_ref")]
    [TestCase("source_ref")]
    public async Task A_filter_by_reference_walks_its_index_without_sorting(string column)
    {
        EventFilter filter = column switch
        {
            "trigger_ref" => new() { TriggerRef = "plan.trigger_1" },
            "rule_ref" => new() { RuleRef = "plan.rule_1" },
            _ => new() { SourceRef = "plan.source_1" },
        };

        var plan = await ListAsync(filter, new() { After = new(Now.AddDays(-45), 1) });

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Indexes, Is.Not.Empty.And.All.Contains($"_{column}_").Or.All.Contains("_created_"), plan.Text);
    }

    [Test]
    public async Task What_was_sent_again_from_an_event_is_found_by_its_index()
    {
        var plan = await ListAsync(new() { ReplayOf = 17 }, new() { After = new(Now.AddDays(-45), 1) });

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Indexes, Is.Not.Empty.And.All.Contains("_replay_of_"), plan.Text);
    }

    [Test]
    public async Task An_old_event_is_looked_for_in_its_own_day()
    {
        var id = await ScalarAsync<long>("SELECT min(id) FROM event WHERE created < now() - INTERVAL '40 days'");
        var range = await Get<IdRanges>().HintAsync(IdTable.Event, id, Cancellation);

        var plan = await Plan.OfAsync(
            Database, (EventRepository.FindSql, new { id, range.Since, range.Until }), analyze: false, Cancellation);

        Assert.That(plan.Relations, Has.Count.EqualTo(1), plan.Text);
        Assert.That(plan.Indexes.Single(), Does.EndWith("_pkey"), plan.Text);
    }

    [Test]
    public async Task The_next_event_of_a_trigger_is_found_by_its_index_in_its_own_days()
    {
        var of = new Event { Id = 1, TriggerRef = "plan.trigger_1", Created = Now.AddDays(-40) };

        var plan = await Plan.OfAsync(
            Database, EventRepository.NewerQuery(of, new(of.Created, of.Created.AddDays(1))), analyze: false, Cancellation);

        Assert.That(plan.Relations, Has.Count.LessThanOrEqualTo(2), plan.Text);
        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_scan_of_a_day_reads_that_day_alone_by_the_index(bool paged)
    {
        var day = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-40);
        var scan = new EventScan { TriggerRef = "plan.tenth", Since = day, Until = day.AddDays(1), Limit = 10 };

        var plan = await Plan.OfAsync(
            Database, EventScanner.Query(paged ? scan with { After = new(day.AddHours(12), 1) } : scan), analyze: false, Cancellation);

        Assert.That(plan.Relations, Is.EqualTo((string[])[$"event_p{day:yyyyMMdd}"]), plan.Text);
        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);

        // Of the half day behind a cursor either index is as good.
        Assert.That(plan.Indexes, Has.Count.EqualTo(1).And.All.Contains(paged ? "_created_id_idx" : "_trigger_ref_"), plan.Text);
    }

    [TestCase("plan.tenth", false, false)]
    [TestCase("plan.tenth", true, true)]
    [TestCase(null, false, true)]
    [TestCase(null, true, false)]
    public async Task A_search_of_a_day_reads_that_day_alone_newest_first_by_the_index(string? trigger, bool paged, bool narrowed)
    {
        var day = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-40);
        var scan = new NewestScan
        {
            Filter = new() { TriggerRef = trigger }, Range = new(day, day.AddDays(1)), Limit = 10,
            After = paged ? new(day.AddHours(12), 1) : null, Necessary = narrowed ? ["""{"a": 1}"""] : [],
        };

        var plan = await Plan.OfAsync(Database, EventScanner.NewestQuery(scan), analyze: false, Cancellation);

        Assert.That(plan.Relations, Is.EqualTo((string[])[$"event_p{day:yyyyMMdd}"]), plan.Text);
        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
    }

    private Task<Plan> ListAsync(EventFilter filter, PageRequest page) => Plan.OfAsync(
        Database,
        EventRepository.ListQuery(filter, page, TimeWindows.Of(Now, filter.Since, filter.Until, page)[0], page.Size + 1),
        analyze: false,
        Cancellation);

    // Days to come have their partitions already; they are empty and cost next to nothing.
    private static string[] Past(Plan plan) => [.. plan.Relations.Where(name =>
        name.StartsWith("event_p", StringComparison.Ordinal) && string.CompareOrdinal(name[7..], $"{Now:yyyyMMdd}") <= 0)];
}
