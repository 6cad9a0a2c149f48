using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

internal sealed class RuleChanges(NpgsqlDataSource database) : IRuleChanges
{
    public async Task<IReadOnlyList<RuleChange>> ListAsync(RuleChangeFilter filter, CancellationToken cancellationToken)
    {
        // A version is compared with the one before it, which may be older than the range.
        var sql = $"""
            WITH version AS (
                SELECT rule, rule_ref, created AS at, version,
                       CASE WHEN version > 1 THEN
                           array_remove(ARRAY[
                               CASE WHEN trigger_ref <> lag(trigger_ref) OVER earlier THEN 'trigger' END,
                               CASE WHEN trigger_params <> lag(trigger_params) OVER earlier THEN 'trigger parameters' END,
                               CASE WHEN (condition, conditions) <> (lag(condition) OVER earlier, lag(conditions) OVER earlier) THEN 'conditions' END,
                               CASE WHEN action_ref <> lag(action_ref) OVER earlier THEN 'action' END,
                               CASE WHEN action_params <> lag(action_params) OVER earlier THEN 'action parameters' END,
                               CASE WHEN "window" IS DISTINCT FROM lag("window") OVER earlier THEN 'window' END], NULL)
                       ELSE '{"{}"}'
                       END AS changed
                  FROM rule_version
                 WHERE rule IN (SELECT rule FROM rule_version {Wanted(filter)})
                WINDOW earlier AS (PARTITION BY rule ORDER BY version)
            ), switch AS (
                SELECT rule, at, state, lag(state) OVER (PARTITION BY rule ORDER BY id) AS state_before
                  FROM rule_switch
                 WHERE rule IN (SELECT rule FROM rule_version {Wanted(filter)})
            )
            SELECT rule, rule_ref, at, version, changed, NULL::text AS state, NULL::text AS state_before
              FROM version
             WHERE at >= @Since
               AND at < @Until
             UNION ALL
            SELECT switch.rule, named.rule_ref, switch.at, NULL, '{"{}"}', switch.state, switch.state_before
              FROM switch
             CROSS JOIN LATERAL (SELECT rule_ref FROM rule_version WHERE rule_version.rule = switch.rule ORDER BY version DESC LIMIT 1) AS named
             WHERE switch.at >= @Since
               AND switch.at < @Until
             ORDER BY at DESC, version
             LIMIT @Most
            """;

        if (new[] { filter.RuleRef, filter.TriggerRef }.Any(text => text is not null && !StorableText.IsStorable(text)))
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<RuleChange>(new CommandDefinition(sql, new
        {
            filter.RuleRef,
            filter.TriggerRef,
            Since = filter.Since ?? TimeRange.Always.Since,
            Until = filter.Until ?? TimeRange.Always.Until,
            IRuleChanges.Most,
        }, cancellationToken: cancellationToken))).AsList();
    }

    private static string Wanted(RuleChangeFilter filter) => Where.All(
        (filter.RuleRef is not null, "rule_ref = @RuleRef"),
        (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"));
}
