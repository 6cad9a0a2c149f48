using Attune.Db;

namespace Attune.Modules.Enforcements.Outcomes;

/// <summary>The events that a filter finds by what became of them, as a part of a statement: <c>found</c> has their columns.</summary>
internal static class FoundEvents
{
    // As in the index execution_unfinished_idx.
    private const string Unfinished = "'requested', 'scheduling', 'scheduled', 'running', 'canceling'";

    private const string Read =
        "id, trigger, trigger_ref, source, source_ref, rule, rule_ref, replay_of, payload IS NOT NULL AS has_payload, created";

    // Found by what matched them, in the order of the list: each is then one step in the index of events, and LIMIT 1 keeps the planner
    // from reading a day of them instead. Those that nothing matched can only be found by looking at each.
    public static string Of(OutcomeFilter filter, PageRequest page, bool among = false) => filter.Result is EventResult.Unmatched
        ? $"""
          (SELECT {Read}
             FROM event
            {Where.All(
                [
                    .. OfEvent(filter), (among, "event.id = ANY(@ids)"), page.Begins("event.created", "event.id"),
                    (true, $"NOT EXISTS ({Matching(filter)})"),
                ])}
          ) AS found
          """
        : $"""
          (SELECT {(filter.RuleRef is null ? "DISTINCT " : "")}at, of
             FROM ({string.Join("\n            UNION ALL\n             ", Matched(filter, page, among))}) AS every
            ORDER BY {page.Order("at", "of")}) AS matched
          CROSS JOIN LATERAL (SELECT {Read}
                                FROM event
                               {Where.All([(true, "event.id = matched.of AND event.created = matched.at"), .. OfEvent(filter)])}
                               LIMIT 1) AS found
          """;

    // Of those that are pending some are not resolved, which an index knows; the others are found by their executions, of which few are not
    // over, where to look at the newest execution of each enforcement would be to read all of them.
    private static IEnumerable<string> Matched(OutcomeFilter filter, PageRequest page, bool among)
    {
        (bool, string)[] common =
        [
            .. OfEnforcement(filter), (among, "enforcement.event = ANY(@ids)"), page.Begins("enforcement.created", "enforcement.event"),
        ];
        const string read = "SELECT enforcement.created AS at, enforcement.event AS of FROM enforcement";
        switch (filter.Result)
        {
            case EventResult.Failed:
                yield return $"{read} {Where.All([.. common, (true, Came("enforcement", "failed"))])}";
                break;
            case EventResult.Pending:
                (bool, string)[] pending = [.. common, (filter.RuleRef is null, $"NOT EXISTS ({FailedBeside})")];
                yield return $"{read} {Where.All([.. pending, (true, "enforcement.status = 'created'")])}";
                yield return $"""
                    SELECT enforcement.created AS at, enforcement.event AS of
                      FROM (SELECT run.enforcement, min(run.created) AS first
                              FROM execution AS run
                             WHERE run.status IN ({Unfinished})
                               AND run.enforcement IS NOT NULL
                               AND run.created >= @Since
                               AND run.created < outcomes_end(@Until)
                             GROUP BY run.enforcement
                            OFFSET 0) AS run
                     CROSS JOIN LATERAL (SELECT id, event, created, resolved_at, status, shadow, rule_ref, trigger_ref
                                           FROM enforcement
                                          WHERE enforcement.id = run.enforcement
                                            AND enforcement.created <= run.first
                                            AND enforcement.created > run.first - INTERVAL '14 days'
                                            AND enforcement.created >= @Since
                                            AND enforcement.created < @Until
                                         OFFSET 0) AS enforcement
                     {Where.All([.. pending, (true, Came("enforcement", "pending"))])}
                    """;
                break;
            default:
                yield return $"{read} {Where.All(common)}";
                break;
        }
    }

    // An event of which anything failed has failed, whatever else is pending. OFFSET 0 asks for each of the few that are pending, where a
    // join would look at all that were processed.
    private static readonly string FailedBeside = $"""
        SELECT FROM enforcement AS beside
                       WHERE beside.event = enforcement.event AND beside.created = enforcement.created AND NOT beside.shadow
                         AND beside.created >= @Since AND beside.created < @Until
                         AND {Came("beside", "failed")}
                      OFFSET 0
        """;

    private static string Came(string enforcement, string outcome) => $"""
        {enforcement}.status = 'processed'
                   AND EXISTS (SELECT
                                 FROM newest_execution(
                                          {enforcement}.id, {enforcement}.created, {enforcement}.resolved_at, @Since, @Until) AS newest
                                WHERE enforcement_outcome({enforcement}.shadow, {enforcement}.status, newest.status) = '{outcome}')
        """;

    public static string Order(OutcomeFilter filter, PageRequest page) =>
        filter.Result is EventResult.Unmatched ? page.Order() : page.Order("matched.at", "matched.of");

    private static string Matching(OutcomeFilter filter) => $"""
        SELECT FROM enforcement
                               {Where.All(
                                   (true, "enforcement.event = event.id AND enforcement.created = event.created"),
                                   (true, "enforcement.created >= @Since AND enforcement.created < @Until"),
                                   (filter.RuleRef is not null, "enforcement.rule_ref = @MatchedRule"),
                                   (filter.RuleRef is null, "NOT enforcement.shadow"))}
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

    // A shadow is no match, unless it is asked for by its name.
    private static IEnumerable<(bool, string)> OfEnforcement(OutcomeFilter filter) =>
    [
        (true, "enforcement.event IS NOT NULL AND enforcement.created >= @Since AND enforcement.created < @Until"),
        (filter.RuleRef is not null, "enforcement.rule_ref = @MatchedRule"),
        (filter.RuleRef is null, "NOT enforcement.shadow"),
        (filter.Events.TriggerRef is not null, "enforcement.trigger_ref = @TriggerRef"),
    ];
}
