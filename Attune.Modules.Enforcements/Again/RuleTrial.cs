using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Again;

/// <summary>Asks rules about an event that is not written, as the engine would.</summary>
/// <param name="facts">The event.</param>
/// <param name="created">The instant that the conditions take for that of the event.</param>
/// <param name="cancellationToken">Ends an evaluation whose caller has gone.</param>
internal sealed class RuleTrial(EventFacts facts, DateTimeOffset created, CancellationToken cancellationToken)
{
    private long _steps;

    public ReplayTrialRule Ask(ReplayRule rule)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tried = new ReplayTrialRule
        {
            Rule = rule.Id,
            RuleRef = rule.Ref,
            RuleVersion = rule.Version,
            ActionRef = rule.ActionRef,
            State = RuleStates.Of(rule.Enabled, rule.Shadow),
            IsPaused = rule.IsPaused,
            HasWindow = rule.Window is not null,
            Matches = false,
            Verdict = Verdict.Unknown,
            Condition = rule.Condition,
            Conditions = [],
        };
        CompiledRule compiled;
        try
        {
            compiled = CompiledRule.Compile(rule.Stored);
        }
        catch (Exception error) when (CachedRule.IsFault(error))
        {
            return tried with { Fault = $"What the rule says cannot be evaluated: {error.Message}" };
        }

        // All of them together have what the engine gives to one event.
        var budget = new EvaluationBudget(
            Math.Clamp(RuleEvaluator.MostEventSteps - _steps, 0, EvaluationBudget.MostSteps), cancellationToken);
        tried = Evaluate(
            tried with { Conditions = compiled.Conditions.Explain(new(facts, created, budget.Again())) }, compiled, budget, rule.IsAsked);
        _steps += 2 * budget.Steps;
        return tried;
    }

    private ReplayTrialRule Evaluate(ReplayTrialRule tried, CompiledRule compiled, EvaluationBudget budget, bool isAsked)
    {
        Verdict? verdict = null;
        try
        {
            verdict = compiled.Conditions.Evaluate(new(facts, created, budget));
            if (verdict != Verdict.True)
            {
                return tried with { Verdict = verdict ?? Verdict.Unknown };
            }

            var parameters = JsonElement.Parse(compiled.Render(facts, budget).Finish(new(0, created)), Json.DocumentOptions);
            return tried with { Verdict = Verdict.True, Matches = isAsked, Parameters = parameters };
        }
        catch (Exception error) when (CachedRule.IsFault(error))
        {
            return verdict == Verdict.True
                ? tried with { Verdict = Verdict.True, Fault = $"The action's parameters could not be filled in: {error.Message}" }
                : tried with { Fault = $"The conditions are too dear for this event: {error.Message}" };
        }
    }
}
