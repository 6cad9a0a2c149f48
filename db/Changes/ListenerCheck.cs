using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Db.Changes;

/// <summary>Whether changes are heard of: by this process where it listens itself, else by any host.</summary>
internal sealed class ListenerCheck(ChangeHub changes, NpgsqlDataSource database, ChangeListener? own = null) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (own is not null)
        {
            return changes.Connected
                ? HealthCheckResult.Healthy("changes are heard of")
                : HealthCheckResult.Unhealthy("the connection of the change feed is down; it is tried again");
        }

        var listeners = await CountAsync(cancellationToken);
        return listeners > 0
            ? HealthCheckResult.Healthy($"{listeners} connections listen for changes")
            : HealthCheckResult.Unhealthy("no host listens for changes: none is running, or its connection is down");
    }

    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT count(*)
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND application_name = @SessionName
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            sql, new { ChangeListener.SessionName }, cancellationToken: cancellationToken));
    }
}
