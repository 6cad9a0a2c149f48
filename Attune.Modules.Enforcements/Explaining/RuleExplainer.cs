using System.Globalization;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class RuleExplainer(IEventRepository events, AskedRules rules, NpgsqlDataSource database) : IRuleExplainer
{
    public async Task<RuleExplanation?> ExplainAsync(long id, RuleSubject subject, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        var asked = subject is { RuleRef: { } reference, Version: null, Draft: null }
            ? await rules.FindAsOfAsync(reference, found, cancellationToken)
            : await rules.FindAsync(subject, found.TriggerRef, cancellationToken);
        var then = asked.Rule is { } rule ? await ReadThenAsync(rule, found, cancellationToken) : new();
        var conditions = asked.Compiled?.Conditions.Explain(Context(found, cancellationToken)) ?? [];
        var (verdict, fault) = Evaluate(asked, found, cancellationToken);
        var reasons = Reasons(found, asked, then, fault).ToList();
        if (verdict == Verdict.True && reasons.Count == 0 && HeldBack(asked, then) is { } held)
        {
            reasons.Add(held);
        }

        return new()
        {
            Event = found.Id,
            TriggerRef = found.TriggerRef,
            EventCreated = found.Created,
            Rule = asked.Rule,
            RuleRef = asked.RuleRef,
            RuleVersion = asked.Version,
            IsDraft = asked.IsDraft,
            VersionThen = then.EnforcementVersion ?? then.Version,
            VersionNow = then.Newest,
            Matches = verdict == Verdict.True && reasons.Count == 0,
            Verdict = verdict,
            Condition = asked.Text.Condition,
            Conditions = conditions,
            Reasons = reasons,
            Enforcement = then.Enforcement,
            EnforcementVersion = then.EnforcementVersion,
        };
    }

    private static IEnumerable<ExplainedReason> Reasons(Event found, AskedRule asked, RuleThen then, ExplainedReason? fault)
    {
        if (asked.Text.TriggerRef != found.TriggerRef)
        {
            yield return new(ReasonCode.OtherTrigger,
                $"The rule is on the trigger {asked.Text.TriggerRef}, and the event is one of {found.TriggerRef}.");
        }

        if (found.Rule is { } target && target != asked.Rule)
        {
            yield return new(
                ReasonCode.TargetedAtAnotherRule, $"The event was meant for the rule {found.RuleRef ?? Number(target)} alone.");
        }

        if (found.OnlyRules is { } only && (asked.RuleRef is not { } reference || !only.Contains(reference, StringComparer.Ordinal)))
        {
            yield return new(
                ReasonCode.TargetedAtAnotherRule, $"The event was sent again for other rules alone: {string.Join(", ", only)}.");
        }

        if (WhatItWasThen(found, asked, then) is { } reason)
        {
            yield return reason;
        }

        if (fault is not null)
        {
            yield return fault;
        }
    }

    // All else being well, nothing but its window can have kept a rule from leaving an enforcement.
    private static ExplainedReason? HeldBack(AskedRule asked, RuleThen then) =>
        asked is { IsDraft: false, Compiled.Window: { } window } && then.Enforcement is null && then.Version == asked.Version
            ? new(ReasonCode.HeldBack, $"The rule's window held it back: {window}.")
            : null;

    // A draft was never there, and an enforcement says more than any clock: near a change, the two may differ by an instant.
    private static ExplainedReason? WhatItWasThen(Event found, AskedRule asked, RuleThen then) => (asked.IsDraft, then) switch
    {
        (true, _) or (_, { Enforcement: not null }) => null,
        (_, { Made: { } made }) when made > found.Created => new(
            ReasonCode.CreatedLater,
            $"The rule was made at {made.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}, after the event."),
        (_, { State: "disabled" }) => new(ReasonCode.DisabledThen, "The rule was switched off when the event came."),
        (_, { State: "paused" }) => new(
            ReasonCode.PausedThen, "The rule was paused when the event came, because it kept failing."),
        (_, { State: "deleted" }) => new(ReasonCode.DeletedThen, "The rule had been deleted when the event came."),
        _ => null,
    };

    // As the engine does it, with the budget that it has.
    private static (Verdict Verdict, ExplainedReason? Fault) Evaluate(AskedRule asked, Event found, CancellationToken cancellationToken)
    {
        if (asked.Compiled is not { } compiled)
        {
            return (Verdict.Unknown, new(ReasonCode.CannotBeEvaluated, $"What the rule says cannot be evaluated: {asked.Fault}"));
        }

        var context = Context(found, cancellationToken);
        Verdict? verdict = null;
        try
        {
            verdict = compiled.Conditions.Evaluate(context);
            if (verdict == Verdict.True)
            {
                compiled.Render(Facts(found), context.Budget).Finish(new(found.Id, found.Created));
            }

            return (verdict ?? Verdict.Unknown, null);
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            return verdict == Verdict.True
                ? (Verdict.True, new(ReasonCode.ParametersFailed, $"The action's parameters could not be filled in: {error.Message}"))
                : (Verdict.Unknown, new(ReasonCode.OverBudget, $"The conditions are too dear for this event: {error.Message}"));
        }
    }

    private static EvaluationContext Context(Event found, CancellationToken cancellationToken) =>
        new(Facts(found), found.Created, new(EvaluationBudget.MostSteps, cancellationToken));

    private static EventFacts Facts(Event found) => new()
    {
        TriggerRef = found.TriggerRef,
        Payload = found.Payload,
        Config = found.Config,
        SourceRef = found.SourceRef,
        Target = found.Rule is { } rule ? new(rule, found.RuleRef ?? "") : null,
    };

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    private async Task<RuleThen> ReadThenAsync(long rule, Event found, CancellationToken cancellationToken)
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
                     LIMIT 1) AS version,
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

    /// <summary>What is known of the rule at the event's instant.</summary>
    private sealed record RuleThen
    {
        public DateTimeOffset? Made { get; init; }
        public int? Version { get; init; }
        public int? Newest { get; init; }

        /// <summary>Enabled, shadow, disabled, paused or deleted; null before anything is known.</summary>
        public string? State { get; init; }

        public long? Enforcement { get; init; }
        public int? EnforcementVersion { get; init; }
    }
}
