using Attune.Modules.Enforcements.Work;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Leases requested executions to workers, finds the leases there are, and requeues. Each step is set-based, and a row of the history tells of each.</summary>
internal sealed class ExecutionQueue(NpgsqlDataSource database)
{
    // A worker that was taken for lost takes nothing more until it has noticed.
    internal const string ClaimSql = """
        SELECT id, created
          FROM execution
         WHERE status = 'requested'
           AND action_ref = ANY(@actions)
           AND created >= @since
           AND (not_before IS NULL OR not_before <= now())
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
           AND (not_before IS NULL OR not_before <= now())
           AND EXISTS (SELECT FROM worker WHERE id = @worker AND status = 'active')
         ORDER BY created, id
         LIMIT @size
        """;

    internal const string NextDueSql = """
        SELECT extract(epoch FROM min(not_before) - now())::double precision
          FROM execution
         WHERE status = 'requested'
           AND action_ref = ANY(@actions)
           AND created >= @since
           AND not_before > now()
        """;

    internal static readonly string LeasesOfLostSql = LeasesSql(
        "worker IS NOT NULL AND NOT EXISTS (SELECT FROM worker WHERE worker.id = execution.worker AND worker.status <> 'inactive')");

    // A worker that has not been heard of since the time was over is not late but lost, and its executions are requeued as such:
    // after an outage nothing would be left of them otherwise.
    internal static readonly string OverdueSql = LeasesSql("""
        worker IS NOT NULL
           AND CASE status
               WHEN 'running' THEN EXISTS (SELECT
                                             FROM action
                                             JOIN worker ON worker.id = execution.worker
                                            WHERE action.ref = execution.action_ref
                                              AND least(now(), worker.last_heartbeat)
                                                  > started_at + (action.timeout_seconds + @grace) * INTERVAL '1 second')
               WHEN 'canceling' THEN updated < now() - @grace * INTERVAL '1 second'
               END
        """);

    /// <summary>Leases up to <paramref name="size"/> of the oldest requested executions to a worker: they are scheduled, then running.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="actions">The references of the actions that it can run.</param>
    /// <param name="since">The oldest <c>created</c> to look at: no chunk since then is compressed.</param>
    /// <param name="size">The most to take.</param>
    /// <param name="cancellationToken">Ends it; what was not committed stays requested.</param>
    public Task<List<ClaimedExecution>> ClaimAsync(
        long worker, string[] actions, DateTimeOffset since, int size, CancellationToken cancellationToken) =>
        ClaimAsync(worker, ClaimPlan.ByIndex + ClaimSql, new { worker, actions, since, size }, cancellationToken);

    /// <summary>As <see cref="ClaimAsync(long, string[], DateTimeOffset, int, CancellationToken)"/>, for executions created before an instant.</summary>
    public Task<List<ClaimedExecution>> ClaimOldAsync(
        long worker, string[] actions, DateTimeOffset until, int size, CancellationToken cancellationToken) =>
        ClaimAsync(worker, ClaimPlan.Usual + ClaimOldSql, new { worker, actions, until, size }, cancellationToken);

    /// <summary>How long it is until the next execution is due that waits for its time; null when there is none.</summary>
    public async Task<TimeSpan?> NextDueAsync(string[] actions, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // The clock here may be a little behind.
        return await connection.ExecuteScalarAsync<double?>(
            new CommandDefinition(NextDueSql, new { actions, since }, cancellationToken: cancellationToken)) is { } seconds
            ? TimeSpan.FromSeconds(Math.Max(0, seconds) + 0.002)
            : null;
    }

    /// <summary>The leases of a worker.</summary>
    public Task<List<LeasedExecution>> LeasesOfAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) =>
        LeasesAsync(LeasesSql("worker = @worker"), new { worker, since }, cancellationToken);

    /// <summary>The leases of workers that are inactive or were deleted.</summary>
    public Task<List<LeasedExecution>> LeasesOfLostAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        LeasesAsync(LeasesOfLostSql, new { since }, cancellationToken);

    /// <summary>The leases that have lasted longer than the action may take, or were to be cancelled and still are not, by so many seconds.</summary>
    public Task<List<LeasedExecution>> OverdueAsync(int grace, DateTimeOffset since, CancellationToken cancellationToken) =>
        LeasesAsync(OverdueSql, new { grace, since }, cancellationToken);

    /// <summary>Makes executions requested again, of those whose lease still holds.</summary>
    /// <param name="leases">As they were found.</param>
    /// <param name="reason">Why, for a person to read.</param>
    /// <param name="lost">Whether their worker was lost; that is counted.</param>
    /// <param name="cancellationToken">Ends it; they stay leased.</param>
    /// <returns>How many that were.</returns>
    public async Task<int> RequeueAsync(
        IReadOnlyList<ExecutionLease> leases, string reason, bool lost, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE execution
               SET status = 'requested', worker = NULL, started_at = NULL, lost_count = lost_count + @more, retry_reason = @reason
              FROM unnest(@ids, @workers, @started) AS lease (id, worker, started_at)
             WHERE execution.id = lease.id
               AND execution.id = ANY(@ids)
               AND execution.created >= @oldest
               AND execution.created <= @newest
               AND execution.status IN ('scheduled', 'running')
               AND execution.worker = lease.worker
               AND coalesce(execution.started_at, execution.created) = lease.started_at
            """;

        if (leases.Count == 0)
        {
            return 0;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new
        {
            ids = leases.Select(one => one.Id).ToArray(),
            workers = leases.Select(one => one.Worker).ToArray(),
            started = leases.Select(one => one.StartedAt.UtcDateTime).ToArray(),
            oldest = leases.Min(one => one.Created),
            newest = leases.Max(one => one.Created),
            more = lost ? 1 : 0,
            reason,
        }, cancellationToken: cancellationToken));
    }

    // One that is scheduled and not started is known by its created.
    private static string LeasesSql(string which) => $"""
        SELECT id, created, worker, coalesce(started_at, created) AS started_at, status, lost_count,
               (SELECT timeout_seconds FROM action WHERE action.ref = execution.action_ref) AS timeout_seconds
          FROM execution
         WHERE status IN ('scheduled', 'running', 'canceling')
           AND created >= @since
           AND {which}
         ORDER BY created, id
        """;

    private async Task<List<LeasedExecution>> LeasesAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<LeasedExecution>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }

    private async Task<List<ClaimedExecution>> ClaimAsync(long worker, string claimSql, object parameters, CancellationToken cancellationToken)
    {
        const string sql = ClaimPlan.Usual + """
            UPDATE execution
               SET status = 'scheduled', worker = @worker
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'requested';

            UPDATE execution
               SET status = 'running', started_at = clock_timestamp(), progress = NULL
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'scheduled'
               AND worker = @worker
            RETURNING id, created, worker, started_at, action_ref, config, retry_count, enforcement, rule_ref, trigger_ref,
                      (SELECT param_schema FROM action WHERE action.ref = execution.action_ref) AS param_schema,
                      (SELECT timeout_seconds FROM action WHERE action.ref = execution.action_ref) AS timeout_seconds
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<(long Id, DateTimeOffset Created)>(new CommandDefinition(
            claimSql, parameters, transaction, cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return [];
        }

        var claimed = (await connection.QueryAsync<ClaimedExecution>(new CommandDefinition(
            sql,
            new
            {
                worker,
                ids = rows.Select(row => row.Id).ToArray(),
                oldest = rows.Min(row => row.Created),
                newest = rows.Max(row => row.Created),
            },
            transaction,
            cancellationToken: cancellationToken))).AsList();
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }
}
