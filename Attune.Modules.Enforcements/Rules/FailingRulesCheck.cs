using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Whether the rules can be evaluated: those that are paused, and those that failed lately.</summary>
internal sealed class FailingRulesCheck(NpgsqlDataSource database) : IHealthCheck
{
    private const int Named = 10;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT rule.ref, rule.paused_at IS NOT NULL AS is_paused
              FROM rule
              LEFT JOIN rule_fault AS fault ON fault.rule = rule.id
             WHERE (rule.enabled OR rule.shadow)
               AND (rule.paused_at IS NOT NULL OR fault.last_at > now() - INTERVAL '15 minutes')
             ORDER BY rule.paused_at IS NULL, rule.ref
             LIMIT @most
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rules = (await connection.QueryAsync<FailingRule>(
            new CommandDefinition(sql, new { most = Named + 1 }, cancellationToken: cancellationToken))).AsList();
        if (rules.Count == 0)
        {
            return HealthCheckResult.Healthy("every rule can be evaluated");
        }

        var names = string.Join(", ", rules.Take(Named).Select(rule => rule.IsPaused ? $"{rule.Ref} (paused)" : rule.Ref));
        return HealthCheckResult.Degraded(
            $"rules could not be evaluated for some events: {names}{(rules.Count > Named ? " and others" : "")}; each says why");
    }

    private sealed record FailingRule
    {
        public required string Ref { get; init; }
        public required bool IsPaused { get; init; }
    }
}
