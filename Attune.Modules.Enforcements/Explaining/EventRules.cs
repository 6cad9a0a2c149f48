using System.Text.Json;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>What each rule was when an event came.</summary>
internal sealed class EventRules(NpgsqlDataSource database)
{
    /// <summary>One rule.</summary>
    public async Task<RuleThen> ReadAsync(long rule, Event found, CancellationToken cancellationToken)
    {
        // An enforcement has its event's created.
        const string sql = """
            SELECT (SELECT least(min(rule_version.created), (SELECT created FROM rule WHERE id = @rule))
                      FROM rule_version
                     WHERE rule_version.rule = @rule) AS made,
                   (SELECT rule_version.version
                      FROM rule_version
                     WHERE rule_version.rule = @rule
                       AND rule_version.created <= @Created
                     ORDER BY rule_version.version DESC
                     LIMIT 1) AS version_then,
                   (SELECT max(rule_version.version) FROM rule_version WHERE rule_version.rule = @rule) AS newest,
                   (SELECT rule_switch.state
                      FROM rule_switch
                     WHERE rule_switch.rule = @rule
                       AND rule_switch.at <= @Created
                     ORDER BY rule_switch.at DESC, rule_switch.id DESC
                     LIMIT 1) AS state,
                   left_by.id AS enforcement, left_by.rule_version AS enforcement_version
              FROM (SELECT 1) AS one
              LEFT JOIN enforcement AS left_by
                ON left_by.event = @Id
               AND left_by.rule = @rule
               AND left_by.created = @Created
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<RuleThen>(
            new CommandDefinition(sql, new { rule, found.Id, found.Created }, cancellationToken: cancellationToken));
    }

    /// <summary>
    /// The rules that were on the event's trigger when it came, those that were made for it since, and those that left an enforcement;
    /// each as it was then. The ones with an enforcement come first, and those that were made later last.
    /// </summary>
    /// <param name="found">The event.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<(AskedRule Asked, RuleThen Then)>> ReadAllAsync(
        Event found, int limit, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH left_by AS (
                SELECT id, rule, rule_version
                  FROM enforcement
                 WHERE event = @Id
                   AND created = @Created
            ), candidate AS (
                SELECT rule FROM rule_version WHERE trigger_ref = @TriggerRef
                 UNION
                SELECT rule FROM left_by WHERE rule IS NOT NULL
            ), known AS (
                SELECT candidate.rule,
                       max(every.version) FILTER (WHERE every.created <= @Created) AS version_then,
                       max(every.version) AS newest,
                       min(every.created) AS first_created
                  FROM candidate
                  JOIN rule_version AS every ON every.rule = candidate.rule
                 GROUP BY candidate.rule
            )
            SELECT text.rule AS id, text.rule_ref AS ref, text.version, text.trigger_ref, text.condition, text.conditions, text.action_params,
                   text."window", pack.config AS pack_config,
                   least(known.first_created, rule.created) AS made, known.version_then, known.newest, switched.state,
                   left_by.id AS enforcement, left_by.rule_version AS enforcement_version
              FROM known
              LEFT JOIN left_by ON left_by.rule = known.rule
              LEFT JOIN rule ON rule.id = known.rule
              LEFT JOIN pack ON pack.id = rule.pack
              LEFT JOIN LATERAL (SELECT rule_switch.state
                                   FROM rule_switch
                                  WHERE rule_switch.rule = known.rule
                                    AND rule_switch.at <= @Created
                                  ORDER BY rule_switch.at DESC, rule_switch.id DESC
                                  LIMIT 1) AS switched ON true
              JOIN rule_version AS text
                ON text.rule = known.rule
               AND text.version = coalesce(left_by.rule_version, known.version_then, known.newest)
             WHERE left_by.id IS NOT NULL
                OR (text.trigger_ref = @TriggerRef
                    AND switched.state IS DISTINCT FROM 'deleted'
                    AND (known.version_then IS NOT NULL OR rule.id IS NOT NULL))
             ORDER BY left_by.id IS NULL, known.version_then IS NULL, text.rule_ref COLLATE "C", text.rule
             LIMIT @limit
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<EventRuleRow>(new CommandDefinition(
            sql, new { found.Id, found.Created, found.TriggerRef, limit }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => (AskedRules.Compiled(row.Stored), (RuleThen)row))];
    }

    /// <summary>A rule as the statement finds it.</summary>
    private sealed record EventRuleRow : RuleThen
    {
        public required long Id { get; init; }
        public required string Ref { get; init; }
        public required int Version { get; init; }
        public required string TriggerRef { get; init; }
        public required ConditionJoin Condition { get; init; }
        public required JsonElement Conditions { get; init; }
        public required JsonElement ActionParams { get; init; }
        public JsonElement? Window { get; init; }
        public JsonElement? PackConfig { get; init; }

        public StoredRule Stored => new()
        {
            Id = Id,
            Ref = Ref,
            Version = Version,
            TriggerRef = TriggerRef,
            Condition = Condition,
            Conditions = Conditions,
            ActionParams = ActionParams,
            PackConfig = PackConfig,
            Window = Window,
        };
    }
}
