using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>The operators, and what each makes of what is there and what was expected.</summary>
internal static class ConditionOperators
{
    private static readonly OrderedDictionary<string, ConditionOperator> All = Named(
    [
        .. WithNot(
            new("equals", operand => operand.Test(ValueTests.Same(operand)))
            {
                Symbol = "==", Takes = Takes.Field | Takes.Case | Takes.Cast,
            },
            "!="),
        .. WithNot(new("contains", operand => operand.Test(ValueTests.Contains(operand))) { Takes = Takes.Field | Takes.Case }),
        .. WithNot(new(
            "starts_with", operand => operand.Test(TextTests.Compare(operand, static (whole, part, how) => whole.StartsWith(part, how)), WantsText))
        {
            Takes = Takes.Field | Takes.Case | Takes.Cast,
        }),
        .. WithNot(new(
            "ends_with", operand => operand.Test(TextTests.Compare(operand, static (whole, part, how) => whole.EndsWith(part, how)), WantsText))
        {
            Takes = Takes.Field | Takes.Case | Takes.Cast,
        }),
        .. WithNot(new("matches", TextTests.Matches) { Takes = Takes.Case | Takes.Cast }),
        .. WithNot(new("in", operand => operand.Test(ValueTests.In(operand), WantsList)) { Takes = Takes.Field | Takes.Case | Takes.Cast }),
        .. WithNot(new("exists", static _ => static (actual, _, _) => Tested.Of(actual is not null)) { Takes = Takes.Nothing }),
        new("is_empty", static _ => ValueTests.Empty) { Takes = Takes.Nothing },
        new("greater_than", operand => operand.Test(ValueTests.Order(static order => order > 0), WantsOrder))
        {
            Symbol = ">", Takes = Takes.Field | Takes.Cast,
        },
        new("greater_or_equal", operand => operand.Test(ValueTests.Order(static order => order >= 0), WantsOrder))
        {
            Symbol = ">=", Takes = Takes.Field | Takes.Cast,
        },
        new("less_than", operand => operand.Test(ValueTests.Order(static order => order < 0), WantsOrder))
        {
            Symbol = "<", Takes = Takes.Field | Takes.Cast,
        },
        new("less_or_equal", operand => operand.Test(ValueTests.Order(static order => order <= 0), WantsOrder))
        {
            Symbol = "<=", Takes = Takes.Field | Takes.Cast,
        },
        new("between", TimeTests.Between) { Takes = Takes.Cast },
        new("before", operand => TimeTests.Compare(operand, static order => order < 0)) { Takes = Takes.Field },
        new("after", operand => TimeTests.Compare(operand, static order => order > 0)) { Takes = Takes.Field },
        new("within", TimeTests.Within) { Takes = Takes.Instant },
        new("in_network", NetworkTests.InNetwork) { Takes = Takes.Field },
    ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<ConditionOperator> Known => All.Values;

    /// <summary>The names, for a message.</summary>
    public static string Names { get; } = string.Join(", ", All.Keys);

    /// <summary>The operator of a name; null when there is none.</summary>
    public static ConditionOperator? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>The operator of a symbol such as <c>==</c>; null when there is none.</summary>
    public static ConditionOperator? FindSymbol(string symbol) => All.Values.FirstOrDefault(one => one.Symbol == symbol);

    /// <summary>What is wrong with a value that has no order; null when nothing is.</summary>
    public static string? WantsOrder(JsonElement value) => value.ValueKind is JsonValueKind.Number or JsonValueKind.String
        ? null
        : "must be a number or a string: nothing else has an order";

    private static OrderedDictionary<string, ConditionOperator> Named(ReadOnlySpan<ConditionOperator> operators)
    {
        var named = new OrderedDictionary<string, ConditionOperator>(StringComparer.Ordinal);
        foreach (var one in operators)
        {
            named.Add(one.Name, one);
        }

        return named;
    }

    /// <summary>An operator, and its opposite under the name that begins with <c>not_</c>.</summary>
    private static ConditionOperator[] WithNot(ConditionOperator one, string? symbol = null) =>
    [
        one,
        one with
        {
            Name = $"not_{one.Name}",
            Symbol = symbol,
            Compile = operand =>
            {
                var test = one.Compile(operand);
                return (actual, other, context) => test(actual, other, context).Opposite();
            },
        },
    ];

    private static string? WantsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? null : "must be a string";

    private static string? WantsList(JsonElement value) => value.ValueKind == JsonValueKind.Array ? null : "must be an array";
}
