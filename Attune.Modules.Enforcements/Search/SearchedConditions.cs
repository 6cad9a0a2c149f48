using Attune.Db;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Search;

/// <summary>What a search asks of each row: conditions as rules have them, each row with the budget of a rule and an event.</summary>
internal sealed class SearchedConditions
{
    public const string Place = "q";

    private readonly RuleConditions _conditions;

    private SearchedConditions(RuleConditions conditions) => _conditions = conditions;

    /// <summary>The conditions, from left to right.</summary>
    public IEnumerable<ConditionLeaf> Leaves => _conditions.Items.SelectMany(item => item.Leaves);

    public RuleConditions Conditions => _conditions;

    /// <summary>Steps taken for all rows so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Rows that went over the budget.</summary>
    public long Failures { get; private set; }

    /// <param name="query">The text form.</param>
    /// <param name="check">Refuses conditions that mean nothing for what is searched.</param>
    /// <exception cref="RefusedException">It is none; <see cref="RefusedException.At"/> says where.</exception>
    public static SearchedConditions Parse(string query, Action<LeafText>? check = null)
    {
        var parsed = RuleConditions.ParseText(query, Place, check);
        return parsed.NewKnown().Length <= RuleConditions.MostConditions
            ? new(parsed)
            : throw RefusedException.Invalid(Place, $"{Place} has more than {RuleConditions.MostConditions} conditions.");
    }

    public bool Holds(EventFacts facts, DateTimeOffset created, CancellationToken cancellationToken)
    {
        var budget = new EvaluationBudget(EvaluationBudget.MostSteps, cancellationToken);
        try
        {
            return _conditions.Evaluate(new(facts, created, budget)) == Verdict.True;
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            Failures++;
            return false;
        }
        finally
        {
            Steps += budget.Steps;
        }
    }
}
