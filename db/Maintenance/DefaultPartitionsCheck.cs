using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Db.Maintenance;

/// <summary>Whether rows lie in default partitions, where the maintenance has not moved them from.</summary>
internal sealed class DefaultPartitionsCheck(NpgsqlDataSource database, DatabaseFacts facts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var fact = await facts.GetAsync(cancellationToken);
        var filled = fact.Engine == DatabaseEngine.Native ? await FilledAsync(cancellationToken) : [];
        return filled.Count == 0
            ? HealthCheckResult.Healthy("no rows outside their partitions")
            : HealthCheckResult.Degraded(
                $"rows in default partitions: {string.Join(", ", filled.Select(one => $"{Amounts.Counted(one.Rows)} of {one.Table}"))}; " +
                "the next maintenance moves them, those of an absurd date excepted");
    }

    private async Task<IReadOnlyList<(string Table, long Rows)>> FilledAsync(CancellationToken cancellationToken)
    {
        const string names = "SELECT table_name, quote_ident(table_name || '_default') FROM time_table ORDER BY table_name";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var filled = new List<(string, long)>();
        foreach (var (table, partition) in await connection.QueryAsync<(string, string)>(new CommandDefinition(
            names, cancellationToken: cancellationToken)))
        {
            // The name is the database's own, and quoted by it.
            var rows = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                $"SELECT count(*) FROM (SELECT FROM {partition} LIMIT @CountedAtMost) AS counted",
                new { Total.CountedAtMost },
                cancellationToken: cancellationToken));
            if (rows > 0)
            {
                filled.Add((table, rows));
            }
        }

        return filled;
    }
}
