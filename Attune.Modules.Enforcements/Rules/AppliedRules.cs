using Attune.Db.Values;
using Attune.Modules.Events;
using Dapper;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Makes rules what is said of them, whole.</summary>
internal static class AppliedRules
{
    /// <summary>Makes a rule what is said, whole; one that is so already is left alone.</summary>
    public static Task<Applied<Rule>> ApplyAsync(
        ICatalogue catalogue, RuleWriter writer, NewRule rule, CancellationToken cancellationToken)
    {
        const string findSql = $"""
            SELECT {RuleWriter.Columns}
              FROM rule
             WHERE ref = @Ref
               FOR UPDATE
            """;

        // Asked before, and not by the update: one of no rows would still count the epoch on. Which trigger and action have the references
        // now counts too; a rule that is paused stays so, unless it is changed.
        const string differsSql = """
            SELECT (pack_ref, label, description, condition, conditions, action_params, trigger_params, "window", enabled, shadow,
                    action, action_ref, trigger, trigger_ref)
                   IS DISTINCT FROM
                   (@PackRef, @Label, @Description::text, @Condition::enforcement_condition_enum, @Conditions::jsonb, @ActionParams::jsonb,
                    @TriggerParams::jsonb, @Window::jsonb, @Enabled, @Shadow,
                    (SELECT id FROM action WHERE ref = @ActionRef), @ActionRef,
                    (SELECT id FROM trigger WHERE ref = @TriggerRef), @TriggerRef)
              FROM rule
             WHERE ref = @Ref
            """;
        const string updateSql = $"""
            UPDATE rule
               SET pack = (SELECT id FROM pack WHERE ref = @PackRef), pack_ref = @PackRef,
                   label = @Label, description = @Description, condition = @Condition::enforcement_condition_enum,
                   conditions = @Conditions, action_params = @ActionParams, trigger_params = @TriggerParams,
                   "window" = @Window::jsonb, enabled = @Enabled, shadow = @Shadow,
                   action = (SELECT id FROM action WHERE ref = @ActionRef), action_ref = @ActionRef,
                   trigger = (SELECT id FROM trigger WHERE ref = @TriggerRef), trigger_ref = @TriggerRef, is_adhoc = false,
                   paused_at = CASE WHEN (enabled, shadow) = (@Enabled, @Shadow) THEN paused_at END,
                   paused_reason = CASE WHEN (enabled, shadow) = (@Enabled, @Shadow) THEN paused_reason END
             WHERE ref = @Ref
            RETURNING {RuleWriter.Columns}
            """;

        Reference.Check(rule.Ref, "ref");
        return writer.SavingAsync<Applied<Rule>>(rule.Ref, async connection =>
        {
            var before = await connection.QuerySingleOrDefaultAsync<Rule>(
                new CommandDefinition(findSql, new { rule.Ref }, cancellationToken: cancellationToken));
            var timer = before is null ? null : TimerOf(before);
            var draft = RuleChecks.Check(rule, timer);

            // A file stays when the moment that its rule waited for has passed; what could never tick is refused.
            var mustTick = RuleChecks.BeginsTimer(draft, timer)
                && draft.TriggerRef is not (TimerTriggers.DateTime or TimerTriggers.OriginalDateTime);
            if (before is null)
            {
                return new(null, await writer.InsertAsync(draft, isAdhoc: false, mustTick, cancellationToken), HasChanged: true);
            }

            await RuleWriter.CheckParametersAsync(connection, draft, cancellationToken);
            var after = before;
            var parameters = RuleWriter.Parameters(draft);
            var hasChanged = await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(differsSql, parameters, cancellationToken: cancellationToken));
            if (hasChanged)
            {
                await catalogue.EnsurePackAsync(connection, draft.PackRef!, cancellationToken);
                after = await connection.QuerySingleAsync<Rule>(
                    new CommandDefinition(updateSql, parameters, cancellationToken: cancellationToken));
            }

            return after is { Trigger: not null, Action: not null }
                ? new(before, await RuleTimers.WithTicksAsync(connection, after, mustTick, cancellationToken), hasChanged)
                : throw await RuleWriter.MissingAsync(connection, draft, cancellationToken);
        }, cancellationToken);
    }

    // As much of a rule as its timer depends on.
    private static NewRule TimerOf(Rule rule) => new()
    {
        Ref = rule.Ref,
        Label = rule.Label,
        ActionRef = rule.ActionRef,
        TriggerRef = rule.TriggerRef,
        TriggerParams = rule.TriggerParams,
        State = rule.State,
    };
}
