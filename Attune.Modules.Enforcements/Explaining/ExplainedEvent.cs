using System.Globalization;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Tells of one event why rules matched it or did not, by the engine's own evaluator.</summary>
internal static class ExplainedEvent
{
    /// <param name="found">The event.</param>
    /// <param name="asked">The rule.</param>
    /// <param name="then">What it was when the event came.</param>
    /// <param name="budget">What the verdict may cost; testing every condition may cost a few times as much.</param>
    public static RuleExplanation Explain(Event found, AskedRule asked, RuleThen then, EvaluationBudget budget)
    {
        var conditions = asked.Compiled?.Conditions.Explain(new(Facts(found), found.Created, budget.Again())) ?? [];
        var (verdict, fault) = Evaluate(asked, found, budget);
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
            VersionThen = then.EnforcementVersion ?? then.VersionThen,
            VersionNow = then.Newest,
            WasShadow = !asked.IsDraft && then.State == "shadow",
            Matches = verdict == Verdict.True && reasons.Count == 0,
            Verdict = verdict,
            Condition = asked.Text.Condition,
            Conditions = conditions,
            Reasons = reasons,
            Enforcement = then.Enforcement,
            EnforcementVersion = then.EnforcementVersion,
        };
    }

    /// <summary>How many conditions would have to come out otherwise for all of them together to hold.</summary>
    public static int Obstacles(RuleExplanation explanation) => explanation.Verdict == Verdict.True ? 0
        : explanation.Conditions.Count == 0 ? int.MaxValue
        : Obstacles(explanation.Condition == ConditionJoin.Any ? "any" : "all", explanation.Conditions);

    private static int Obstacles(string join, IReadOnlyList<ExplainedCondition> conditions) => join == "any"
        ? conditions.Min(Obstacles)
        : conditions.Sum(Obstacles);

    private static int Obstacles(ExplainedCondition one) => one switch
    {
        { Verdict: Verdict.True } => 0,
        { Group: "all" or "any", Conditions: { Count: > 0 } inside } => Obstacles(one.Group, inside),
        _ => 1,
    };

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
        asked is { IsDraft: false, Compiled.Window: { } window } && then.Enforcement is null && then.VersionThen == asked.Version
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

    private static (Verdict Verdict, ExplainedReason? Fault) Evaluate(AskedRule asked, Event found, EvaluationBudget budget)
    {
        if (asked.Compiled is not { } compiled)
        {
            return (Verdict.Unknown, new(ReasonCode.CannotBeEvaluated, $"What the rule says cannot be evaluated: {asked.Fault}"));
        }

        var facts = Facts(found);
        Verdict? verdict = null;
        try
        {
            verdict = compiled.Conditions.Evaluate(new(facts, found.Created, budget));
            if (verdict == Verdict.True)
            {
                compiled.Render(facts, budget).Finish(new(found.Id, found.Created));
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

    private static EventFacts Facts(Event found) => new()
    {
        TriggerRef = found.TriggerRef,
        Payload = found.Payload,
        Config = found.Config,
        SourceRef = found.SourceRef,
        Target = found.Rule is { } rule ? new(rule, found.RuleRef ?? "") : null,
    };

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
