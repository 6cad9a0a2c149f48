using System.Text.Json;
using Attune.Db;
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

    /// <summary>The rule with the next ticks of its timer, if it has one.</summary>
    /// <exception cref="RefusedException">It has to tick, and never will.</exception>
    internal static async Task<Rule> WithTicksAsync(
        NpgsqlConnection connection, Rule rule, bool mustTick, CancellationToken cancellationToken)
    {
        if (!TimerTriggers.All.Contains(rule.TriggerRef))
        {
            return rule;
        }

        // The timer begins no later than this, so what is yet to come by this clock is fired.
        var now = await connection.ExecuteScalarAsync<DateTime>(
            new CommandDefinition("SELECT clock_timestamp()", cancellationToken: cancellationToken));
        return mustTick
            ? rule with { NextTicks = EventsModule.TicksToCome(rule.TriggerRef, rule.TriggerParams, now, EventsModule.TicksShown) }
            : WithTicks(rule, now);
    }

    /// <summary>The rule with the next ticks of its timer, if it has one.</summary>
    internal static Rule WithTicks(Rule rule, DateTimeOffset now) => TimerTriggers.All.Contains(rule.TriggerRef)
        ? rule with { NextTicks = EventsModule.NextTicks(rule.TriggerRef, rule.TriggerParams, now, EventsModule.TicksShown) }
        : rule;

    private sealed record TimedRule
    {
        public required long Id { get; init; }
        public required string Ref { get; init; }
        public required string TriggerRef { get; init; }
        public required JsonElement TriggerParams { get; init; }
        public required DateTimeOffset Position { get; init; }
    }
}
