using Attune.Db;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>The statements that group failures.</summary>
internal static class FailureQueries
{
    // Quoted texts first, since they may hold numbers; then ids, words of hexadecimal digits among them; then what is left of numbers, whole addresses as one.
    private const string Pattern = """
        regexp_replace(
                       regexp_replace(
                           regexp_replace(error, '"[^"]*"|''[^'']*''|`[^`]*`|“[^”]*”|«[^»]*»', '…', 'g'),
                           '\m[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\M|\m(0x)?[0-9a-f]*[0-9][0-9a-f]*\M', '#', 'gi'),
                       '(#|[0-9]+)([.,:](#|[0-9]+))*', '#', 'g')
        """;

    private static readonly TimeSpan StandsFor = TimeSpan.FromDays(14);

    private static readonly string[] Statuses = ["failed", "timeout", "abandoned"];

    public static (string Sql, object Parameters) Report(FailureFilter filter, double secondsEach)
    {
        var sql = $"""
            {Failed(filter)}
            SELECT action_ref, pattern AS error, part, count(*) AS count, min(created) AS first, max(created) AS last, max(id) AS sample,
                   (array_agg(error ORDER BY id DESC))[1] AS sample_error
              FROM (SELECT id, action_ref, created, error, {Pattern} AS pattern,
                           floor(extract(epoch FROM created - @Since) / @secondsEach)::integer AS part
                      FROM failed) AS named
             GROUP BY action_ref, pattern, part
            """;

        return (sql, Parameters(filter, secondsEach, null, null, 0));
    }

    /// <summary>The largest groups with the status of each, and no more of them.</summary>
    public static (string Sql, object Parameters) Reasons(FailureFilter filter, int most)
    {
        var sql = $"""
            {Failed(filter)}
            SELECT nullif({Pattern}, '') AS error, action_ref, status, count(*) AS count, max(created) AS latest
              FROM failed
             GROUP BY 1, 2, 3
             ORDER BY count DESC, latest DESC
             LIMIT @most
            """;

        return (sql, Parameters(filter, 0, null, null, most));
    }

    public static (string Sql, object Parameters) List(FailureFilter filter, string action, string error, int most)
    {
        var sql = $"""
            {Failed(filter with { ActionRef = action })}
            SELECT id, action_ref, status, rule_ref, error, created
              FROM failed
             WHERE {Pattern} = @error
             ORDER BY created DESC, id DESC
             LIMIT @most
            """;

        return (sql, Parameters(filter with { ActionRef = action }, 0, action, error, most));
    }

    // Each status walks its index, and stops when there are enough. Of an enforcement the newest execution counts, as in event_outcomes.sql;
    // what was run again more than two weeks after the range is not looked for.
    private static string Failed(FailureFilter filter) => $"""
        WITH failed AS (
            SELECT id, action_ref, rule_ref, status, created,
                   left(coalesce(result ->> 'error', result ->> 'message', ''), 400) AS error
              FROM ({string.Join("\n UNION ALL\n", Statuses.Select(status => $"({OfStatus(filter, status)})"))}) AS every
             ORDER BY created DESC, id DESC
             LIMIT {FailureReport.MostExecutions}
        )
        """;

    private static string OfStatus(FailureFilter filter, string status) => $"""
        SELECT one.id, one.action_ref, one.rule_ref, one.status, one.created, one.result
          FROM execution AS one
         {Where.All(
            (true, $"one.status = '{status}'"),
            (true, "one.created >= @Since AND one.created < @Until"),
            (filter.ActionRef is not null, "one.action_ref = @ActionRef"),
            (filter.RuleRef is not null, "one.rule_ref = @RuleRef"),
            (filter.TriggerRef is not null, "one.trigger_ref = @TriggerRef"),
            (true, """
                (coalesce(one.max_retries, 0) = 0
                 OR NOT EXISTS (SELECT
                                  FROM execution AS later
                                 WHERE later.original_execution = coalesce(one.original_execution, one.id)
                                   AND later.retry_count > one.retry_count
                                   AND later.created >= one.created
                                   AND later.created < @Later))
                """),
            (true, """
                NOT EXISTS (SELECT
                              FROM execution AS again
                             WHERE again.rerun_of = one.id
                               AND again.created >= one.created
                               AND again.created < @Later)
                """),
            (true, """
                (one.enforcement IS NULL OR one.parent IS NOT NULL
                 OR NOT EXISTS (SELECT
                                  FROM execution AS newer
                                 WHERE newer.enforcement = one.enforcement
                                   AND newer.parent IS NULL
                                   AND (newer.created, newer.id) > (one.created, one.id)
                                   AND newer.created >= one.created
                                   AND newer.created < @Later))
                """))}
         ORDER BY one.created DESC, one.id DESC
         LIMIT {FailureReport.MostExecutions}
        """;

    private static object Parameters(FailureFilter filter, double secondsEach, string? action, string? error, int most) => new
    {
        filter.Since,
        filter.Until,
        Later = DateTimeOffset.MaxValue - filter.Until > StandsFor ? filter.Until + StandsFor : DateTimeOffset.MaxValue,
        filter.ActionRef,
        filter.RuleRef,
        filter.TriggerRef,
        secondsEach,
        action,
        error,
        most,
    };
}
