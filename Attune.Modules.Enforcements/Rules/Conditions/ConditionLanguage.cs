using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements;

/// <summary>What a form for conditions has to know of their language.</summary>
public static class ConditionLanguage
{
    /// <summary>How deep groups may lie in one another.</summary>
    public const int MostDepth = RuleConditions.MostDepth;

    /// <summary>The operators, in the order in which they are told.</summary>
    public static IReadOnlyList<KnownOperator> Operators { get; } =
    [
        .. ConditionOperators.Known.Select(one => new KnownOperator(one.Name)
        {
            TakesValue = !one.Takes.HasFlag(Takes.Nothing),
            TakesField = one.Takes.HasFlag(Takes.Field),
            TakesCase = one.Takes.HasFlag(Takes.Case),
            TakesCast = one.Takes.HasFlag(Takes.Cast),
        }),
    ];

    /// <summary>The values of a payload that are no lists and objects, and empty ones of these, from its beginning on.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="most">How many, at most.</param>
    public static IReadOnlyList<PayloadLeaf> Leaves(JsonElement payload, int most) => [.. Leaves([], payload).Take(most)];

    private static IEnumerable<PayloadLeaf> Leaves(PathStep[] steps, JsonElement value)
    {
        var inside = value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Select(member => (Step: PayloadPath.KeyStep(member.Name), member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Select((item, index) => (Step: PayloadPath.PlaceStep(index), item)),
            _ => [],
        };
        var any = false;
        foreach (var (step, child) in inside)
        {
            any = true;
            foreach (var leaf in Leaves([.. steps, step], child))
            {
                yield return leaf;
            }
        }

        if (!any)
        {
            yield return new(PayloadPath.Text(steps), PayloadPath.FullText(steps), value);
        }
    }
}

/// <summary>An operator of conditions, and what may be said beside it.</summary>
/// <param name="Name">Its name, such as <c>greater_than</c>.</param>
public sealed record KnownOperator(string Name)
{
    /// <summary>Whether it compares with anything.</summary>
    public bool TakesValue { get; init; }

    /// <summary>Whether another path may stand in place of the value.</summary>
    public bool TakesField { get; init; }

    /// <summary>Whether upper and lower case may be taken as alike.</summary>
    public bool TakesCase { get; init; }

    /// <summary>Whether values may be read as number, time or text.</summary>
    public bool TakesCast { get; init; }
}

/// <summary>A value of a payload.</summary>
/// <param name="Path">Where it is, as a condition spells it.</param>
/// <param name="FullPath">The same from the event down, as <see cref="ExplainedCondition.Path"/> has it.</param>
/// <param name="Value">What is there.</param>
public sealed record PayloadLeaf(string Path, string FullPath, JsonElement Value);
