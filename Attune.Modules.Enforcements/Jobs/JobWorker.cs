using Attune.Db;
using Attune.Modules.Enforcements.Executions;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Jobs;

/// <summary>Does a part of a job. Any number of hosts may do so side by side: each takes items that no other has.</summary>
internal sealed class JobWorker(NpgsqlDataSource database, IEventReplays replays)
{
    // Longer than a host takes for a part; after it another one may take what it had.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    // Workers take the oldest execution first: as many as these may stand before one that comes in meanwhile.
    private const int MostWaiting = 200;

    /// <summary>The jobs that are to be worked on, oldest first.</summary>
    public async Task<IReadOnlyList<Job>> RunningAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, kind, state, filter, options, total, done, failed, created, confirmed_at, ended_at
              FROM job
             WHERE state = 'running'
             ORDER BY id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. (await connection.QueryAsync<JobRow>(new CommandDefinition(sql, cancellationToken: cancellationToken)))
            .Select(row => row.ToJob())];
    }

    /// <summary>Takes the next items of a job.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> WorkAsync(Job job, int size, CancellationToken cancellationToken) => job.Kind == JobKind.ReplayEvents
        ? ReplayAsync(job, size, cancellationToken)
        : RerunAsync(job, size, cancellationToken);

    /// <summary>Ends a job of which nothing is left.</summary>
    public async Task<bool> TryEndAsync(long job, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE job
               SET state = 'completed', ended_at = clock_timestamp(),
                   done = (SELECT count(*) FROM job_item WHERE job_item.job = @job AND outcome = 'done'),
                   failed = (SELECT count(*) FROM job_item WHERE job_item.job = @job AND outcome = 'failed')
             WHERE id = @job
               AND state = 'running'
               AND NOT EXISTS (SELECT FROM job_item WHERE job_item.job = @job AND outcome IS NULL)
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new { job }, cancellationToken: cancellationToken)) > 0;
    }

    // The events are written by the ledger, in transactions of its own: the items are claimed for a while, and not locked.
    private async Task<int> ReplayAsync(Job job, int size, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE job_item
               SET claimed_until = clock_timestamp() + @claim
              FROM (SELECT job, number
                      FROM job_item
                     WHERE job = @Id
                       AND outcome IS NULL
                       AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
                       AND EXISTS (SELECT FROM job AS running WHERE running.id = @Id AND running.state = 'running')
                     ORDER BY number
                     LIMIT @size
                       FOR UPDATE SKIP LOCKED) AS next
             WHERE job_item.job = next.job
               AND job_item.number = next.number
            RETURNING job_item.number, job_item.item
            """;

        List<(long Number, long Item)> claimed;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            claimed = (await connection.QueryAsync<(long, long)>(
                new CommandDefinition(sql, new { job.Id, claim = Claim, size }, cancellationToken: cancellationToken))).AsList();
        }

        var failed = await Task.WhenAll(claimed.OrderBy(one => one.Number).Select(one => ReplayAsync(job, one, cancellationToken)));
        await FailAsync(job.Id, [.. failed.OfType<FailedItem>()], cancellationToken);
        return claimed.Count;
    }

    private async Task<FailedItem?> ReplayAsync(Job job, (long Number, long Item) one, CancellationToken cancellationToken)
    {
        try
        {
            var replay = new EventReplay { Rules = job.Options.Rules, JobItem = new(job.Id, one.Number) };
            return await replays.ReplayAsync(one.Item, replay, cancellationToken) is null
                ? new(one.Number, $"There is no event {one.Item}: it may be expired.")
                : null;
        }
        catch (RefusedException refused) when (refused.Kind == RefusalKind.TooMany)
        {
            // Its rules are dear, and others wait for them already: it is taken again when the claim is over.
            return null;
        }
        catch (RefusedException refused)
        {
            return new(one.Number, refused.Message);
        }
        catch (ItemTakenException)
        {
            return null;
        }
    }

    private async Task FailAsync(long job, IReadOnlyList<FailedItem> failed, CancellationToken cancellationToken)
    {
        if (failed.Count > 0)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await EndAsync(connection, job, [.. failed.Select(one => new EndedItem(one.Number, null, one.Reason))], cancellationToken);
        }
    }

    private async Task<int> RerunAsync(Job job, int size, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT number, item, item_created
              FROM job_item
             WHERE job = @Id
               AND outcome IS NULL
               AND EXISTS (SELECT FROM job AS running WHERE running.id = @Id AND running.state = 'running')
             ORDER BY number
             LIMIT least(@size, @MostWaiting - (SELECT count(*)
                                                  FROM (SELECT
                                                          FROM execution
                                                         WHERE status = 'requested'
                                                           AND rerun_of IS NOT NULL
                                                           AND created >= @ConfirmedAt
                                                         LIMIT @MostWaiting) AS waiting))
               FOR UPDATE SKIP LOCKED
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var claimed = (await connection.QueryAsync<(long Number, long Item, DateTimeOffset? Created)>(
            new CommandDefinition(
                sql, new { job.Id, size, MostWaiting, job.ConfirmedAt }, transaction, cancellationToken: cancellationToken))).AsList();
        var there = claimed.Where(one => one.Created is not null).Select(one => (one.Item, one.Created!.Value)).ToList();
        var made = there.Count == 0 ? [] : await ExecutionReruns.RerunAsync(
            connection, there, new() { Force = job.Options.Force ?? false }, cancellationToken);
        var rows = made.ToDictionary(row => row.Id);
        await EndAsync(connection, job.Id, [.. claimed.Select(one => rows.GetValueOrDefault(one.Item) switch
        {
            null => new EndedItem(one.Number, null, $"There is no execution {one.Item}: it may be expired."),
            { Made: { } again } => new(one.Number, again, null),
            var row => new(one.Number, null, row.Reason),
        })], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return claimed.Count;
    }

    private static async Task EndAsync(
        NpgsqlConnection connection, long job, IReadOnlyList<EndedItem> items, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE job_item
               SET outcome = CASE WHEN ended.reason IS NULL THEN 'done' ELSE 'failed' END,
                   result = ended.result, reason = ended.reason, ended_at = clock_timestamp(), claimed_until = NULL
              FROM unnest(@numbers, @results, @reasons) AS ended (number, result, reason)
             WHERE job_item.job = @job
               AND job_item.number = ended.number
               AND job_item.outcome IS NULL
            """;

        if (items.Count > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, new
            {
                job,
                numbers = items.Select(item => item.Number).ToArray(),
                results = items.Select(item => item.Result).ToArray(),
                reasons = items.Select(item => item.Reason).ToArray(),
            }, cancellationToken: cancellationToken));
        }
    }

    private readonly record struct EndedItem(long Number, long? Result, string? Reason);

    private sealed record FailedItem(long Number, string Reason);
}
