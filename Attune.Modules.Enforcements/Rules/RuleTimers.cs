using System.Text.Json;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>The timers: one for each enabled rule on a trigger that is fired by time.</summary>
internal sealed class RuleTimers(NpgsqlDataSource database) : ITimerSource
{
    public async Task<RunningTimers> ListAsync(CancellationToken cancellationToken)
    {
        // Where each stands comes and goes with it, by triggers of the database.
        const string sql = """
            SELECT clock_timestamp();

            SELECT rule.id, rule.ref, rule.trigger_ref, rule.trigger_params, timer.position
              FROM rule_timer AS timer
              JOIN rule ON rule.id = timer.rule
             WHERE (rule.enabled OR rule.shadow)
               AND rule.trigger_ref = ANY(@triggers)
             ORDER BY rule.id;
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        using var reader = await connection.QueryMultipleAsync(new CommandDefinition(
            sql, new { triggers = TimerTriggers.All.ToArray() }, cancellationToken: cancellationToken));
        var now = await reader.ReadSingleAsync<DateTimeOffset>();
        return new(now, [.. (await reader.ReadAsync<TimedRule>()).Select(rule => new RuleTimer
        {
            Rule = new(rule.Id, rule.Ref),
            TriggerRef = rule.TriggerRef,
            Parameters = rule.TriggerParams,
            Position = rule.Position,
        })]);
    }

    public async Task AdvanceAsync(IReadOnlyList<TimerPosition> positions, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AdvanceAsync(connection, positions, cancellationToken);
    }

    /// <summary>The same on a connection that may be in a transaction.</summary>
    internal static Task AdvanceAsync(
        NpgsqlConnection connection, IReadOnlyList<TimerPosition> positions, CancellationToken cancellationToken)
    {
        // Locked in one order everywhere, or two hosts could wait for each other.
        const string sql = """
            UPDATE rule_timer
               SET position = reached.until
              FROM (SELECT timer.rule, wanted.until
                      FROM (SELECT rule, max(until) AS until
                              FROM unnest(@rules, @untils) AS given (rule, until)
                             GROUP BY rule) AS wanted
                      JOIN rule_timer AS timer ON timer.rule = wanted.rule AND timer.position < wanted.until
                     ORDER BY timer.rule
                       FOR UPDATE OF timer) AS reached
             WHERE rule_timer.rule = reached.rule
            """;

        var rules = positions.Select(position => position.Rule).ToArray();
        var untils = positions.Select(position => position.Until.UtcDateTime).ToArray();
        return connection.ExecuteAsync(new CommandDefinition(sql, new { rules, untils }, cancellationToken: cancellationToken));
    }

    private sealed record TimedRule
    {
        public required long Id { get; init; }
        public required string Ref { get; init; }
        public required string TriggerRef { get; init; }
        public required JsonElement TriggerParams { get; init; }
        public required DateTimeOffset Position { get; init; }
    }
}
