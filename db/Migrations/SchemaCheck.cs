using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Db.Migrations;

/// <summary>Whether the schema is the one that this build was written for.</summary>
internal sealed class SchemaCheck(Migrator migrator) : IHealthCheck
{
    private bool _isCurrent;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        // Scripts are never taken back: once it is current, it stays so for this build.
        var pending = _isCurrent ? [] : await migrator.PendingAsync(cancellationToken);
        _isCurrent = pending.Count == 0;
        return _isCurrent
            ? HealthCheckResult.Healthy("current")
            : HealthCheckResult.Unhealthy(
                $"{pending.Count} scripts are pending, from {pending[0]}: run the verb migrate; nothing else was looked at");
    }
}
