using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Executions;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Jobs;

/// <summary>Counts what a job works on, and writes it down.</summary>
internal sealed class JobSets(IdRanges ids)
{
    // Nothing knows what results contain, or how many rows there are: somebody waits for the count.
    private const int CountTimeout = 60;
    public const int FreezeTimeout = 600;

    /// <exception cref="RefusedException">There are too many, or they cannot be counted in time.</exception>
    public static async Task<long> CountAsync(NpgsqlConnection connection, NewJob job, CancellationToken cancellationToken)
    {
        if (job.Ids is { } given)
        {
            return given.Count;
        }

        var sql = $"""
            SELECT count(*)
              FROM (SELECT 1
                      FROM {Table(job.Kind)} AS listed
                     {Matching(job.Kind, job.Filter!)}
                     LIMIT @limit) AS counted
            """;

        try
        {
            var count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                sql, Parameters(0, job.Filter!), commandTimeout: CountTimeout, cancellationToken: cancellationToken));
            return count > NewJob.MostItems ? throw JobChecks.TooMany("filter") : count;
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw RefusedException.Invalid("filter", "Too many rows would have to be read: narrow it by since and until.");
        }
    }

    /// <summary>Writes an item for each of the ids that the job was given, in their order.</summary>
    /// <returns>How many those are.</returns>
    public async Task<long> FreezeAsync(
        NpgsqlConnection connection, long job, JobKind kind, long[] given, CancellationToken cancellationToken)
    {
        var table = kind == JobKind.ReplayEvents ? IdTable.Event : IdTable.Execution;
        var oldest = await ids.HintAsync(table, given.Min(), cancellationToken);
        var newest = await ids.HintAsync(table, given.Max(), cancellationToken);
        var until = newest.Until > oldest.Until ? newest.Until : oldest.Until;
        var written = await InsertAsync(new(oldest.Since < newest.Since ? oldest.Since : newest.Since, until));

        // A hint says where rows most likely are; those that were not found are looked for everywhere.
        await FindElsewhereAsync();
        return written;

        Task<int> InsertAsync(TimeRange range)
        {
            var sql = $"""
                INSERT INTO job_item (job, number, item, item_created)
                SELECT @job, wanted.number, wanted.id, there.created
                  FROM unnest(@given) WITH ORDINALITY AS wanted (id, number)
                  LEFT JOIN {Table(kind)} AS there
                    ON there.id = wanted.id
                   AND there.created >= @Since
                   AND there.created < @Until
                """;

            return connection.ExecuteAsync(new CommandDefinition(
                sql, new { job, given, range.Since, range.Until }, commandTimeout: FreezeTimeout, cancellationToken: cancellationToken));
        }

        Task<int> FindElsewhereAsync()
        {
            var sql = $"""
                UPDATE job_item
                   SET item_created = there.created
                  FROM {Table(kind)} AS there
                 WHERE job_item.job = @job
                   AND job_item.item_created IS NULL
                   AND there.id = job_item.item
                   AND EXISTS (SELECT FROM job_item AS missing WHERE missing.job = @job AND missing.item_created IS NULL)
                """;

            return connection.ExecuteAsync(
                new CommandDefinition(sql, new { job }, commandTimeout: FreezeTimeout, cancellationToken: cancellationToken));
        }
    }

    /// <summary>Writes an item for each row that the filter of a job finds, oldest first.</summary>
    /// <returns>How many those are.</returns>
    /// <exception cref="RefusedException">There are too many.</exception>
    public static async Task<long> FreezeAsync(
        NpgsqlConnection connection, long job, JobKind kind, JobFilter filter, CancellationToken cancellationToken)
    {
        var sql = $"""
            INSERT INTO job_item (job, number, item, item_created)
            SELECT @job, row_number() OVER (ORDER BY found.created, found.id), found.id, found.created
              FROM (SELECT listed.id, listed.created
                      FROM {Table(kind)} AS listed
                     {Matching(kind, filter)}
                     LIMIT @limit) AS found
            """;

        var written = await connection.ExecuteAsync(new CommandDefinition(
            sql, Parameters(job, filter), commandTimeout: FreezeTimeout, cancellationToken: cancellationToken));
        return written > NewJob.MostItems ? throw JobChecks.TooMany("filter") : written;
    }

    private static string Table(JobKind kind) => kind == JobKind.ReplayEvents ? "event" : "execution";

    private static string Matching(JobKind kind, JobFilter filter) => Where.All(
        (true, "listed.created >= @since AND listed.created < @until"),
        (filter.TriggerRef is not null, "listed.trigger_ref = @TriggerRef"),
        (filter.RuleRef is not null, "listed.rule_ref = @RuleRef"),
        (filter.SourceRef is not null, "listed.source_ref = @SourceRef"),
        (filter.ActionRef is not null, "listed.action_ref = @ActionRef"),
        (filter.Status is not null, "listed.status = ANY(@statuses::execution_status_enum[])"),
        (kind == JobKind.RerunExecutions && filter.Status is null, $"listed.status IN ({ExecutionReruns.Final})"),
        (filter.ErrorContains is not null, "strpos(lower(listed.result ->> 'error'), lower(@ErrorContains)) > 0"),
        // All attempts ran the same, so the last one stands for them.
        (kind == JobKind.RerunExecutions, """
            NOT EXISTS (SELECT
                          FROM execution AS later
                         WHERE later.original_execution = coalesce(listed.original_execution, listed.id)
                           AND later.retry_count > listed.retry_count
                           AND later.created >= @since)
            """));

    private static object Parameters(long job, JobFilter filter) => new
    {
        job,
        since = filter.Since ?? TimeRange.Always.Since,
        until = filter.Until!.Value,
        filter.TriggerRef,
        filter.RuleRef,
        filter.SourceRef,
        filter.ActionRef,
        statuses = filter.Status?.Select(EnumNames.Of).ToArray(),
        filter.ErrorContains,
        limit = NewJob.MostItems + 1,
    };
}
