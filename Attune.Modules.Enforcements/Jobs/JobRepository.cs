using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Jobs;

internal sealed class JobRepository(
    NpgsqlDataSource database, JobChecks checks, JobSets sets, JobWake wake, TimeProvider clock) : IJobs
{
    // The items of one that is completed have been counted. A host may still finish what it had begun of one that was aborted.
    private const string Select = """
        SELECT job.id, job.kind, job.state, job.filter, job.options, job.total, job.created, job.confirmed_at, job.ended_at,
               CASE WHEN job.state = 'draft' THEN job.ids[1:10] END AS sample,
               CASE WHEN job.state = 'completed'
                    THEN job.done
                    ELSE (SELECT count(*) FROM job_item WHERE job_item.job = job.id AND job_item.outcome = 'done')
               END AS done,
               CASE WHEN job.state = 'completed'
                    THEN job.failed
                    ELSE (SELECT count(*) FROM job_item WHERE job_item.job = job.id AND job_item.outcome = 'failed')
               END AS failed
          FROM job
        """;

    public async Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO job (kind, ids, filter, options, total)
            VALUES (@kind, @ids, @filter::jsonb, @options::jsonb, @total)
            RETURNING id
            """;

        var meant = await checks.CheckAsync(job, clock.GetUtcNow(), cancellationToken);
        long id;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            var total = await JobSets.CountAsync(connection, meant, cancellationToken);
            id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, new
            {
                kind = EnumNames.Of(meant.Kind),
                ids = meant.Ids?.ToArray(),
                filter = meant.Filter is null ? null : JsonSerializer.Serialize(meant.Filter, Json.Options),
                options = JsonSerializer.Serialize(meant.Options, Json.Options),
                total,
            }, cancellationToken: cancellationToken));
        }

        return (await FindAsync(id, cancellationToken))!;
    }

    public async Task<Job?> FindAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = $"""
            {Select}
             WHERE job.id = @id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<JobRow>(
            new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken)))?.ToJob();
    }

    public async Task<Page<Job>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var sql = $"""
            {Select}
             {(page.After is null ? "" : "WHERE (job.created, job.id) < (@At, @Id)")}
             ORDER BY job.created DESC, job.id DESC
             {page.Limit(page.Size + 1)}
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<JobRow>(
            new CommandDefinition(sql, new { page.After?.At, page.After?.Id }, cancellationToken: cancellationToken));
        Total? total = page.IncludeTotal
            ? Total.Of(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "SELECT count(*) FROM (SELECT FROM job LIMIT 10001) AS counted", cancellationToken: cancellationToken)))
            : null;
        return Page.From(rows.Select(row => row.ToJob()).ToList(), page.Size, total);
    }

    public async Task<Page<JobItemSummary>?> ListItemsAsync(
        long id, IReadOnlyList<JobOutcome> outcomes, PageRequest page, CancellationToken cancellationToken)
    {
        var items = $"""
              FROM job_item
             WHERE job = @id
               {(outcomes.Count == 0 ? "" : "AND outcome = ANY(@outcomes)")}
            """;
        var sql = $"""
            SELECT number, item, outcome, result, reason, ended_at
            {items}
             ORDER BY number
             LIMIT @limit OFFSET @Place
            """;
        var count = $"SELECT count(*) FROM (SELECT {items} LIMIT 10001) AS counted";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { id, outcomes = outcomes.Select(EnumNames.Of).ToArray(), limit = page.Size + 1, page.Place };
        var rows = (await connection.QueryAsync<ItemRow>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).Select(row => row.ToItem()).ToList();
        if (rows.Count == 0 && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM job WHERE id = @id)", new { id }, cancellationToken: cancellationToken)))
        {
            return null;
        }

        Total? total = page.IncludeTotal
            ? Total.Of(await connection.ExecuteScalarAsync<long>(
                new CommandDefinition(count, parameters, cancellationToken: cancellationToken)))
            : null;
        return Page.FromPlace(rows, page, total);
    }

    public async Task<Job?> ConfirmAsync(long id, long? count, CancellationToken cancellationToken)
    {
        const string read = """
            SELECT id, kind, state, ids, filter, options, total, created, confirmed_at, ended_at, done, failed
              FROM job
             WHERE id = @id
               FOR UPDATE
            """;
        const string write = "UPDATE job SET state = 'running', confirmed_at = clock_timestamp(), total = @total WHERE id = @id";

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var draft = await connection.QuerySingleOrDefaultAsync<JobRow>(
                new CommandDefinition(read, new { id }, transaction, cancellationToken: cancellationToken));
            if (draft is null)
            {
                return null;
            }

            var job = draft.ToJob();
            if (job.State == JobState.Aborted)
            {
                throw WasAborted(id);
            }

            var total = job.State != JobState.Draft ? job.Total
                : draft.Ids is { } ids ? await sets.FreezeAsync(connection, id, job.Kind, ids, cancellationToken)
                : await JobSets.FreezeAsync(connection, id, job.Kind, job.Filter!, cancellationToken);
            if (count is { } expected && expected != total)
            {
                throw new RefusedException(RefusalKind.Conflict, "count", string.Create(
                    CultureInfo.InvariantCulture, $"There are {total} now, and not {expected}: nothing was confirmed."));
            }

            if (job.State == JobState.Draft)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(write, new { id, total }, transaction, cancellationToken: cancellationToken));
                await transaction.CommitAsync(cancellationToken);
            }
        }

        wake.Set();
        return await FindAsync(id, cancellationToken);
    }

    public Task<Job?> StopAsync(long id, CancellationToken cancellationToken) => SwitchAsync(id, JobState.Stopped, cancellationToken);

    public Task<Job?> ResumeAsync(long id, CancellationToken cancellationToken) => SwitchAsync(id, JobState.Running, cancellationToken);

    public async Task<Job?> AbortAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE job
               SET state = 'aborted', ended_at = clock_timestamp()
             WHERE id = @id
               AND ended_at IS NULL
            """;

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            // A draft that is being confirmed holds its row until its set is written down.
            await connection.ExecuteAsync(new CommandDefinition(
                sql, new { id }, commandTimeout: JobSets.FreezeTimeout, cancellationToken: cancellationToken));
        }

        return await FindAsync(id, cancellationToken) is not { } job ? null
            : job.State == JobState.Aborted ? job
            : throw WasCompleted(id);
    }

    private async Task<Job?> SwitchAsync(long id, JobState state, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE job SET state = @state WHERE id = @id AND state IN ('running', 'stopped') AND state <> @state";

        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(sql, new { id, state = EnumNames.Of(state) }, cancellationToken: cancellationToken));
        }

        wake.Set();
        return await FindAsync(id, cancellationToken) is not { } job ? null
            : job.State is JobState.Running or JobState.Stopped ? job
            : throw job.State switch
            {
                JobState.Draft => new(RefusalKind.Conflict, "state", $"Job {id} is a draft: it begins when it is confirmed."),
                JobState.Aborted => WasAborted(id),
                _ => WasCompleted(id),
            };
    }

    private static RefusedException WasAborted(long id) => new(RefusalKind.Conflict, "state", $"Job {id} was aborted, and is over.");

    private static RefusedException WasCompleted(long id) => new(RefusalKind.Conflict, "state", $"Job {id} is completed.");
}
