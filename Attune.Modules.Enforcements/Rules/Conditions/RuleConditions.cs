using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>
/// The conditions of a rule, ready to be evaluated; pure, and the only place that says what a condition means. A condition is
/// true, false, or unknown: unknown where the path leads nowhere or the types do not compare. Joined by "all" the least of
/// them counts, joined by "any" the greatest, and only what is true matches. No conditions always match.
/// </summary>
internal sealed class RuleConditions
{
    public const int MostConditions = 100;

    private RuleConditions(ConditionJoin join, IReadOnlyList<RuleCondition> items)
    {
        JoinedBy = join;
        Items = items;
    }

    public ConditionJoin JoinedBy { get; }

    public IReadOnlyList<RuleCondition> Items { get; }

    /// <exception cref="RefusedException">
    /// They are no conditions; the field names the place, such as <c>conditions[2].operator</c>.
    /// </exception>
    public static RuleConditions Parse(JsonElement conditions, ConditionJoin join)
    {
        if (conditions.ValueKind != JsonValueKind.Array)
        {
            throw RefusedException.Invalid(
                "conditions", "conditions must be an array of {field, operator, value}; an empty one always matches.");
        }

        if (conditions.GetArrayLength() > MostConditions)
        {
            throw RefusedException.Invalid("conditions", $"conditions are more than {MostConditions}.");
        }

        StorableJson.Check(conditions, "conditions");
        return new(join, [.. conditions.EnumerateArray().Select((item, index) => RuleCondition.Parse(item, $"conditions[{index}]"))]);
    }

    public Verdict Evaluate(JsonElement? payload)
    {
        if (Items.Count == 0)
        {
            return Verdict.True;
        }

        // The verdict that decides, whatever the others are.
        var decisive = JoinedBy == ConditionJoin.Any ? Verdict.True : Verdict.False;
        var verdict = decisive.Opposite();
        foreach (var condition in Items)
        {
            var one = condition.Test(payload, out _);
            if (one == decisive)
            {
                return one;
            }

            verdict = one == Verdict.Unknown ? one : verdict;
        }

        return verdict;
    }

    /// <summary>Tests every condition, those included that no longer change the outcome.</summary>
    public IReadOnlyList<ExplainedCondition> Explain(JsonElement? payload) => [.. Items.Select(item =>
    {
        var verdict = item.Test(payload, out var actual);
        return new ExplainedCondition
        {
            Field = item.Field,
            Path = item.FullPath,
            Operator = item.Operator,
            Expected = item.Expected,
            Found = actual is not null,
            Actual = actual,
            Verdict = verdict,
        };
    })];

    /// <summary>What verdicts come to together; the same as <see cref="Evaluate"/> for those of all the conditions.</summary>
    public Verdict Join(IReadOnlyList<ExplainedCondition> tested) =>
        tested.Count == 0 ? Verdict.True
        : JoinedBy == ConditionJoin.Any ? tested.Max(one => one.Verdict)
        : tested.Min(one => one.Verdict);

    /// <summary>
    /// The number of the one condition that stands in the way of a match: the others, at least one, are true. Null when the
    /// payload matches, is further away, or the conditions are joined by "any", where each of them is a way of its own.
    /// </summary>
    public int? OnlyObstacle(JsonElement? payload)
    {
        if (JoinedBy == ConditionJoin.Any || Items.Count < 2)
        {
            return null;
        }

        int? obstacle = null;
        for (var index = 0; index < Items.Count; index++)
        {
            if (Items[index].Test(payload, out _) == Verdict.True)
            {
                continue;
            }

            if (obstacle is not null)
            {
                return null;
            }

            obstacle = index;
        }

        return obstacle;
    }
}
