using Attune.Db.Faults;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Modules.Enforcements.Enforcements;

/// <summary>
/// Resolves pending enforcements: in one transaction the execution is requested and the enforcement is processed, or it is
/// disabled. Any number of hosts may do so side by side: each takes rows that no other has.
/// </summary>
internal sealed partial class EnforcementResolver(NpgsqlDataSource database, ILogger<EnforcementResolver> logger)
{
    public const int BatchSize = 500;

    internal const string ClaimSql = """
        SELECT id, created
          FROM enforcement
         WHERE status = 'created'
           AND created >= @since
           AND id <> ALL(ARRAY(SELECT enforcement FROM resolution_failure WHERE next_attempt > now()))
         ORDER BY created, id
         LIMIT @size
           FOR UPDATE SKIP LOCKED
        """;

    // Rows of compressed chunks cannot be locked. Settling takes each row once all the same; the lock only keeps hosts apart.
    internal const string ClaimOldSql = """
        SELECT id, created
          FROM enforcement
         WHERE status = 'created'
           AND created < @until
           AND id <> ALL(ARRAY(SELECT enforcement FROM resolution_failure WHERE next_attempt > now()))
         ORDER BY created, id
         LIMIT @size
        """;

    // The action is that of the version which matched, and must still be there; trigger and rule must be as they are now.
    internal const string SettleSql = """
        WITH resolved AS (
            UPDATE enforcement
               SET resolved_at = clock_timestamp(),
                   status = CASE WHEN EXISTS (SELECT FROM rule WHERE rule.id = enforcement.rule AND rule.enabled)
                                  AND EXISTS (SELECT FROM trigger WHERE trigger.ref = enforcement.trigger_ref AND trigger.enabled)
                                  AND EXISTS (SELECT FROM action WHERE action.ref = coalesce(
                                          (SELECT matched.action_ref
                                             FROM rule_version AS matched
                                            WHERE matched.rule = enforcement.rule
                                              AND matched.version = enforcement.rule_version),
                                          (SELECT rule.action_ref FROM rule WHERE rule.id = enforcement.rule)))
                                 THEN 'processed'::enforcement_status_enum
                                 ELSE 'disabled'::enforcement_status_enum
                            END
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
               AND status = 'created'
            RETURNING id, created, rule, rule_version, rule_ref, trigger_ref, config, status
        ), cleared AS (
            DELETE FROM resolution_failure WHERE enforcement = ANY(@ids)
        )
        INSERT INTO execution (action, action_ref, config, enforcement, rule_ref, trigger_ref, max_retries)
        SELECT action.id, action.ref, resolved.config, resolved.id, resolved.rule_ref, resolved.trigger_ref, action.max_retries
          FROM resolved
          LEFT JOIN rule_version AS matched ON matched.rule = resolved.rule AND matched.version = resolved.rule_version
          LEFT JOIN rule ON rule.id = resolved.rule
          JOIN action ON action.ref = coalesce(matched.action_ref, rule.action_ref)
         WHERE resolved.status = 'processed'
         ORDER BY resolved.created, resolved.id
        """;

    /// <summary>Resolves up to <paramref name="size"/> of the oldest pending enforcements.</summary>
    /// <param name="since">The oldest <c>created</c> to look at: no chunk since then is compressed.</param>
    /// <param name="size">The most to take.</param>
    /// <param name="cancellationToken">Ends it; what was not committed stays pending.</param>
    /// <returns>How many were taken: fewer than asked for means that there are no more.</returns>
    public Task<int> ResolveBatchAsync(DateTimeOffset since, int size, CancellationToken cancellationToken) =>
        ResolveAsync(ClaimPlan.ByIndex + ClaimSql, new { since, size }, cancellationToken);

    /// <summary>As <see cref="ResolveBatchAsync"/>, for enforcements created before an instant, compressed ones among them.</summary>
    public Task<int> ResolveOldBatchAsync(DateTimeOffset until, int size, CancellationToken cancellationToken) =>
        ResolveAsync(ClaimPlan.Usual + ClaimOldSql, new { until, size }, cancellationToken);

    /// <summary>Forgets the failures of enforcements that are gone: those still pending are tried again and again.</summary>
    public async Task ForgetFailuresAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM resolution_failure WHERE next_attempt < now() - INTERVAL '3 days'", cancellationToken: cancellationToken));
    }

    private async Task<int> ResolveAsync(string claimSql, object parameters, CancellationToken cancellationToken)
    {
        List<PendingRow> claims = [];
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            claims = (await connection.QueryAsync<PendingRow>(new CommandDefinition(
                claimSql, parameters, transaction, cancellationToken: cancellationToken))).AsList();
            if (claims.Count > 0)
            {
                await SettleAsync(connection, claims, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            return claims.Count;
        }
        catch (NpgsqlException error) when (claims.Count > 0 && !DatabaseFault.IsPassing(error))
        {
            // One of them stands in the way of the others: each by itself, then.
            Log.BatchFailed(logger, error, claims.Count);
        }

        foreach (var claim in claims)
        {
            await ResolveOneAsync(claim, cancellationToken);
        }

        return claims.Count;
    }

    private async Task ResolveOneAsync(PendingRow claim, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await SettleAsync(connection, [claim], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException error) when (!DatabaseFault.IsPassing(error))
        {
            Log.OneFailed(logger, error, claim.Id);
            await KeepFailureAsync(claim, error.Message, cancellationToken);
        }
    }

    private static async Task SettleAsync(NpgsqlConnection connection, List<PendingRow> claims, CancellationToken cancellationToken)
    {
        var ids = claims.ConvertAll(claim => claim.Id).ToArray();
        var (oldest, newest) = (claims.Min(claim => claim.Created), claims.Max(claim => claim.Created));
        await connection.ExecuteAsync(
            new CommandDefinition(ClaimPlan.Usual + SettleSql, new { ids, oldest, newest }, cancellationToken: cancellationToken));
    }

    // Tried again after 2, 4, 8 … seconds, at last every 5 minutes.
    private async Task KeepFailureAsync(PendingRow claim, string reason, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO resolution_failure AS failure (enforcement, enforcement_created, reason, next_attempt)
            VALUES (@Id, @Created, @reason, clock_timestamp() + INTERVAL '2 seconds')
                ON CONFLICT (enforcement) DO UPDATE
               SET attempts = failure.attempts + 1,
                   reason = excluded.reason,
                   last_attempt = clock_timestamp(),
                   next_attempt = clock_timestamp() + least(INTERVAL '1 second' * 2 ^ least(failure.attempts + 1, 10), INTERVAL '5 minutes')
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            sql, new { claim.Id, claim.Created, reason }, cancellationToken: cancellationToken));
    }

    private sealed record PendingRow
    {
        public required long Id { get; init; }
        public required DateTimeOffset Created { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning, Message = "{Count} enforcements could not be resolved together; each is resolved by itself")]
        public static partial void BatchFailed(ILogger logger, Exception error, int count);

        [LoggerMessage(
            Level = LogLevel.Error, Message = "Enforcement {Enforcement} could not be resolved; it shows why, and is tried again")]
        public static partial void OneFailed(ILogger logger, Exception error, long enforcement);
    }
}
