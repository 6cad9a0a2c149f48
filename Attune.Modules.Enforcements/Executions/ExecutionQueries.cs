using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Values;
using Dapper;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>The statements that list executions.</summary>
internal static class ExecutionQueries
{
    private const string Columns = """
        id, action_ref, status, parent, enforcement, rule_ref, trigger_ref, worker, retry_count, original_execution, rerun_of, started_at,
               created, updated, error
        """;

    // Every column that a list shows or is filtered by, with what went wrong.
    private const string Table = $"""
        (SELECT id, action_ref, status, parent, enforcement, rule_ref, trigger_ref, worker, retry_count, original_execution, rerun_of,
                started_at, created, updated, executor, result,
                {ExecutionErrors.Column}
           FROM execution) AS execution
        """;

    // As in the index execution_unfinished_idx.
    private static readonly ExecutionStatus[] Unfinished =
    [
        ExecutionStatus.Requested, ExecutionStatus.Scheduling, ExecutionStatus.Scheduled, ExecutionStatus.Running,
        ExecutionStatus.Canceling,
    ];

    public static (string Sql, object Parameters) List(ExecutionFilter filter, PageRequest page, TimeRange range, int limit) =>
        (StatusQuery.Page(Table, Columns, Matching(filter, page), new StatusFilter<ExecutionStatus>(
            filter.Statuses, Unfinished), page, limit), Parameters(filter, page, range, limit));

    public static (string Sql, object Parameters) Count(ExecutionFilter filter, TimeRange range, int limit)
    {
        var all = new PageRequest();
        return (StatusQuery.Count("execution", Matching(filter, all), new StatusFilter<ExecutionStatus>(
            filter.Statuses, Unfinished)), Parameters(filter, all, range, limit));
    }

    /// <summary>The part of a list that a scan reads next.</summary>
    public static (string Sql, object Parameters) Scan(
        ExecutionFilter filter, TimeRange range, Cursor? after, int limit, ExecutionParts parts)
    {
        var page = new PageRequest { After = after };
        var sql = $"""
            SELECT id, created, updated, started_at, action_ref, rule_ref, trigger_ref, status::text,
                   retry_count{(parts.Result ? ", result" : "")}{(parts.Config ? ", config" : "")}
              FROM execution
             {Matching(filter, page)}{StatusQuery.And(filter.Statuses)}
             ORDER BY created DESC, id DESC
             LIMIT @limit
            """;

        return (sql, Parameters(filter, page, range, limit));
    }

    /// <summary>The executions of some ids, within their instants.</summary>
    public const string OfPlaces = $"""
        SELECT {Columns}
          FROM {Table}
         WHERE id = ANY (@ids)
           AND created >= @oldest
           AND created <= @newest
         ORDER BY created DESC, id DESC
        """;

    /// <summary>Whether a filter names only what can be stored.</summary>
    public static bool CanMatch(ExecutionFilter filter) =>
        new[] { filter.ActionRef, filter.PackName, filter.RuleRef, filter.TriggerRef, filter.ResultContains }
            .All(text => text is null || StorableText.IsStorable(text));

    public static (string Sql, object Parameters) Histogram(
        ExecutionFilter filter, IReadOnlyList<DateTimeOffset> edges, TimeRange range, ExecutionLabel? by)
    {
        var label = by switch { ExecutionLabel.Status => "status", ExecutionLabel.Action => "action_ref", _ => "NULL" };
        var all = new PageRequest();
        var sql = $"""
            SELECT width_bucket(created, @edges) - 1 AS bucket, {label}::text AS label, count(*) AS value
              FROM execution
             {Matching(filter, all)}{StatusQuery.And(filter.Statuses)}
             GROUP BY 1, 2
            """;
        var parameters = new DynamicParameters(Parameters(filter, all, range, 0));
        parameters.Add("edges", HistogramQuery.Instants(edges));
        return (sql, parameters);
    }

    private static string Matching(ExecutionFilter filter, PageRequest page) => Where.All(
        (true, "created >= @Since AND created < @Until"),
        page.Begins(),
        (filter.ActionRef is not null, "action_ref = @ActionRef"),
        (filter.PackName is not null, "starts_with(action_ref, @PackName || '.')"),
        (filter.RuleRef is not null, "rule_ref = @RuleRef"),
        (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"),
        (filter.Executor is not null, "executor = @Executor"),
        (filter.Worker is not null, "worker = @Worker"),
        (filter.Enforcement is not null, "enforcement = @Enforcement"),
        (filter.Parent is not null, "parent = @Parent"),
        (filter.OriginalExecution is not null, "original_execution = @OriginalExecution"),
        (filter.TopLevelOnly, "parent IS NULL AND original_execution IS NULL AND rerun_of IS NULL"),
        (filter.RerunOf is not null, "rerun_of = @RerunOf"),
        (filter.ResultContains is not null, "strpos(lower(result::text), lower(@ResultContains)) > 0"));

    private static object Parameters(ExecutionFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.Edge?.At,
        page.Edge?.Id,
        filter.ActionRef,
        filter.PackName,
        filter.RuleRef,
        filter.TriggerRef,
        filter.Executor,
        filter.Worker,
        filter.Enforcement,
        filter.Parent,
        filter.OriginalExecution,
        filter.RerunOf,
        filter.ResultContains,
        limit,
    };
}
