using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Values;

namespace Attune.Modules.Enforcements.Conditions;

/// <summary>
/// The conditions of a rule, ready to be evaluated; pure, and the only place that says what a condition means. A condition is
/// true, false, or unknown: unknown where the path leads nowhere or the types do not compare. Joined by "all" the least of
/// them counts, joined by "any" the greatest, and only what is true matches. No conditions always match.
/// </summary>
internal sealed class RuleConditions
{
    public const int MostConditions = 100;

    private readonly ConditionJoin _join;

    private RuleConditions(ConditionJoin join, IReadOnlyList<RuleCondition> items)
    {
        _join = join;
        Items = items;
    }

    public IReadOnlyList<RuleCondition> Items { get; }

    /// <exception cref="RefusedException">They are no conditions; the field names the place, such as <c>conditions[2].operator</c>.</exception>
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
        var decisive = _join == ConditionJoin.Any ? Verdict.True : Verdict.False;
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
}
