using Attune.Db.Histograms;
using Attune.Db.Maintenance;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

/// <summary>The bars above a list add up to the list, whatever it is filtered by, and wherever its days are cut.</summary>
public sealed class CountingListsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static readonly EventLabel[] EventLabels = Enum.GetValues<EventLabel>();
    private static readonly EnforcementLabel[] EnforcementLabels = Enum.GetValues<EnforcementLabel>();
    private static readonly ExecutionLabel[] ExecutionLabels = Enum.GetValues<ExecutionLabel>();

    private static readonly string[] Failing = ["failed", "timeout", "abandoned"];
    private static readonly string[] Over = ["completed", "cancelled", .. Failing];

    private readonly Random _random = new(20261127);
    private IReadOnlyList<EventRow> _events = [];
    private IReadOnlyList<MatchRow> _enforcements = [];
    private IReadOnlyList<RunRow> _executions = [];
    private Dictionary<long, RunRow> _newest = [];
    private Dictionary<long, string> _outcomes = [];

    [OneTimeSetUp]
    public async Task WriteEightyDaysAsync()
    {
        foreach (var table in (string[])["event", "enforcement", "execution"])
        {
            await ExecuteAsync($"CALL ensure_partitions('{table}', now() - INTERVAL '82 days', now())");
        }

        await WriteEventsAsync(700);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await Get<TimeTables>().MaintainAsync(Cancellation);
        }

        // These come late: the hours of many of them have been counted.
        await WriteEventsAsync(400);
        await ExecuteAsync(
            """
            INSERT INTO enforcement (rule, rule_ref, trigger_ref, event, payload, created, status, resolved_at, shadow)
            SELECT rule, 'count.rule_' || rule, trigger_ref, id, '{}', created, status::enforcement_status_enum,
                   CASE WHEN status <> 'created'
                        THEN created + CASE WHEN id % 11 = 0 THEN INTERVAL '9 days' ELSE INTERVAL '1 second' END
                   END, shadow
              FROM (SELECT event.id, event.created, event.trigger_ref, given.rule, given.rule = 3 AS shadow,
                           CASE WHEN given.rule = 3 THEN 'disabled'
                                ELSE (ARRAY['created', 'disabled', 'processed', 'processed', 'processed'])
                                     [1 + abs(hashint8(event.id * 7 + given.rule)) % 5]
                           END AS status
                      FROM event
                     CROSS JOIN generate_series(1, 3) AS given (rule)
                     WHERE abs(hashint8(event.id * 3 + given.rule)) % 10 < 3) AS chosen;

            INSERT INTO execution (action_ref, enforcement, rule_ref, trigger_ref, status, created)
            SELECT 'count.action_' || id % 3, id, rule_ref, trigger_ref,
                   (ARRAY['completed', 'completed', 'completed', 'failed', 'timeout', 'running', 'requested', 'cancelled', 'abandoned'])
                   [1 + abs(hashint8(id * 5)) % 9]::execution_status_enum, resolved_at + INTERVAL '1 second'
              FROM enforcement
             WHERE status = 'processed';

            INSERT INTO execution (action_ref, enforcement, rule_ref, trigger_ref, status, created, retry_count, original_execution)
            SELECT action_ref, enforcement, rule_ref, trigger_ref,
                   CASE WHEN id % 2 = 0 THEN 'completed' ELSE 'failed' END::execution_status_enum, created + INTERVAL '9 seconds', 1, id
              FROM execution
             WHERE status IN ('failed', 'timeout')
               AND id % 3 = 0;

            INSERT INTO execution (action_ref, enforcement, rule_ref, trigger_ref, status, created, rerun_of)
            SELECT action_ref, enforcement, rule_ref, trigger_ref,
                   (ARRAY['completed', 'failed', 'running'])[1 + id % 3]::execution_status_enum,
                   created + (ARRAY[INTERVAL '0', '30 seconds', '6 days', '8 days', '20 days'])[1 + id % 5], id
              FROM execution
             WHERE status IN ('abandoned', 'failed', 'completed')
               AND abs(hashint8(id * 13)) % 4 = 0;

            INSERT INTO execution (action_ref, enforcement, rule_ref, trigger_ref, status, created, parent)
            SELECT action_ref, enforcement, rule_ref, trigger_ref, 'failed', created + INTERVAL '5 seconds', id
              FROM execution
             WHERE id % 8 = 0;
            """);

        _events = await QueryAsync<EventRow>("SELECT id, created, trigger_ref, source_ref, rule_ref FROM event");
        _enforcements = await QueryAsync<MatchRow>(
            "SELECT id, created, resolved_at, event, rule_ref, trigger_ref, status::text AS status, shadow FROM enforcement");
        _executions = await QueryAsync<RunRow>(
            """
            SELECT id, created, enforcement, action_ref, rule_ref, trigger_ref, status::text AS status, parent FROM execution
            """);
        var runs = _executions.Where(run => run.Parent is null).ToLookup(run => run.Enforcement);
        _newest = _enforcements
            .Select(row => (row.Id, Newest: runs[row.Id].Where(run => run.Created < EndOf(row)).MaxBy(run => (run.Created, run.Id))))
            .Where(one => one.Newest is not null)
            .ToDictionary(one => one.Id, one => one.Newest!);
        _outcomes = NaiveOutcomes();
    }

    [Test]
    public async Task Bars_of_events_are_the_events_counted()
    {
        for (var i = 0; i < 60; i++)
        {
            var (since, until, edges) = Cut();
            var filter = new EventFilter
            {
                TriggerRef = Maybe($"count.trigger_{_random.Next(4)}"), SourceRef = Maybe("count.source", .2), RuleRef = Maybe("count.aimed", .1),
                Since = since, Until = until,
            };
            var by = EventLabels[i % EventLabels.Length];

            var counted = await Get<IEventHistogram>().CountAsync(filter, edges, by, Cancellation);

            var rows = _events.Where(row => Within(row.Created, since, until)
                && (filter.TriggerRef is null || row.TriggerRef == filter.TriggerRef)
                && (filter.SourceRef is null || row.SourceRef == filter.SourceRef)
                && (filter.RuleRef is null || row.RuleRef == filter.RuleRef)).ToList();
            AssertCounted(counted, edges, rows.Select(row => (
                row.Created, by == EventLabel.Trigger ? row.TriggerRef : _outcomes.GetValueOrDefault(row.Id, "fired_nothing"))), $"{filter}, by {by}");
            var list = await Get<IEventRepository>().ListAsync(filter with { Until = until ?? edges[^1] }, new() { IncludeTotal = true }, Cancellation);
            Assert.That(counted.Total, Is.EqualTo(list.Total!.Value.Items), $"{filter}");
        }
    }

    [Test]
    public async Task Bars_of_events_add_up_to_a_list_that_is_filtered_by_what_became_of_them()
    {
        EventResult?[] results = [null, .. Enum.GetValues<EventResult>().Select(result => (EventResult?)result)];
        for (var i = 0; i < 30; i++)
        {
            var (since, until, edges) = Cut();
            var filter = new OutcomeFilter
            {
                RuleRef = Maybe($"count.rule_{_random.Next(1, 4)}"), Result = results[i % results.Length],
                Events = new() { TriggerRef = Maybe($"count.trigger_{_random.Next(4)}"), Since = since, Until = until ?? edges[^1] },
            };

            var counted = await Get<IOutcomeHistogram>().CountAsync(filter, edges, EventLabels[i % EventLabels.Length], Cancellation);

            var list = await Get<IEventOutcomes>().ListAsync(filter, new() { IncludeTotal = true }, Cancellation);
            Assert.That(counted.Total, Is.EqualTo(list.Total!.Value.Items), $"{filter}");
        }
    }

    [Test]
    public async Task A_list_by_outcome_a_search_and_the_bars_say_the_same_of_each_event()
    {
        EventResult?[] results = [null, .. Enum.GetValues<EventResult>().Select(result => (EventResult?)result)];
        for (var i = 0; i < 20; i++)
        {
            var (since, until, edges) = Cut();
            var rule = Maybe($"count.rule_{_random.Next(1, 4)}");
            var result = results[i % results.Length];
            var trigger = Maybe($"count.trigger_{_random.Next(4)}");
            var events = new EventFilter { TriggerRef = trigger, Since = since, Until = until ?? edges[^1] };
            var filter = new OutcomeFilter { RuleRef = rule, Result = result, Events = events };
            var expected = NaiveList(rule, result)
                .Where(row => Within(row.Created, since, events.Until) && (trigger is null || row.TriggerRef == trigger))
                .OrderByDescending(row => (row.Created, row.Id)).Select(row => row.Id).ToList();

            var listed = await ReadAllAsync(filter);
            Assert.That(listed.Select(one => one.Id), Is.EqualTo(expected), $"{filter}");

            // A search shows pages of what it found, of whatever outcome.
            var held = new List<long>();
            foreach (var page in (await ReadAllAsync(new() { Events = events })).Chunk(100))
            {
                held.AddRange((await Get<IEventOutcomes>().HoldingAsync(filter, page, Cancellation)).Select(one => one.Id));
            }

            Assert.That(held, Is.EqualTo(expected), $"{filter}");

            var bars = await Get<IOutcomeHistogram>().CountAsync(new() { Events = events }, edges, EventLabel.Outcome, Cancellation);
            if (rule is null && result is EventResult.Pending or EventResult.Failed or EventResult.Unmatched)
            {
                var label = result is EventResult.Unmatched ? "fired_nothing" : EnumNames.Of(result.Value);
                Assert.That(bars.Series.SingleOrDefault(series => series.Label == label)?.Total ?? 0, Is.EqualTo(expected.Count), $"{filter}");
            }
        }
    }

    [Test]
    public async Task An_event_that_very_many_rules_matched_names_the_first_of_them_and_says_that_there_are_more()
    {
        var sought = _events.Where(row => row.SourceRef is null).Take(2).ToList();
        await ExecuteAsync(
            """
            INSERT INTO enforcement (rule, rule_ref, trigger_ref, event, payload, created, status, resolved_at)
            SELECT 1000 + number, 'many.rule', 'many', event.id, '{}', event.created, 'disabled', event.created
              FROM event
             CROSS JOIN generate_series(1, 60) AS number
             WHERE event.id = @Id
            """, new { sought[0].Id });
        try
        {
            var summaries = (await ReadAllAsync(new())).Where(one => sought.Exists(row => row.Id == one.Id)).ToList();

            var read = await Get<IEventOutcomes>().OfEventsAsync(summaries, Cancellation);

            var many = read.Single(one => one.Event.Id == sought[0].Id);
            Assert.That((many.Rules.Count, many.HasMoreRules), Is.EqualTo((MatchedEvent.MostRules, true)));
            Assert.That(many.Rules.Select(rule => rule.Enforcement), Is.Ordered);
            Assert.That(read.Single(one => one.Event.Id == sought[1].Id).HasMoreRules, Is.False);
        }
        finally
        {
            await ExecuteAsync("DELETE FROM enforcement WHERE rule_ref = 'many.rule'");
        }
    }

    [Test]
    public async Task Bars_of_enforcements_are_the_enforcements_counted()
    {
        for (var i = 0; i < 50; i++)
        {
            var (since, until, edges) = Cut();
            var filter = new EnforcementFilter
            {
                RuleRef = Maybe($"count.rule_{_random.Next(1, 4)}"), TriggerRef = Maybe($"count.trigger_{_random.Next(4)}", .2),
                Statuses = _random.Next(4) == 0 ? [EnforcementStatus.Created, EnforcementStatus.Processed] : [], Since = since, Until = until,
            };
            var by = EnforcementLabels[i % EnforcementLabels.Length];

            var counted = await Get<IEnforcementHistogram>().CountAsync(filter, edges, by, Cancellation);

            AssertCounted(counted, edges, _enforcements
                .Where(row => Within(row.Created, since, until)
                    && (filter.RuleRef is null || row.RuleRef == filter.RuleRef)
                    && (filter.TriggerRef is null || row.TriggerRef == filter.TriggerRef)
                    && (filter.Statuses.Count == 0 || filter.Statuses.Contains(EnumNames.Find<EnforcementStatus>(row.Status)!.Value)))
                .Select(row => (
                    row.Created,
                    by == EnforcementLabel.Rule ? row.RuleRef : by == EnforcementLabel.Status ? row.Status : NaiveOutcome(row))), $"{filter}, by {by}");
        }
    }

    [Test]
    public async Task Bars_of_executions_are_the_executions_counted()
    {
        for (var i = 0; i < 50; i++)
        {
            var (since, until, edges) = Cut();
            var filter = new ExecutionFilter
            {
                ActionRef = Maybe($"count.action_{_random.Next(3)}"), RuleRef = Maybe($"count.rule_{_random.Next(1, 3)}", .2),
                Statuses = _random.Next(4) == 0 ? [ExecutionStatus.Failed, ExecutionStatus.Timeout] : [], Since = since, Until = until,
            };
            var by = ExecutionLabels[i % ExecutionLabels.Length];

            var counted = await Get<IExecutionHistogram>().CountAsync(filter, edges, by, Cancellation);

            AssertCounted(counted, edges, _executions
                .Where(row => Within(row.Created, since, until)
                    && (filter.ActionRef is null || row.ActionRef == filter.ActionRef)
                    && (filter.RuleRef is null || row.RuleRef == filter.RuleRef)
                    && (filter.Statuses.Count == 0 || filter.Statuses.Contains(EnumNames.Find<ExecutionStatus>(row.Status)!.Value)))
                .Select(row => (row.Created, by == ExecutionLabel.Action ? row.ActionRef : row.Status)), $"{filter}, by {by}");
        }
    }

    [Test]
    public async Task Of_many_triggers_the_most_frequent_have_a_series_and_the_others_share_one()
    {
        var now = DateTimeOffset.UtcNow;
        var edges = HistogramEdges.Cut(now.AddDays(-82), now, endsWithin: false, 10, TimeZoneInfo.Utc);
        var query = new HistogramQuery
        {
            Edges = edges,
            MostLabels = 2,
            Rows = (range, _) => (
                """
                SELECT 0 AS bucket, trigger_ref AS label, count(*) AS value
                  FROM event
                 WHERE created >= @Since
                   AND created < @Until
                 GROUP BY 2
                """, new { range.Since, range.Until }),
        };

        var counted = await Get<HistogramCounter>().CountAsync(query, Cancellation);

        Assert.That(
            counted.Series.Select(series => series.Part),
            Is.EqualTo((HistogramPart[])[HistogramPart.Label, HistogramPart.Label, HistogramPart.Others]));
        Assert.That(counted.Total, Is.EqualTo(_events.Count));
    }

    [Test]
    public async Task What_cannot_be_counted_in_time_is_left_out_and_said()
    {
        var now = DateTimeOffset.UtcNow;
        var edges = HistogramEdges.Cut(now.AddDays(-40), now, endsWithin: true, 48, TimeZoneInfo.Utc);
        var counter = new HistogramCounter(Database, TimeProvider.System) { Budget = TimeSpan.FromSeconds(1) };
        var query = new HistogramQuery
        {
            Edges = edges,
            Rows = (range, _) => (
                "SELECT width_bucket(@Since, @edges) - 1 AS bucket, 'one' AS label, 1::bigint AS value FROM pg_sleep(@seconds)",
                new { range.Since, edges = HistogramQuery.Instants(edges), seconds = range.Since < now.AddDays(-10) ? 30 : 0 }),
        };

        var counted = await counter.CountAsync(query, Cancellation);

        Assert.That(counted.CountedBackTo, Is.GreaterThan(now.AddDays(-10)).And.LessThan(now));
        Assert.That(edges, Has.Member(counted.CountedBackTo));
        Assert.That(counted.Total, Is.GreaterThan(0));

        var withHours = await counter.CountAsync(
            query with { Hours = (_, _) => ("SELECT 0 AS bucket, NULL::text AS label, 5::bigint AS value", new()), Rows = Cheap }, Cancellation);

        Assert.That(withHours.CountedBackTo, Is.Null);
        Assert.That(withHours.LabelledBackTo, Is.EqualTo(counted.CountedBackTo));
        Assert.That(withHours.Series.Single(series => series.Part == HistogramPart.Unlabelled).Total, Is.GreaterThanOrEqualTo(5));

        // Only what is to be told apart takes long.
        (string Sql, object Parameters) Cheap(TimeRange range, bool labelled) => labelled
            ? query.Rows(range, true)
            : ("SELECT 0 AS bucket, NULL::text AS label, 1::bigint AS value", new());
    }

    private static bool Within(DateTimeOffset at, DateTimeOffset? since, DateTimeOffset? until) => !(at < since) && !(at >= until);

    private static void AssertCounted(
        Histogram counted, IReadOnlyList<DateTimeOffset> edges, IEnumerable<(DateTimeOffset Created, string Label)> rows, string about)
    {
        var expected = rows
            .Select(row => (Bucket: edges.Count(edge => edge <= row.Created) - 1, row.Label))
            .Where(row => row.Bucket >= 0 && row.Bucket < edges.Count - 1)
            .GroupBy(row => (row.Bucket, row.Label))
            .ToDictionary(group => group.Key, group => (long)group.Count());
        var found = counted.Series
            .SelectMany(series => series.Counts.Select((count, bucket) => (Key: (Bucket: bucket, Label: series.Label ?? "?"), count)))
            .Where(one => one.count > 0)
            .ToDictionary(one => one.Key, one => one.count);
        Assert.That(found, Is.EquivalentTo(expected), about);
        Assert.That((counted.CountedBackTo, counted.LabelledBackTo), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null)), about);
    }

    // A zone in which the clock was put forward fifty days ago, and back twenty days ago, whatever day it is today.
    private static TimeZoneInfo Changing()
    {
        var today = DateTime.UtcNow.Date;
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), On(today.AddDays(-50), 2), On(today.AddDays(-20), 3));
        return TimeZoneInfo.CreateCustomTimeZone("changing", TimeSpan.FromHours(1), "changing", "changing", "changing", [rule]);

        static TimeZoneInfo.TransitionTime On(DateTime day, int hour) => TimeZoneInfo.TransitionTime.CreateFixedDateRule(
            new DateTime(1, 1, 1, hour, 0, 0), day.Month, day.Day);
    }

    private (DateTimeOffset? Since, DateTimeOffset? Until, IReadOnlyList<DateTimeOffset> Edges) Cut()
    {
        var now = DateTimeOffset.UtcNow;
        DateTimeOffset? since = _random.Next(3) == 0 ? null : now - (_random.NextDouble() * TimeSpan.FromDays(80));
        DateTimeOffset? until = since is null || _random.Next(2) == 0 ? null : since + ((now - since.Value) * _random.NextDouble());
        TimeZoneInfo[] zones =
        [
            TimeZoneInfo.Utc, Changing(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        ];
        return (since, until, HistogramEdges.OfList(
            since, until, now, _events.Min(row => row.Created), _random.Next(8, 100), zones[_random.Next(zones.Length)]));
    }

    private string? Maybe(string text, double share = .4) => _random.NextDouble() < share ? text : null;

    private Task WriteEventsAsync(int count) => ExecuteAsync(
        """
        INSERT INTO event (trigger_ref, payload, source_ref, rule_ref, created)
        SELECT 'count.trigger_' || number % 4, '{}', CASE number % 3 WHEN 0 THEN 'count.source' END, CASE number % 5 WHEN 0 THEN 'count.aimed' END,
               CASE number % 7 WHEN 0 THEN hour_floor(at) ELSE at END
          FROM (SELECT number, now() - INTERVAL '3 minutes' - (abs(hashint8(number * 31 + @count)) % 1000000) * INTERVAL '80 days' / 1000000 AS at
                  FROM generate_series(1, @count) AS number) AS chosen
        """,
        new { count });

    // What is run again later changes nothing.
    private static DateTimeOffset EndOf(MatchRow row)
    {
        var resolved = row.ResolvedAt < row.Created.AddDays(7) ? row.ResolvedAt.Value : row.Created.AddDays(7);
        return resolved.AddDays(7);
    }

    private string NaiveOutcome(MatchRow row) =>
        row.Shadow ? "shadow"
        : row.Status == "created" ? "pending"
        : row.Status == "disabled" ? "disabled"
        : _newest.GetValueOrDefault(row.Id) is not { } newest ? "done"
        : Failing.Contains(newest.Status) ? "failed"
        : Over.Contains(newest.Status) ? "done" : "pending";

    private Dictionary<long, string> NaiveOutcomes(string? rule = null) =>
        _enforcements.Where(row => !row.Shadow && (rule is null || row.RuleRef == rule)).GroupBy(row => row.Event).ToDictionary(
            group => group.Key,
            group => group.Any(row => NaiveOutcome(row) == "failed") ? "failed"
                : group.Any(row => NaiveOutcome(row) == "pending") ? "pending"
                : "matched");

    // A shadow matches where it is asked for by its name.
    private IEnumerable<EventRow> NaiveList(string? rule, EventResult? result)
    {
        var outcomes = NaiveOutcomes(rule);
        var matched = _enforcements.Where(row => rule is null ? !row.Shadow : row.RuleRef == rule).Select(row => row.Event).ToHashSet();
        return _events.Where(row => result switch
        {
            null => rule is null || matched.Contains(row.Id),
            EventResult.Matched => matched.Contains(row.Id),
            EventResult.Unmatched => !matched.Contains(row.Id),
            EventResult.Pending => outcomes.GetValueOrDefault(row.Id) == "pending",
            _ => outcomes.GetValueOrDefault(row.Id) == "failed",
        });
    }

    private async Task<IReadOnlyList<EventSummary>> ReadAllAsync(OutcomeFilter filter)
    {
        var found = new List<EventSummary>();
        for (var page = new PageRequest { Size = 100 }; ;)
        {
            var read = await Get<IEventOutcomes>().ListAsync(filter, page, Cancellation);
            found.AddRange(read.Items.Select(one => one.Event));
            if (read.Next is null)
            {
                return found;
            }

            page = page with { After = read.Next };
        }
    }

    private sealed record EventRow
    {
        public required long Id { get; init; }
        public required DateTimeOffset Created { get; init; }
        public required string TriggerRef { get; init; }
        public string? SourceRef { get; init; }
        public string? RuleRef { get; init; }
    }

    private sealed record MatchRow
    {
        public required long Id { get; init; }
        public required DateTimeOffset Created { get; init; }
        public DateTimeOffset? ResolvedAt { get; init; }
        public required long Event { get; init; }
        public required string RuleRef { get; init; }
        public required string TriggerRef { get; init; }
        public required string Status { get; init; }
        public required bool Shadow { get; init; }
    }

    private sealed record RunRow
    {
        public required long Id { get; init; }
        public required DateTimeOffset Created { get; init; }
        public required long Enforcement { get; init; }
        public required string ActionRef { get; init; }
        public required string RuleRef { get; init; }
        public required string TriggerRef { get; init; }
        public required string Status { get; init; }
        public long? Parent { get; init; }
    }
}
