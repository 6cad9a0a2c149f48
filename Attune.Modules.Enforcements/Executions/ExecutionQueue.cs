using Attune.Modules.Enforcements.Work;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>
/// Leases requested executions to workers, and requeues them. Each step is set-based, and a row of the history tells of each.
/// </summary>
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

    internal const string RequestedSql = """
        SELECT action_ref,
               count(*) FILTER (WHERE not_before IS NULL OR not_before <= now()) AS due,
               extract(epoch FROM min(not_before) FILTER (WHERE not_before > now()) - now())::double precision AS next_due_seconds
          FROM execution
         WHERE status = 'requested'
           AND action_ref = ANY(@actions)
           AND created >= @since
         GROUP BY action_ref
        """;

    /// <summary>
    /// Leases up to <paramref name="size"/> of the oldest requested executions to a worker: they are scheduled, then running.
    /// </summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="actions">The references of the actions that it can run.</param>
    /// <param name="since">The oldest <c>created</c> to look at: no chunk since then is compressed.</param>
    /// <param name="size">The most to take.</param>
    /// <param name="newClaim">Makes the secret of each lease; null where the worker needs none.</param>
    /// <param name="cancellationToken">Ends it; what was not committed stays requested.</param>
    public Task<List<ClaimedExecution>> ClaimAsync(
        long worker, string[] actions, DateTimeOffset since, int size, Func<string>? newClaim, CancellationToken cancellationToken) =>
        ClaimAsync(worker, ClaimPlan.ByIndex + ClaimSql, new { worker, actions, since, size }, newClaim, cancellationToken);

    /// <summary>
    /// As <see cref="ClaimAsync(long, string[], DateTimeOffset, int, Func{string}, CancellationToken)"/>, for executions created before an
    /// instant.
    /// </summary>
    public Task<List<ClaimedExecution>> ClaimOldAsync(
        long worker, string[] actions, DateTimeOffset until, int size, Func<string>? newClaim, CancellationToken cancellationToken) =>
        ClaimAsync(worker, ClaimPlan.Usual + ClaimOldSql, new { worker, actions, until, size }, newClaim, cancellationToken);

    /// <summary>How long it is until the next execution is due that waits for its time; null when there is none.</summary>
    public async Task<TimeSpan?> NextDueAsync(string[] actions, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return Until(await connection.ExecuteScalarAsync<double?>(
            new CommandDefinition(NextDueSql, new { actions, since }, cancellationToken: cancellationToken)));
    }

    /// <summary>Of which of these actions executions are requested.</summary>
    public async Task<IReadOnlyList<RequestedAction>> RequestedAsync(
        string[] actions, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string ActionRef, long Due, double? NextDueSeconds)>(
            new CommandDefinition(RequestedSql, new { actions, since }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new RequestedAction(row.ActionRef, row.Due, Until(row.NextDueSeconds)))];
    }

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
               SET status = 'requested', worker = NULL, started_at = NULL, claim = NULL, lost_count = lost_count + @more, retry_reason = @reason
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

    // The clock here may be a little behind.
    private static TimeSpan? Until(double? seconds) => seconds is { } left ? TimeSpan.FromSeconds(Math.Max(0, left) + 0.002) : null;

    private async Task<List<ClaimedExecution>> ClaimAsync(
        long worker, string claimSql, object parameters, Func<string>? newClaim, CancellationToken cancellationToken)
    {
        const string sql = ClaimPlan.Usual + """
            UPDATE execution
               SET status = 'scheduled', worker = @worker
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'requested';

            UPDATE execution
               SET status = 'running', started_at = clock_timestamp(), progress = NULL,
                   claim = (@claims::text[])[array_position(@ids, id)]
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'scheduled'
               AND worker = @worker
            RETURNING id, created, worker, started_at, claim, action_ref, config, retry_count, original_execution, enforcement, rule_ref,
                      trigger_ref,
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
                claims = newClaim is null ? null : rows.Select(_ => newClaim()).ToArray(),
                oldest = rows.Min(row => row.Created),
                newest = rows.Max(row => row.Created),
            },
            transaction,
            cancellationToken: cancellationToken))).AsList();
        await transaction.CommitAsync(cancellationToken);
        return claimed;
    }
}

/// <summary>An action that executions are requested of.</summary>
/// <param name="ActionRef">The action's reference.</param>
/// <param name="Due">How many of them may be taken now.</param>
/// <param name="NextDue">How long it is until the next may be taken that waits for its time; null when none does.</param>
internal sealed record RequestedAction(string ActionRef, long Due, TimeSpan? NextDue);
