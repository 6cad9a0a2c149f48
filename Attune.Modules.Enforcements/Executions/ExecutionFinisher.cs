using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Writes what became of executions, and in the same statement requests the next attempt where there is to be one.</summary>
internal sealed class ExecutionFinisher(NpgsqlDataSource database)
{
    // One that was to be cancelled is cancelled, unless it was completed before its worker noticed. The next attempt waits for
    // 1, 2, 4 … seconds, at most 5 minutes.
    internal const string FinishSql = $"""
        WITH ended AS (
            UPDATE execution
               SET status = CASE WHEN execution.status = 'canceling' AND finished.status <> 'completed' THEN 'cancelled'
                                 ELSE finished.status
                            END::execution_status_enum,
                   result = finished.result::jsonb
              FROM unnest(@ids, @workers, @started, @statuses, @results, @mayRetry) AS finished (id, worker, started_at, status, result, may_retry)
             WHERE execution.id = finished.id
               AND execution.id = ANY(@ids)
               AND execution.created >= @oldest
               AND execution.created <= @newest
               AND execution.status IN ('scheduled', 'running', 'canceling')
               AND execution.worker = finished.worker
               AND coalesce(execution.started_at, execution.created) = finished.started_at
            RETURNING {NextAttempt}, execution.id, execution.status, retry_count, original_execution, may_retry
        ), next AS (
            INSERT INTO execution ({NextAttempt}, retry_count, retry_reason, original_execution, not_before)
            SELECT {NextAttempt}, retry_count + 1,
                   'Execution ' || id || CASE status WHEN 'timeout' THEN ' took too long.' ELSE ' failed.' END,
                   coalesce(original_execution, id),
                   clock_timestamp() + least(INTERVAL '1 second' * 2 ^ least(retry_count, 10), INTERVAL '5 minutes')
              FROM ended
             WHERE status IN ('failed', 'timeout')
               AND may_retry
               AND retry_count < max_retries
        )
        SELECT id FROM ended
        """;

    // What an attempt has of the one before it.
    private const string NextAttempt =
        "action, action_ref, config, env_vars, parent, enforcement, rule_ref, trigger_ref, executor, workflow_task, max_retries";

    /// <summary>Writes what became of executions, of those whose lease still holds.</summary>
    /// <returns>The ids of those that were.</returns>
    public async Task<IReadOnlyList<long>> FinishAsync(IReadOnlyList<FinishedExecution> finished, CancellationToken cancellationToken)
    {
        try
        {
            return finished.Count == 0 ? [] : await WriteAsync(finished, cancellationToken);
        }
        catch (NpgsqlException error) when (finished.Count > 1 && !DatabaseFault.IsPassing(error))
        {
            var written = new List<long>();
            foreach (var one in finished)
            {
                written.AddRange(await FinishAsync([one], cancellationToken));
            }

            return written;
        }
        catch (PostgresException error) when (!DatabaseFault.IsPassing(error))
        {
            // It would answer the same the next time. A server that did not answer at all has said nothing of the result.
            return await WriteAsync([finished[0] with
            {
                Status = ExecutionStatus.Failed,
                Result = ExecutionResult.Failed($"The result could not be stored: {error.MessageText}"),
                MayRetry = false,
            }], cancellationToken);
        }
    }

    private async Task<IReadOnlyList<long>> WriteAsync(IReadOnlyList<FinishedExecution> finished, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(FinishSql, new
        {
            ids = finished.Select(one => one.Lease.Id).ToArray(),
            workers = finished.Select(one => one.Lease.Worker).ToArray(),
            started = finished.Select(one => one.Lease.StartedAt.UtcDateTime).ToArray(),
            statuses = finished.Select(one => EnumNames.Of(one.Status)).ToArray(),
            results = finished.Select(one => one.Result).ToArray(),
            mayRetry = finished.Select(one => one.MayRetry).ToArray(),
            oldest = finished.Min(one => one.Lease.Created),
            newest = finished.Max(one => one.Lease.Created),
        }, cancellationToken: cancellationToken))).AsList();
    }
}
