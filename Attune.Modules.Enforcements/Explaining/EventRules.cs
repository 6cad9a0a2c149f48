using System.Text.Json;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Events;
using Attune.Db.Faults;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>What each rule was when an event came.</summary>
internal sealed class EventRules(NpgsqlDataSource database)
{
    // In seconds.
    private const int Timeout = 10;

    // Of the rules that the trigger had once, the newest.
    private const int MostCandidates = 2_000;

    // Of each rule a step in the index for each thing that is asked, however many versions it has.
    internal const string ReadAllSql = $"""
        WITH RECURSIVE {RuleChanges.RulesOfTrigger}, left_by AS (
            SELECT id, rule, rule_version
              FROM enforcement
             WHERE event = @Id
               AND created = @Created
             ORDER BY id
             LIMIT @MostCandidates
        ), candidate AS (
            SELECT rule FROM left_by WHERE rule IS NOT NULL
             UNION
            (SELECT id FROM rule WHERE trigger_ref = @TriggerRef AND (enabled OR shadow) ORDER BY id LIMIT @MostCandidates)
             UNION
            (SELECT rule FROM on_trigger WHERE rule IS NOT NULL LIMIT @MostCandidates)
        ), known AS (
            SELECT candidate.rule, met.version AS version_then, newest.version AS newest, oldest.created AS first_created
              FROM candidate
             CROSS JOIN LATERAL (SELECT every.version
                                   FROM rule_version AS every
                                  WHERE every.rule = candidate.rule
                                  ORDER BY every.version DESC
                                  LIMIT 1) AS newest
             CROSS JOIN LATERAL (SELECT every.created
                                   FROM rule_version AS every
                                  WHERE every.rule = candidate.rule
                                  ORDER BY every.version
                                  LIMIT 1) AS oldest
              LEFT JOIN LATERAL (SELECT every.version
                                   FROM rule_version AS every
                                  WHERE every.rule = candidate.rule
                                    AND every.created <= @Created
                                  ORDER BY every.version DESC
                                  LIMIT 1) AS met ON true
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

    /// <summary>One rule.</summary>
    public async Task<RuleThen> ReadAsync(long rule, Event found, CancellationToken cancellationToken)
    {
        // An enforcement has its event's created.
        const string sql = """
            SELECT least((SELECT rule_version.created
                            FROM rule_version
                           WHERE rule_version.rule = @rule
                           ORDER BY rule_version.version
                           LIMIT 1), (SELECT created FROM rule WHERE id = @rule)) AS made,
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
            new CommandDefinition(sql, new { rule, found.Id, found.Created }, commandTimeout: Timeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("rule", "It could not be read in time what the rule was when the event came. Try again in a while.");
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
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<EventRuleRow>(new CommandDefinition(
            ReadAllSql, new { found.Id, found.Created, found.TriggerRef, limit, MostCandidates }, commandTimeout: Timeout,
            cancellationToken: cancellationToken))
            .OrRefuseAsync(null, "It could not be read in time what the rules were when the event came: ask about one of them.");
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
