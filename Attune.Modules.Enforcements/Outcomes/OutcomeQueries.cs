using Attune.Db;
using Attune.Db.Histograms;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Events;
using Dapper;

namespace Attune.Modules.Enforcements.Outcomes;

/// <summary>The statements that say what became of events.</summary>
internal static class OutcomeQueries
{
    /// <summary>The first rules that matched each event, and one more where there are more of them.</summary>
    public static readonly string OfEvents = $"""
        SELECT {Outcome}
          FROM unnest(@ids, @instants) AS listed (id, at)
         CROSS JOIN LATERAL (SELECT few.*
                               FROM (SELECT id, event, rule_ref, status, shadow, created, resolved_at
                                       FROM enforcement
                                      WHERE enforcement.event = listed.id
                                        AND enforcement.created = listed.at
                                        AND enforcement.created >= @Since
                                        AND enforcement.created <= @Until
                                     OFFSET 0) AS few
                              ORDER BY few.id
                              LIMIT {MatchedEvent.MostRules + 1}) AS enforcement
          {NewestExecution}
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

    private const string NewestExecution = $"""
        LEFT JOIN LATERAL (SELECT execution.id, execution.status,
                                  {ExecutionErrors.Column}
                             FROM newest_execution(enforcement.id, enforcement.created, enforcement.resolved_at, @Since, @Until)
                                  AS execution
                          ) AS newest ON enforcement.status = 'processed'
        """;

    private const string Columns = "id, trigger, trigger_ref, source, source_ref, rule, rule_ref, replay_of, has_payload, created";

    public static (string Sql, object Parameters) List(OutcomeFilter filter, PageRequest page, TimeRange range, int limit) => ($"""
        SELECT {Columns}
          FROM {FoundEvents.Of(filter, page)}
         ORDER BY {FoundEvents.Order(filter, page)}
         {page.Limit(limit)}
        """, Parameters(filter, page, range, limit));

    public static (string Sql, object Parameters) Count(OutcomeFilter filter, TimeRange range, int limit)
    {
        var all = new PageRequest();
        return ($"""
            SELECT count(*)
              FROM (SELECT 1
                      FROM {FoundEvents.Of(filter, all)}
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
              FROM {FoundEvents.Of(filter, all)}
              {(by == EventLabel.Outcome ? outcomes : "")}
             GROUP BY 1, 2
            """;
        var parameters = new DynamicParameters(Parameters(filter, all, range, 0));
        parameters.Add("edges", HistogramQuery.Instants(edges));
        return (sql, parameters);
    }

    /// <summary>Which of some events a filter holds for.</summary>
    public static (string Sql, object Parameters) Holding(OutcomeFilter filter, IReadOnlyList<EventSummary> events)
    {
        var range = new TimeRange(events.Min(one => one.Created), events.Max(one => one.Created).AddMicroseconds(1));
        var sql = $"""
            SELECT id
              FROM {FoundEvents.Of(filter, new(), among: true)}
            """;
        var parameters = new DynamicParameters(Parameters(filter, new(), range, 0));
        parameters.Add("ids", events.Select(one => one.Id).ToArray());
        return (sql, parameters);
    }

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
