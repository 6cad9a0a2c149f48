using System.Data;
using System.Text.Json;
using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Reads what rule health is made of: rollups where they do, and so many of the newest rows where they do not.</summary>
internal sealed class RuleHealthQueries(NpgsqlDataSource database)
{
    private const int NewestRows = 20_000;
    private const int Timeout = 10;

    // Its size as it is stored is known without reading it.
    internal static readonly string PayloadsSql = $"""
        SELECT wanted.trigger_ref, newest.payload
          FROM unnest(@triggers) AS wanted (trigger_ref)
         CROSS JOIN LATERAL (SELECT CASE WHEN pg_column_size(payload) <= @largest THEN payload END AS payload
                               FROM event
                              WHERE event.trigger_ref = wanted.trigger_ref
                                AND event.created >= @Since
                                AND event.created < @Until
                              ORDER BY event.created DESC, event.id DESC
                              LIMIT {IPayloadFields.MostEvents}) AS newest
        """;

    public Task<IReadOnlyList<WatchedRule>> RulesAsync(CancellationToken cancellationToken) => ReadAsync<WatchedRule>(
        """
        SELECT rule.ref, rule.trigger_ref, rule.condition, rule.conditions, rule.created, rule.updated, rule.paused_at, rule.paused_reason,
               fault.count AS faults, fault.last_reason
          FROM rule
          LEFT JOIN rule_fault AS fault ON fault.rule = rule.id
         WHERE rule.enabled OR rule.shadow
         ORDER BY rule.ref
         LIMIT @limit
        """,
        new { limit = RuleHealthReport.MostRules }, cancellationToken);

    public Task<IReadOnlyList<CountedRef>> MatchesAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync<CountedRef>(
        """
        SELECT rule_ref AS ref, sum(enforcement_count)::bigint AS total,
               coalesce(sum(enforcement_count) FILTER (WHERE bucket >= @day), 0)::bigint AS last_day,
               coalesce(sum(enforcement_count) FILTER (WHERE bucket >= @week AND bucket < @day), 0)::bigint AS week_before,
               max(bucket) AS last
          FROM enforcement_volume_hourly
         WHERE bucket >= @since
         GROUP BY rule_ref
        """,
        Ranges(now), cancellationToken);

    public Task<IReadOnlyList<CountedRef>> EventsAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync<CountedRef>(
        """
        SELECT trigger_ref AS ref, sum(event_count)::bigint AS total,
               coalesce(sum(event_count) FILTER (WHERE bucket >= @day), 0)::bigint AS last_day,
               coalesce(sum(event_count) FILTER (WHERE bucket >= @week AND bucket < @day), 0)::bigint AS week_before,
               max(bucket) AS last
          FROM event_volume_hourly
         WHERE bucket >= @since
         GROUP BY trigger_ref
        """,
        Ranges(now), cancellationToken);

    public Task<IReadOnlyList<FailedRef>> FailuresAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync<FailedRef>(
        """
        SELECT rule_ref AS ref, count(*) AS ended, count(*) FILTER (WHERE status IN ('failed', 'timeout', 'abandoned')) AS failed
          FROM (SELECT rule_ref, status
                  FROM execution
                 WHERE created >= @day
                 ORDER BY created DESC, id DESC
                 LIMIT @limit) AS newest
         WHERE rule_ref IS NOT NULL
           AND status IN ('completed', 'failed', 'timeout', 'abandoned')
         GROUP BY rule_ref
        HAVING count(*) FILTER (WHERE status IN ('failed', 'timeout', 'abandoned')) > 0
        """,
        new { day = now.AddDays(-1), limit = NewestRows }, cancellationToken);

    public Task<IReadOnlyList<RulePair>> PairsAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync<RulePair>(
        """
        WITH newest AS (
            SELECT event, rule_ref
              FROM enforcement
             WHERE created >= @since
               AND event IS NOT NULL
             ORDER BY created DESC, id DESC
             LIMIT @limit
        ), counted AS (
            SELECT rule_ref, count(*) AS matches FROM newest GROUP BY rule_ref
        ), pair AS (
            SELECT one.rule_ref AS one, other.rule_ref AS other, count(*) AS both_match
              FROM newest AS one
              JOIN newest AS other ON other.event = one.event AND other.rule_ref > one.rule_ref
             GROUP BY one.rule_ref, other.rule_ref
        )
        SELECT pair.one, pair.other, pair.both_match, of_one.matches AS one_matches, of_other.matches AS other_matches
          FROM pair
          JOIN counted AS of_one ON of_one.rule_ref = pair.one
          JOIN counted AS of_other ON of_other.rule_ref = pair.other
        """,
        new { since = now.AddDays(-7), limit = NewestRows }, cancellationToken);

    private static object Ranges(DateTimeOffset now) =>
        new { day = now.AddDays(-1), week = now.AddDays(-8), since = now.AddDays(-RuleHealthReport.Days) };

    /// <summary>Shows the newest payloads of triggers, one in memory at a time.</summary>
    /// <param name="triggers">The triggers.</param>
    /// <param name="range">Within what time.</param>
    /// <param name="visit">Is shown each trigger's, the newest first; those that are too large as null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task ShowPayloadsAsync(
        IReadOnlyCollection<string> triggers, TimeRange range, Action<string, JsonElement?> visit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(
                PayloadsSql,
                new { triggers = triggers.ToArray(), largest = IPayloadFields.LargestPayload, range.Since, range.Until },
                commandTimeout: Timeout,
                cancellationToken: cancellationToken),
            CommandBehavior.SequentialAccess);
        while (await reader.ReadAsync(cancellationToken))
        {
            var trigger = reader.GetString(0);
            visit(trigger, reader.IsDBNull(1) ? null : JsonElement.Parse(reader.GetFieldValue<byte[]>(1), Json.DocumentOptions));
        }
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(
            sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken))).AsList();
    }
}

/// <summary>A rule whose health is looked at.</summary>
internal sealed record WatchedRule
{
    public required string Ref { get; init; }
    public required string TriggerRef { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required JsonElement Conditions { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public string? PausedReason { get; init; }
    public long? Faults { get; init; }
    public string? LastReason { get; init; }
}

/// <summary>How often a rule matched, or a trigger fired.</summary>
internal sealed record CountedRef
{
    public required string Ref { get; init; }
    public required long Total { get; init; }
    public required long LastDay { get; init; }

    /// <summary>In the seven days before the last one.</summary>
    public required long WeekBefore { get; init; }

    public required DateTimeOffset Last { get; init; }
}

/// <summary>How many of a rule's newest executions failed.</summary>
internal sealed record FailedRef
{
    public required string Ref { get; init; }
    public required long Ended { get; init; }
    public required long Failed { get; init; }
}

/// <summary>Two rules that matched some events both.</summary>
internal sealed record RulePair
{
    public required string One { get; init; }
    public required string Other { get; init; }
    public required long BothMatch { get; init; }
    public required long OneMatches { get; init; }
    public required long OtherMatches { get; init; }
}
