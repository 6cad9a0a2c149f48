using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Db.Maintenance;

/// <summary>Whether a host maintains the time tables: where none does, the hourly counts fall behind first.</summary>
internal sealed class MaintenanceCheck(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan LongUncounted = TimeSpan.FromMinutes(90);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        // Where the engine counts, there is no such view.
        const string sql = "SELECT min(watermark) FROM hourly_view WHERE materialised = 'rollup'";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counted = await connection.ExecuteScalarAsync<DateTimeOffset?>(
            new CommandDefinition(sql, cancellationToken: cancellationToken));
        return clock.GetUtcNow() - counted is { } behind && behind > LongUncounted
            ? HealthCheckResult.Degraded(
                $"hourly counts are kept up to {Amounts.Age(behind)} ago: no host maintains the time tables, or a transaction has " +
                "been open since")
            : HealthCheckResult.Healthy("the time tables are maintained");
    }
}
