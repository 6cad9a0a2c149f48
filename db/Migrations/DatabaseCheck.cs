using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Db.Migrations;

/// <summary>Whether the database answers, and takes changes.</summary>
internal sealed class DatabaseCheck(DatabaseFacts facts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await facts.PingAsync(cancellationToken)
                ? HealthCheckResult.Healthy("answers")
                : HealthCheckResult.Unhealthy("The database takes no changes: it is read only.");
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", error);
        }
    }
}
