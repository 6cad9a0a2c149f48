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
    private ILookup<long, RunRow> _last = Array.Empty<RunRow>().ToLookup(row => row.Enforcement);
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
                   CASE WHEN status <> 'created' THEN created + INTERVAL '1 second' END, shadow
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
                   [1 + abs(hashint8(id * 5)) % 9]::execution_status_enum, created + INTERVAL '2 seconds'
              FROM enforcement
             WHERE status = 'processed';

            INSERT INTO execution (action_ref, enforcement, rule_ref, trigger_ref, status, created, retry_count, original_execution)
            SELECT action_ref, enforcement, rule_ref, trigger_ref,
                   CASE WHEN id % 2 = 0 THEN 'completed' ELSE 'failed' END::execution_status_enum, created + INTERVAL '9 seconds', 1, id
              FROM execution
             WHERE status IN ('failed', 'timeout')
               AND id % 3 = 0;

            INSERT INTO execution (action_ref, enforcement, rule_ref, trigger_ref, status, created, rerun_of)
            SELECT action_ref, enforcement, rule_ref, trigger_ref, 'completed', created + INTERVAL '30 seconds', id
              FROM execution
             WHERE status = 'abandoned'
               AND id % 2 = 0;
            """);

        _events = await QueryAsync<EventRow>("SELECT id, created, trigger_ref, source_ref, rule_ref FROM event");
        _enforcements = await QueryAsync<MatchRow>(
            "SELECT id, created, event, rule_ref, trigger_ref, status::text AS status, shadow FROM enforcement");
        _executions = await QueryAsync<RunRow>(
            """
            SELECT id, created, enforcement, action_ref, rule_ref, trigger_ref, status::text AS status, retry_count, original_execution, rerun_of
              FROM execution
            """);
        var attempted = _executions.Where(one => one.OriginalExecution is not null).ToLookup(one => one.OriginalExecution!.Value);
        var again = _executions.Select(one => one.RerunOf).ToHashSet();
        _last = _executions
            .Where(one => !attempted[one.OriginalExecution ?? one.Id].Any(other => other.RetryCount > one.RetryCount) && !again.Contains(one.Id))
            .ToLookup(one => one.Enforcement);
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
        using var counter = new HistogramCounter(Database, TimeProvider.System) { Budget = TimeSpan.FromSeconds(1) };
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

    private string NaiveOutcome(MatchRow row) =>
        row.Shadow ? "shadow"
        : _last[row.Id].Any(run => Failing.Contains(run.Status)) ? "failed"
        : row.Status == "created" || _last[row.Id].Any(run => !Over.Contains(run.Status)) ? "pending"
        : row.Status == "disabled" ? "disabled"
        : "done";

    private Dictionary<long, string> NaiveOutcomes() =>
        _enforcements.Where(row => !row.Shadow).GroupBy(row => row.Event).ToDictionary(group => group.Key, group =>
            group.Any(row => NaiveOutcome(row) == "failed") ? "failed"
            : group.Any(row => NaiveOutcome(row) == "pending") ? "pending"
            : "matched");

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
        public required int RetryCount { get; init; }
        public long? OriginalExecution { get; init; }
        public long? RerunOf { get; init; }
    }
}
