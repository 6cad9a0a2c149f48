using Attune.Db;
using Attune.Db.Histograms;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Events;
using Dapper;

namespace Attune.Modules.Enforcements.Outcomes;

/// <summary>The statements that say what became of events.</summary>
internal static class OutcomeQueries
{
    /// <summary>An enforcement has its event's created, and so lies in its event's chunk. Most have one execution.</summary>
    public const string OfEvents = $"""
        SELECT {Outcome}
          FROM enforcement
          {NewestExecution}
         WHERE enforcement.event = ANY(@ids)
           AND enforcement.created >= @Since
           AND enforcement.created <= @Until
         ORDER BY enforcement.created, enforcement.id
        """;

    public const string OfEnforcements = $"""
        SELECT {Outcome}
          FROM enforcement
          {NewestExecution}
         WHERE enforcement.id = ANY(@ids)
           AND enforcement.created >= @Since
           AND enforcement.created <= @Until
        """;

    private const string Outcome = """
        enforcement.id AS enforcement, enforcement.event, enforcement.rule_ref, enforcement.status, enforcement.shadow,
               newest.id AS execution, newest.status AS execution_status, newest.error
        """;

    // The last attempt of the last time it was run. One that was asked for later than a week after is not looked for: that would open
    // every chunk since. The few of an enforcement are found first and ordered then: an index in that order would pass all others.
    private const string NewestExecution = $"""
        LEFT JOIN LATERAL (SELECT execution.id, execution.status,
                                  {ExecutionErrors.Column}
                             FROM (SELECT id, status, result, created
                                     FROM execution
                                    WHERE execution.enforcement = enforcement.id
                                      AND execution.created >= enforcement.created
                                      AND execution.created < enforcement.resolved_at + INTERVAL '7 days'
                                   OFFSET 0) AS execution
                            ORDER BY execution.created DESC, execution.id DESC
                            LIMIT 1) AS newest ON enforcement.status = 'processed'
        """;

    private const string Columns = "id, trigger, trigger_ref, source, source_ref, rule, rule_ref, replay_of, has_payload, created";

    private const string Read =
        "id, trigger, trigger_ref, source, source_ref, rule, rule_ref, replay_of, payload IS NOT NULL AS has_payload, created";

    public static (string Sql, object Parameters) List(OutcomeFilter filter, PageRequest page, TimeRange range, int limit) => ($"""
        SELECT {Columns}
          FROM {Found(filter, page)}
         ORDER BY {Order(filter, page)}
         {page.Limit(limit)}
        """, Parameters(filter, page, range, limit));

    public static (string Sql, object Parameters) Count(OutcomeFilter filter, TimeRange range, int limit)
    {
        var all = new PageRequest();
        return ($"""
            SELECT count(*)
              FROM (SELECT 1
                      FROM {Found(filter, all)}
                     LIMIT @limit) AS counted
            """, Parameters(filter, all, range, limit));
    }

    public static (string Sql, object Parameters) Histogram(
        OutcomeFilter filter, IReadOnlyList<DateTimeOffset> edges, TimeRange range, EventLabel? by)
    {
        var label = by switch
        {
            EventLabel.Outcome => "coalesce(known.outcome, 'fired_nothing')",
            EventLabel.Trigger => "found.trigger_ref",
            _ => "NULL",
        };
        const string outcomes = """
            LEFT JOIN event_outcomes(@Since, @Until, @TriggerRef) AS known
                   ON known.event = found.id
                  AND known.created = found.created
            """;
        var all = new PageRequest();
        var sql = $"""
            SELECT width_bucket(found.created, @edges) - 1 AS bucket, {label}::text AS label, count(*) AS value
              FROM {Found(filter, all)}
              {(by == EventLabel.Outcome ? outcomes : "")}
             GROUP BY 1, 2
            """;
        var parameters = new DynamicParameters(Parameters(filter, all, range, 0));
        parameters.Add("edges", HistogramQuery.Instants(edges));
        return (sql, parameters);
    }

    // Found by what matched them, in the order of the list: each is then one step in the index of events, and LIMIT 1 keeps the planner
    // from reading a day of them instead. Those that nothing matched can only be found by looking at each.
    private static string Found(OutcomeFilter filter, PageRequest page) => filter.Result is EventResult.Unmatched
        ? $"""
          (SELECT {Read}
             FROM event
            {Where.All([.. OfEvent(filter), page.Begins("event.created", "event.id"), (true, $"NOT EXISTS ({Matching(filter)})")])}
          ) AS found
          """
        : $"""
          (SELECT {(filter.RuleRef is null ? "DISTINCT " : "")}enforcement.created AS at, enforcement.event AS of
             FROM enforcement
            {Where.All([.. OfEnforcement(filter), page.Begins("enforcement.created", "enforcement.event")])}
            ORDER BY {page.Order("enforcement.created", "enforcement.event")}) AS matched
          CROSS JOIN LATERAL (SELECT {Read}
                                FROM event
                               {Where.All([(true, "event.id = matched.of AND event.created = matched.at"), .. OfEvent(filter)])}
                               LIMIT 1) AS found
          """;

    private static string Order(OutcomeFilter filter, PageRequest page) =>
        filter.Result is EventResult.Unmatched ? page.Order() : page.Order("matched.at", "matched.of");

    private static string Matching(OutcomeFilter filter) => $"""
        SELECT FROM enforcement
                               {Where.All(
                                   (true, "enforcement.event = event.id AND enforcement.created = event.created"),
                                   (filter.RuleRef is not null, "enforcement.rule_ref = @MatchedRule"))}
        """;

    private static IEnumerable<(bool, string)> OfEvent(OutcomeFilter filter) =>
    [
        (true, "event.created >= @Since AND event.created < @Until"),
        (filter.Events.Trigger is not null, "event.trigger = @Trigger"),
        (filter.Events.TriggerRef is not null, "event.trigger_ref = @TriggerRef"),
        (filter.Events.RuleRef is not null, "event.rule_ref = @RuleRef"),
        (filter.Events.Source is not null, "event.source = @Source"),
        (filter.Events.SourceRef is not null, "event.source_ref = @SourceRef"),
        (filter.Events.ReplayOf is not null, "event.replay_of = @ReplayOf"),
    ];

    private static IEnumerable<(bool, string)> OfEnforcement(OutcomeFilter filter) =>
    [
        (true, "enforcement.event IS NOT NULL AND enforcement.created >= @Since AND enforcement.created < @Until"),
        (filter.RuleRef is not null, "enforcement.rule_ref = @MatchedRule"),
        (filter.Events.TriggerRef is not null, "enforcement.trigger_ref = @TriggerRef"),
        (filter.Result is EventResult.Pending, "enforcement.status = 'created'"),
        (filter.Result is EventResult.Failed, """
            enforcement.status = 'processed'
                   AND EXISTS (SELECT FROM execution
                                WHERE execution.enforcement = enforcement.id
                                  AND execution.created >= enforcement.created
                                  AND execution.created < enforcement.resolved_at + INTERVAL '7 days'
                                  AND execution.status IN ('failed', 'timeout', 'abandoned'))
            """),
    ];

    private static object Parameters(OutcomeFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.Edge?.At,
        page.Edge?.Id,
        MatchedRule = filter.RuleRef,
        filter.Events.Trigger,
        filter.Events.TriggerRef,
        filter.Events.RuleRef,
        filter.Events.Source,
        filter.Events.SourceRef,
        filter.Events.ReplayOf,
        limit,
    };
}
