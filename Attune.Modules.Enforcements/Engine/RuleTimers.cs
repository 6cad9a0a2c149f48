using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Engine;

/// <summary>The timers: one for each enabled rule on the interval trigger.</summary>
internal sealed class RuleTimers(NpgsqlDataSource database) : ITimerSource
{
    public async Task<IReadOnlyList<RuleTimer>> ListAsync(CancellationToken cancellationToken)
    {
        // A rule written past the repository may say anything for its seconds; such a one has no timer.
        const string sql = """
            SELECT rule.id, rule.ref, rule.trigger_ref, (rule.trigger_params -> 'seconds')::numeric::bigint AS seconds
              FROM rule
             WHERE rule.enabled
               AND rule.trigger_ref = @Trigger
               AND CASE WHEN jsonb_typeof(rule.trigger_params -> 'seconds') = 'number'
                        THEN (rule.trigger_params -> 'seconds')::numeric BETWEEN 1 AND @Longest
                        ELSE false
                   END
             ORDER BY rule.id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rules = await connection.QueryAsync<TimedRule>(new CommandDefinition(
            sql, new { Trigger = EventsModule.IntervalTrigger, Longest = Rules.RuleChecks.LongestInterval }, cancellationToken: cancellationToken));
        return [.. rules.Select(rule => new RuleTimer
        {
            Rule = new(rule.Id, rule.Ref),
            TriggerRef = rule.TriggerRef,
            Interval = TimeSpan.FromSeconds(rule.Seconds),
        })];
    }

    private sealed record TimedRule
    {
        public required long Id { get; init; }
        public required string Ref { get; init; }
        public required string TriggerRef { get; init; }
        public required long Seconds { get; init; }
    }
}
