using System.Globalization;
using Attune.Db;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class RuleExplainer(IEventRepository events, AskedRules rules, EventRules eventRules) : IRuleExplainer
{
    private readonly Turns _turns = new();

    public async Task<RuleExplanation?> ExplainAsync(long id, RuleSubject subject, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        var asked = subject is { RuleRef: { } reference, Version: null, Draft: null }
            ? await rules.FindAsOfAsync(reference, found, cancellationToken)
            : await rules.FindAsync(subject, found.TriggerRef, cancellationToken);
        var then = asked.Rule is { } rule ? await eventRules.ReadAsync(rule, found, cancellationToken) : new();

        // As the engine does it, with the budget that it has.
        return ExplainedEvent.Explain(found, asked, then, new(EvaluationBudget.MostSteps, cancellationToken));
    }

    public async Task<EventExplanation?> ExplainRulesAsync(long id, int most, CancellationToken cancellationToken)
    {
        if (most is < 1 or > EventExplanation.MostRules)
        {
            throw RefusedException.Invalid("limit", string.Create(
                CultureInfo.InvariantCulture, $"limit must be from 1 to {EventExplanation.MostRules}."));
        }

        if (await events.FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        return await _turns.RunAsync(
            async () =>
            {
                var asked = await eventRules.ReadAllAsync(found, EventExplanation.MostRules + 1, cancellationToken);

                // Away from the caller's thread, which may be one that draws pages.
                return await Task.Run(() => Explain(found, asked, most, cancellationToken), cancellationToken);
            },
            cancellationToken);
    }

    private static EventExplanation Explain(
        Event found, IReadOnlyList<(AskedRule Asked, RuleThen Then)> asked, int most, CancellationToken cancellationToken)
    {
        var explained = new List<RuleExplanation>();
        var steps = 0L;
        foreach (var (rule, then) in asked.Take(EventExplanation.MostRules))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // All of them together have what the engine gives to one event; every condition is tested beside the verdict.
            var budget = new EvaluationBudget(
                Math.Clamp(RuleEvaluator.MostEventSteps - steps, 0, EvaluationBudget.MostSteps), cancellationToken);
            explained.Add(ExplainedEvent.Explain(found, rule, then, budget));
            steps += 2 * budget.Steps;
        }

        return new()
        {
            Event = found.Id,
            TriggerRef = found.TriggerRef,
            EventCreated = found.Created,
            Total = explained.Count,
            HasMore = asked.Count > EventExplanation.MostRules,
            Matching = explained.Count(one => one.Matches),
            Rules =
            [
                .. explained
                    .OrderByDescending(one => one.Matches)
                    .ThenBy(one => one.Reasons.Count)
                    .ThenBy(ExplainedEvent.Obstacles)
                    .ThenBy(one => one.RuleRef, StringComparer.Ordinal)
                    .Take(most),
            ],
        };
    }
}
