using Attune.Db;
using Attune.Modules.Enforcements.Executions;

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
    // every chunk since.
    private const string NewestExecution = $"""
        LEFT JOIN LATERAL (SELECT execution.id, execution.status,
                                  {ExecutionErrors.Column}
                             FROM execution
                            WHERE execution.enforcement = enforcement.id
                              AND execution.created >= enforcement.created
                              AND execution.created < enforcement.resolved_at + INTERVAL '7 days'
                            ORDER BY execution.created DESC, execution.id DESC
                            LIMIT 1) AS newest ON enforcement.status = 'processed'
        """;

    private const string Columns = """
        event.id, event.trigger, event.trigger_ref, event.source, event.source_ref, event.rule, event.rule_ref, event.replay_of,
               event.payload IS NOT NULL AS has_payload, event.created
        """;

    public static (string Sql, object Parameters) List(OutcomeFilter filter, PageRequest page, TimeRange range, int limit) => ($"""
        SELECT {Columns}
          {From(filter, page)}
         {Order(filter)}
         {page.Limit(limit)}
        """, Parameters(filter, page, range, limit));

    public static (string Sql, object Parameters) Count(OutcomeFilter filter, TimeRange range, int limit)
    {
        var all = new PageRequest();
        return ($"""
            SELECT count(*)
              FROM (SELECT 1
                      {From(filter, all)}
                     LIMIT @limit) AS counted
            """, Parameters(filter, all, range, limit));
    }

    // Found by what matched them, in the order of the list: each is then one step in the index of events. Those that nothing matched can
    // only be found by looking at each.
    private static string From(OutcomeFilter filter, PageRequest page) => filter.Result is EventResult.Unmatched
        ? $"""
          FROM event
          {Where.All([.. OfEvent(filter), .. Place("event.id", "event.created", page), (true, $"NOT EXISTS ({Matching(filter)})")])}
          """
        : $"""
          FROM (SELECT DISTINCT enforcement.created, enforcement.event
                  FROM enforcement
                 {Where.All([.. OfEnforcement(filter), .. Place("enforcement.event", "enforcement.created", page)])}) AS matched
          JOIN event ON event.id = matched.event AND event.created = matched.created
          {Where.All([.. OfEvent(filter)])}
          """;

    private static string Order(OutcomeFilter filter) => filter.Result is EventResult.Unmatched
        ? "ORDER BY event.created DESC, event.id DESC"
        : "ORDER BY matched.created DESC, matched.event DESC";

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

    // A row comparison orders correctly but prunes no partition; the plain bound beside it does.
    private static IEnumerable<(bool, string)> Place(string id, string created, PageRequest page) =>
        [(page.After is not null, $"{created} <= @At AND ({created}, {id}) < (@At, @Id)")];

    private static object Parameters(OutcomeFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.After?.At,
        page.After?.Id,
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
