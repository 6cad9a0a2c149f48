using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// Asks rules about an event before it is written. What is cheap is asked at once; what turns out to be dear, or is known to be, is asked
/// in the <see cref="DearLane"/>, so that it delays its own event and takes no processor from others.
/// </summary>
internal sealed class RuleEvaluator(DearLane lane)
{
    /// <summary>The most bytes of parameters that all rules together may leave for one event.</summary>
    public const long MostEventBytes = 16 * 1024 * 1024;

    /// <summary>The most steps that all dear rules together may take for one event.</summary>
    public const long MostEventSteps = 5 * EvaluationBudget.MostSteps;

    // About half a millisecond for one rule, and a few for all of them.
    private const long CheapSteps = 50_000;
    private const long CheapEventSteps = 500_000;
    private const long CheapEventBytes = 1024 * 1024;

    /// <param name="facts">The event.</param>
    /// <param name="bytes">How long its payload is, roughly.</param>
    /// <param name="rules">The rules of its trigger.</param>
    /// <param name="earlier">What was found for the same event earlier; of rules that are still the same, it holds.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="RefusedException">Too many events that dear rules have to be asked about wait already.</exception>
    public async ValueTask<PreparedEvent> EvaluateAsync(
        EventFacts facts, long bytes, IReadOnlyList<CachedRule> rules, PreparedEvent? earlier, CancellationToken cancellationToken)
    {
        var found = new PreparedEvent(facts.TriggerRef, rules);
        var asked = rules;
        if (earlier is not null)
        {
            var difference = RuleDifference.Between(earlier.Asked, rules);
            found.TakeOver(earlier, difference);
            asked = difference.Added;
        }

        var spent = new Spent { Bytes = found.Matches.Sum(match => match.Bytes) };
        List<CachedRule>? dear = null;
        foreach (var rule in asked)
        {
            if (facts.Asks(rule.Stored.Id, rule.Stored.Ref))
            {
                if (rule.IsDear || spent is { Steps: > CheapEventSteps } or { Bytes: > CheapEventBytes }
                    || !TryCheap(rule, facts, found, ref spent, cancellationToken))
                {
                    (dear ??= []).Add(rule);
                }
            }
        }

        if (dear is not null)
        {
            await lane.RunAsync(facts.TriggerRef, bytes, () => EvaluateDear(dear, facts, found, spent, cancellationToken), cancellationToken);
        }

        return found;
    }

    private static bool TryCheap(
        CachedRule rule, EventFacts facts, PreparedEvent found, ref Spent spent, CancellationToken cancellationToken)
    {
        var budget = new EvaluationBudget(CheapSteps, cancellationToken, CheapEventBytes);
        try
        {
            Ask(rule, facts, found, budget);
            return true;
        }
        catch (BudgetExceededException)
        {
            rule.IsDear = true;
            return false;
        }
        finally
        {
            spent.Steps += budget.Steps;
            spent.Bytes += budget.Bytes;
        }
    }

    private static void EvaluateDear(
        List<CachedRule> rules, EventFacts facts, PreparedEvent found, Spent spent, CancellationToken cancellationToken)
    {
        spent.Steps = 0;
        foreach (var rule in rules)
        {
            // Of what all may take together, whichever rule goes over it has the fault.
            var budget = new EvaluationBudget(
                Math.Min(EvaluationBudget.MostSteps, MostEventSteps - spent.Steps), cancellationToken,
                Math.Min(EvaluationBudget.MostBytes, MostEventBytes - spent.Bytes));
            try
            {
                Ask(rule, facts, found, budget);
                spent.Bytes += budget.Bytes;
                rule.IsDear = budget.Steps > CheapSteps || budget.Bytes > CheapEventBytes;
            }
            catch (BudgetExceededException error)
            {
                found.Faults.Add(new(rule, error.Message));
            }

            spent.Steps += budget.Steps;
        }
    }

    private static void Ask(CachedRule rule, EventFacts facts, PreparedEvent found, EvaluationBudget budget)
    {
        try
        {
            if (rule.Prepare(facts, budget) is { } match)
            {
                found.Matches.Add(new(rule, match, Math.Max(budget.Bytes, match.Bytes)));
            }
        }
        catch (Exception error) when (error is not BudgetExceededException && CachedRule.IsFault(error))
        {
            found.Faults.Add(new(rule, error.Message));
        }
    }

    private struct Spent
    {
        public long Steps, Bytes;
    }
}
