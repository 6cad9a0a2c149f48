using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Modules.Enforcements.Enforcements;

/// <summary>Whether enforcements are resolved.</summary>
internal sealed class PendingEnforcementsCheck(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan LongPending = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT count(*) AS count, min(created) AS oldest
              FROM (SELECT created
                      FROM enforcement
                     WHERE status = 'created'
                       AND created >= @Since
                       AND created < @Until
                     ORDER BY created
                     LIMIT 10000) AS counted
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var pending = await connection.QuerySingleAsync<Backlog>(new CommandDefinition(
            sql, new { TimeRange.Always.Since, TimeRange.Always.Until }, cancellationToken: cancellationToken));
        return pending.Judge(
            "enforcement", "pending", LongPending, clock.GetUtcNow(), "no host resolves them: is one running, and what does its log say?");
    }
}
