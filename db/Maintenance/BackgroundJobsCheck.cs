using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Db.Maintenance;

/// <summary>Whether background jobs of the engine failed when they ran last; stock PostgreSQL has none.</summary>
internal sealed class BackgroundJobsCheck(NpgsqlDataSource database, DatabaseFacts facts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var fact = await facts.GetAsync(cancellationToken);
        var failed = fact.TimescaleVersion is null ? [] : await FailedAsync(cancellationToken);
        return failed.Count == 0
            ? HealthCheckResult.Healthy("no background job has failed")
            : HealthCheckResult.Degraded($"background jobs whose last run failed: {string.Join(", ", failed)}");
    }

    private async Task<IReadOnlyList<string>> FailedAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT format('%s (%s) of %s', jobs.proc_name, jobs.job_id, coalesce(jobs.hypertable_name, 'the server'))
              FROM timescaledb_information.jobs AS jobs
              JOIN timescaledb_information.job_stats AS stats ON stats.job_id = jobs.job_id
             WHERE stats.last_run_status = 'Failed'
             ORDER BY jobs.job_id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }
}
