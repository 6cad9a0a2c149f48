using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

internal sealed class RuleChanges(NpgsqlDataSource database) : IRuleChanges
{
    // In seconds.
    private const int Timeout = 5;

    // A step in the index for each rule, the newest first, however many versions it has.
    internal const string RulesOfTrigger = """
        on_trigger (rule) AS (
                (SELECT rule FROM rule_version WHERE trigger_ref = @TriggerRef ORDER BY rule DESC LIMIT 1)
                 UNION ALL
                SELECT (SELECT next.rule
                          FROM rule_version AS next
                         WHERE next.trigger_ref = @TriggerRef
                           AND next.rule < on_trigger.rule
                         ORDER BY next.rule DESC
                         LIMIT 1)
                  FROM on_trigger
                 WHERE on_trigger.rule IS NOT NULL)
        """;

    // A reference is for life, and each rule has a first version.
    private const string RulesOfRef = "SELECT rule FROM rule_version WHERE rule_ref = @RuleRef AND version = 1";

    private const string Versions = """
        SELECT version.rule, version.rule_ref, version.version, version.created, version.trigger_ref, version.trigger_params,
                           version.condition, version.conditions, version.action_ref, version.action_params, version."window"
                      FROM rule_version AS version
        """;

    public async Task<IReadOnlyList<RuleChange>> ListAsync(RuleChangeFilter filter, CancellationToken cancellationToken)
    {
        if (new[] { filter.RuleRef, filter.TriggerRef }.Any(text => text is not null && !StorableText.IsStorable(text)))
        {
            return [];
        }

        var (sql, parameters) = Query(filter);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<RuleChange>(
            new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("since", "It took too long to find these changes: narrow them by since and until, or by a rule.")).AsList();
    }

    internal static (string Sql, object Parameters) Query(RuleChangeFilter filter)
    {
        var isOfSome = (filter.RuleRef ?? filter.TriggerRef) is not null;
        const string versionsWithin = "version.created >= @Since AND version.created < @Until";
        const string switchesWithin = "switch.at >= @Since AND switch.at < @Until";

        // Of each rule as many as are answered at most, so that one with many keeps nobody waiting.
        var versions = isOfSome
            ? $"""
              wanted
                     CROSS JOIN LATERAL ({Versions}
                     WHERE version.rule = wanted.rule AND {versionsWithin}
                     ORDER BY version.version DESC
                     LIMIT @Most) AS version
              """
            : $"""
              ({Versions}
                     WHERE {versionsWithin}
                     ORDER BY version.created DESC, version.version DESC
                     LIMIT @Most) AS version
              """;
        const string switches = "SELECT switch.id, switch.rule, switch.at, switch.state FROM rule_switch AS switch";
        var switched = isOfSome
            ? $"""
              wanted
                     CROSS JOIN LATERAL ({switches}
                     WHERE switch.rule = wanted.rule AND {switchesWithin}
                     ORDER BY switch.at DESC, switch.id DESC
                     LIMIT @Most) AS switch
              """
            : $"""
              ({switches}
                     WHERE {switchesWithin}
                     ORDER BY switch.at DESC, switch.id DESC
                     LIMIT @Most) AS switch
              """;

        // A version is compared with the one before it, which may be older than the range.
        var sql = $"""
            WITH RECURSIVE {Wanted(filter)}version AS (
                SELECT version.*
                  FROM {versions}
                 ORDER BY version.created DESC, version.version DESC
                 LIMIT @Most
            ), switch AS (
                SELECT switch.*
                  FROM {switched}
                 ORDER BY switch.at DESC, switch.id DESC
                 LIMIT @Most
            )
            SELECT version.rule, version.rule_ref, version.created AS at, version.version,
                   array_remove(ARRAY[
                       CASE WHEN version.trigger_ref <> earlier.trigger_ref THEN 'trigger' END,
                       CASE WHEN version.trigger_params <> earlier.trigger_params THEN 'trigger parameters' END,
                       CASE WHEN (version.condition, version.conditions) <> (earlier.condition, earlier.conditions) THEN 'conditions' END,
                       CASE WHEN version.action_ref <> earlier.action_ref THEN 'action' END,
                       CASE WHEN version.action_params <> earlier.action_params THEN 'action parameters' END,
                       CASE WHEN earlier.rule IS NOT NULL AND version."window" IS DISTINCT FROM earlier."window" THEN 'window' END], NULL)
                   AS changed, NULL::text AS state, NULL::text AS state_before
              FROM version
              LEFT JOIN LATERAL (SELECT *
                                   FROM rule_version
                                  WHERE rule_version.rule = version.rule
                                    AND rule_version.version < version.version
                                  ORDER BY rule_version.version DESC
                                  LIMIT 1) AS earlier ON true
             UNION ALL
            SELECT switch.rule, named.rule_ref, switch.at, NULL, '{"{}"}', switch.state, earlier.state
              FROM switch
             CROSS JOIN LATERAL (SELECT rule_ref FROM rule_version WHERE rule_version.rule = switch.rule ORDER BY version DESC LIMIT 1) AS named
              LEFT JOIN LATERAL (SELECT rule_switch.state
                                   FROM rule_switch
                                  WHERE rule_switch.rule = switch.rule
                                    AND (rule_switch.at, rule_switch.id) < (switch.at, switch.id)
                                  ORDER BY rule_switch.at DESC, rule_switch.id DESC
                                  LIMIT 1) AS earlier ON true
             ORDER BY at DESC, version
             LIMIT @Most
            """;

        return (sql, new
        {
            filter.RuleRef,
            filter.TriggerRef,
            Since = filter.Since ?? TimeRange.Always.Since,
            Until = filter.Until ?? TimeRange.Always.Until,
            IRuleChanges.Most,
            IRuleChanges.MostRules,
        });
    }

    private static string Wanted(RuleChangeFilter filter) => filter switch
    {
        { RuleRef: null, TriggerRef: null } => "",
        { RuleRef: null } => $"""
            {RulesOfTrigger}, wanted AS (
                SELECT rule FROM on_trigger WHERE rule IS NOT NULL LIMIT @MostRules
            ),
            """ + " ",
        { TriggerRef: null } => $"wanted AS ({RulesOfRef} ORDER BY rule DESC LIMIT @MostRules), ",
        _ => $"""
            wanted AS (
                SELECT rule
                  FROM ({RulesOfRef} ORDER BY rule DESC LIMIT @MostRules) AS named
                 WHERE EXISTS (SELECT FROM rule_version AS had WHERE had.trigger_ref = @TriggerRef AND had.rule = named.rule)
            ),
            """ + " ",
    };
}
