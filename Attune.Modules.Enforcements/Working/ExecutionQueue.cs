using Attune.Modules.Enforcements.Ledger;
using Attune.Modules.Enforcements.Resolving;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Working;

/// <summary>The steps of executions in the database. Each is set-based, and a row of the history tells of each.</summary>
internal sealed class ExecutionQueue(NpgsqlDataSource database, ActionRunner runner)
{
    // A worker that was taken for lost takes nothing more until it has noticed.
    internal const string ClaimSql = """
        SELECT id, created
          FROM execution
         WHERE status = 'requested'
           AND action_ref = ANY(@actions)
           AND created >= @since
           AND EXISTS (SELECT FROM worker WHERE id = @worker AND status = 'active')
         ORDER BY created, id
         LIMIT @size
           FOR UPDATE SKIP LOCKED
        """;

    // As the resolver does: what is compressed cannot be locked.
    internal const string ClaimOldSql = """
        SELECT id, created
          FROM execution
         WHERE status = 'requested'
           AND action_ref = ANY(@actions)
           AND created < @until
           AND EXISTS (SELECT FROM worker WHERE id = @worker AND status = 'active')
         ORDER BY created, id
         LIMIT @size
        """;

    internal const string FinishSql = """
        UPDATE execution
           SET status = finished.status::execution_status_enum, result = finished.result::jsonb
          FROM unnest(@ids, @started, @statuses, @results) AS finished (id, started_at, status, result)
         WHERE execution.id = finished.id
           AND execution.id = ANY(@ids)
           AND execution.created >= @oldest
           AND execution.created <= @newest
           AND execution.status = 'running'
           AND execution.worker = @worker
           AND execution.started_at = finished.started_at
        """;

    /// <summary>Takes up to <paramref name="size"/> of the oldest requested executions in hand, scheduled and then running.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="since">The oldest <c>created</c> to look at: no chunk since then is compressed.</param>
    /// <param name="size">The most to take.</param>
    /// <param name="cancellationToken">Ends it; what was not committed stays requested.</param>
    public Task<List<ClaimedExecution>> ClaimAsync(long worker, DateTimeOffset since, int size, CancellationToken cancellationToken) =>
        ClaimAsync(worker, EnforcementResolver.ByTheIndex + ClaimSql, new { worker, actions = runner.Known, since, size }, cancellationToken);

    /// <summary>As <see cref="ClaimAsync(long, DateTimeOffset, int, CancellationToken)"/>, for executions created before an instant.</summary>
    public Task<List<ClaimedExecution>> ClaimOldAsync(long worker, DateTimeOffset until, int size, CancellationToken cancellationToken) =>
        ClaimAsync(worker, EnforcementResolver.AsUsual + ClaimOldSql, new { worker, actions = runner.Known, until, size }, cancellationToken);

    /// <summary>Writes what became of executions, of those that are still in this worker's hand.</summary>
    public async Task FinishAsync(long worker, IReadOnlyList<FinishedExecution> finished, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(worker, finished, cancellationToken);
        }
        catch (NpgsqlException error) when (finished.Count > 1 && !DatabaseFault.IsPassing(error))
        {
            foreach (var one in finished)
            {
                await FinishAsync(worker, [one], cancellationToken);
            }
        }
        catch (NpgsqlException error) when (!DatabaseFault.IsPassing(error))
        {
            await WriteAsync(worker, [runner.Unstorable(finished[0], error.Message)], cancellationToken);
        }
    }

    /// <summary>Gives back what a worker has in hand.</summary>
    /// <returns>How many executions that were.</returns>
    public Task<int> GiveBackAsync(long worker, string reason, DateTimeOffset since, CancellationToken cancellationToken) =>
        GiveBackAsync("= @worker", worker, reason, since, cancellationToken);

    /// <summary>Gives back what inactive workers have in hand.</summary>
    /// <returns>How many executions that were.</returns>
    public Task<int> GiveBackLostAsync(string reason, DateTimeOffset since, CancellationToken cancellationToken) =>
        GiveBackAsync("IN (SELECT id FROM worker WHERE status = 'inactive')", null, reason, since, cancellationToken);

    private static async Task<Rows> ReadAsync(
        NpgsqlConnection connection, string sql, object parameters, CancellationToken cancellationToken) =>
        new((await connection.QueryAsync<(long Id, DateTimeOffset Created)>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList());

    // The rows are looked for before they are changed, so that the change names the chunks that it is about.
    private async Task<int> GiveBackAsync(string whose, long? worker, string reason, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var search = $"""
            SELECT id, created
              FROM execution
             WHERE worker {whose}
               AND status IN ('scheduled', 'running')
               AND created >= @since
            """;
        var sql = $"""
            UPDATE execution
               SET status = 'requested', worker = NULL, started_at = NULL, retry_count = retry_count + 1, retry_reason = @reason
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND worker {whose}
               AND status IN ('scheduled', 'running')
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await ReadAsync(connection, search, new { worker, since }, cancellationToken);
        return rows.Count == 0 ? 0 : await connection.ExecuteAsync(new CommandDefinition(
            sql, new { worker, rows.Ids, rows.Oldest, rows.Newest, reason }, cancellationToken: cancellationToken));
    }

    private async Task<List<ClaimedExecution>> ClaimAsync(long worker, string claimSql, object parameters, CancellationToken cancellationToken)
    {
        const string sql = EnforcementResolver.AsUsual + """
            UPDATE execution
               SET status = 'scheduled', worker = @worker
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'requested';

            UPDATE execution
               SET status = 'running', started_at = clock_timestamp()
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'scheduled'
               AND worker = @worker
            RETURNING id, created, action_ref, config, started_at,
                      (SELECT timeout_seconds FROM action WHERE action.ref = execution.action_ref) AS timeout_seconds
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await ReadAsync(connection, claimSql, parameters, cancellationToken);
        if (rows.Count == 0)
        {
            return [];
        }

        var claimed = (await connection.QueryAsync<ClaimedExecution>(new CommandDefinition(
            sql, new { worker, rows.Ids, rows.Oldest, rows.Newest }, transaction, cancellationToken: cancellationToken))).AsList();
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }

    private async Task WriteAsync(long worker, IReadOnlyList<FinishedExecution> finished, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(FinishSql, new
        {
            worker,
            ids = finished.Select(one => one.Execution.Id).ToArray(),
            started = finished.Select(one => one.Execution.StartedAt.UtcDateTime).ToArray(),
            statuses = finished.Select(one => StatusQuery.Spelled(one.Status)).ToArray(),
            results = finished.Select(one => one.Result).ToArray(),
            oldest = finished.Min(one => one.Execution.Created),
            newest = finished.Max(one => one.Execution.Created),
        }, cancellationToken: cancellationToken));
    }

    private sealed class Rows(List<(long Id, DateTimeOffset Created)> rows)
    {
        public int Count => rows.Count;

        public long[] Ids => [.. rows.Select(row => row.Id)];

        public DateTimeOffset Oldest => rows.Min(row => row.Created);

        public DateTimeOffset Newest => rows.Max(row => row.Created);
    }
}
