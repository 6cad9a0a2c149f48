using Attune.Db;
using Attune.Db.Histograms;
using Dapper;

namespace Attune.Modules.Enforcements.Enforcements;

/// <summary>The statements that list enforcements.</summary>
internal static class EnforcementQueries
{
    private const string Columns = "id, rule, rule_ref, rule_version, trigger_ref, event, status, condition, created, resolved_at, shadow";

    public static (string Sql, object Parameters) List(EnforcementFilter filter, PageRequest page, TimeRange range, int limit) =>
        (StatusQuery.Page(Table(filter), Columns, Matching(filter, page), new StatusFilter<EnforcementStatus>(
            filter.Statuses, []), page, limit), Parameters(filter, page, range, limit));

    public static (string Sql, object Parameters) Count(EnforcementFilter filter, TimeRange range, int limit)
    {
        var all = new PageRequest();
        return (StatusQuery.Count("enforcement", Matching(filter, all), new StatusFilter<EnforcementStatus>(
            filter.Statuses, [])), Parameters(filter, all, range, limit));
    }

    public static (string Sql, object Parameters) Histogram(
        EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, TimeRange range, EnforcementLabel? by)
    {
        var all = new PageRequest();
        var label = by switch
        {
            EnforcementLabel.Status => "listed.status",
            EnforcementLabel.Rule => "listed.rule_ref",
            EnforcementLabel.Outcome => "known.outcome",
            _ => "NULL",
        };
        const string outcomes = "LEFT JOIN enforcement_outcomes(@Since, @Until, @TriggerRef) AS known ON known.enforcement = listed.id";
        var sql = $"""
            SELECT width_bucket(listed.created, @edges) - 1 AS bucket, ({label})::text AS label, count(*) AS value
              FROM (SELECT id, created, status, shadow, rule_ref
                      FROM enforcement
                     {Matching(filter, all)}{StatusQuery.And(filter.Statuses)}) AS listed
              {(by == EnforcementLabel.Outcome ? outcomes : "")}
             GROUP BY 1, 2
            """;
        var parameters = new DynamicParameters(Parameters(filter, all, range, 0));
        parameters.Add("edges", HistogramQuery.Instants(edges));
        return (sql, parameters);
    }

    // The few of an event are found first and ordered then: no index has them in the order of the list, and walking one that is in
    // that order would pass every row there is.
    private static string Table(EnforcementFilter filter) => filter.Event is null ? "enforcement" : $"""
        (SELECT {Columns}
           FROM enforcement
          WHERE event = @Event
            AND created >= @Since
            AND created < @Until
         OFFSET 0) AS enforcement
        """;

    private static string Matching(EnforcementFilter filter, PageRequest page) => Where.All(
        (true, "created >= @Since AND created < @Until"),
        page.Begins(),
        (filter.Rule is not null, "rule = @Rule"),
        (filter.RuleRef is not null, "rule_ref = @RuleRef"),
        (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"),
        (filter.Event is not null, "event = @Event"),
        (filter.Shadow is true, "shadow"),
        (filter.Shadow is false, "NOT shadow"));

    private static object Parameters(EnforcementFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.Edge?.At,
        page.Edge?.Id,
        filter.Rule,
        filter.RuleRef,
        filter.TriggerRef,
        filter.Event,
        limit,
    };
}
