using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>The operators, and what each makes of what is there and what was expected.</summary>
internal static class ConditionOperators
{
    private static readonly OrderedDictionary<string, ConditionOperator> All = Named(
    [
        new("equals", operand => operand.Test(Same(operand))) { Symbol = "==", Takes = Takes.Field | Takes.Case | Takes.Cast },
        new("not_equals", operand => Not(operand.Test(Same(operand)))) { Symbol = "!=", Takes = Takes.Field | Takes.Case | Takes.Cast },
        new("contains", operand => operand.Test(Contains(operand))) { Takes = Takes.Field | Takes.Case },
        new("not_contains", operand => Not(operand.Test(Contains(operand)))) { Takes = Takes.Field | Takes.Case },
        new("starts_with", operand => operand.Test(OnText(operand, static (whole, part, how) => whole.StartsWith(part, how)), WantsText))
        {
            Takes = Takes.Field | Takes.Case | Takes.Cast,
        },
        new("not_starts_with", operand =>
            Not(operand.Test(OnText(operand, static (whole, part, how) => whole.StartsWith(part, how)), WantsText)))
        {
            Takes = Takes.Field | Takes.Case | Takes.Cast,
        },
        new("ends_with", operand => operand.Test(OnText(operand, static (whole, part, how) => whole.EndsWith(part, how)), WantsText))
        {
            Takes = Takes.Field | Takes.Case | Takes.Cast,
        },
        new("not_ends_with", operand =>
            Not(operand.Test(OnText(operand, static (whole, part, how) => whole.EndsWith(part, how)), WantsText)))
        {
            Takes = Takes.Field | Takes.Case | Takes.Cast,
        },
        new("matches", TextTests.Matches) { Takes = Takes.Case | Takes.Cast },
        new("not_matches", operand => Not(TextTests.Matches(operand))) { Takes = Takes.Case | Takes.Cast },
        new("in", operand => operand.Test(In(operand), WantsList)) { Takes = Takes.Field | Takes.Case | Takes.Cast },
        new("not_in", operand => Not(operand.Test(In(operand), WantsList))) { Takes = Takes.Field | Takes.Case | Takes.Cast },
        new("exists", static _ => static (actual, _, _) => Tested.Of(actual is not null)) { Takes = Takes.Nothing },
        new("not_exists", static _ => static (actual, _, _) => Tested.Of(actual is null)) { Takes = Takes.Nothing },
        new("is_empty", static _ => Empty) { Takes = Takes.Nothing },
        new("greater_than", operand => operand.Test(Order(static order => order > 0), WantsOrder))
        {
            Symbol = ">", Takes = Takes.Field | Takes.Cast,
        },
        new("greater_or_equal", operand => operand.Test(Order(static order => order >= 0), WantsOrder))
        {
            Symbol = ">=", Takes = Takes.Field | Takes.Cast,
        },
        new("less_than", operand => operand.Test(Order(static order => order < 0), WantsOrder))
        {
            Symbol = "<", Takes = Takes.Field | Takes.Cast,
        },
        new("less_or_equal", operand => operand.Test(Order(static order => order <= 0), WantsOrder))
        {
            Symbol = "<=", Takes = Takes.Field | Takes.Cast,
        },
        new("between", TimeTests.Between) { Takes = Takes.Cast },
        new("before", operand => TimeTests.Compare(operand, static order => order < 0)) { Takes = Takes.Field },
        new("after", operand => TimeTests.Compare(operand, static order => order > 0)) { Takes = Takes.Field },
        new("within", TimeTests.Within) { Takes = Takes.Instant },
        new("in_network", NetworkTests.InNetwork) { Takes = Takes.Field },
    ]);

    /// <summary>The names, for a message.</summary>
    public static string Names { get; } = string.Join(", ", All.Keys);

    /// <summary>The operator of a name; null when there is none.</summary>
    public static ConditionOperator? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>The operator of a symbol such as <c>==</c>; null when there is none.</summary>
    public static ConditionOperator? FindSymbol(string symbol) => All.Values.FirstOrDefault(one => one.Symbol == symbol);

    /// <summary>Which of two comes first, as a test.</summary>
    public static Comparison Order(Func<int, bool> holds) => (actual, expected, context) =>
    {
        context.Budget.Spend(1);
        return JsonValues.Order(actual, expected) is { } order ? Tested.Of(holds(order))
            : expected.ValueKind switch
            {
                JsonValueKind.Number => Tested.Unknown(UnknownReason.NumberWanted),
                JsonValueKind.String => Tested.Unknown(UnknownReason.TextWanted),
                _ => Tested.Unknown(UnknownReason.NumberOrTextWanted),
            };
    };

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

    private static ConditionTest Not(ConditionTest test) => (actual, other, context) => test(actual, other, context).Opposite();

    private static Comparison Same(Operand operand) => operand.IgnoreCase
        ? static (actual, expected, context) => Tested.Of(Equal(actual, expected, true, context))
        : static (actual, expected, context) => Tested.Of(Equal(actual, expected, false, context));

    private static Comparison Contains(Operand operand)
    {
        var ignoreCase = operand.IgnoreCase;
        var how = operand.Comparison;
        return (actual, expected, context) =>
        {
            switch (actual.ValueKind)
            {
                case JsonValueKind.Array:
                    foreach (var item in actual.EnumerateArray())
                    {
                        if (Equal(item, expected, ignoreCase, context))
                        {
                            return Tested.Of(true);
                        }
                    }

                    return Tested.Of(false);
                case JsonValueKind.String when expected.ValueKind == JsonValueKind.String:
                    var whole = actual.GetString()!;
                    context.Budget.Spend(1 + (whole.Length >> 3));
                    return Tested.Of(whole.Contains(expected.GetString()!, how));
                case JsonValueKind.String:
                    return Tested.Unknown(UnknownReason.ListWanted);
                default:
                    return Tested.Unknown(UnknownReason.ListOrTextWanted);
            }
        };
    }

    private static Comparison In(Operand operand)
    {
        var ignoreCase = operand.IgnoreCase;
        return (actual, expected, context) =>
        {
            if (expected.ValueKind != JsonValueKind.Array)
            {
                return Tested.Unknown(UnknownReason.OtherUnfit);
            }

            foreach (var item in expected.EnumerateArray())
            {
                if (Equal(actual, item, ignoreCase, context))
                {
                    return Tested.Of(true);
                }
            }

            return Tested.Of(false);
        };
    }

    private static Comparison OnText(Operand operand, Func<string, string, StringComparison, bool> holds)
    {
        var how = operand.Comparison;
        return (actual, expected, context) =>
        {
            if (actual.ValueKind != JsonValueKind.String || expected.ValueKind != JsonValueKind.String)
            {
                return Tested.Unknown(UnknownReason.TextWanted);
            }

            var whole = actual.GetString()!;
            context.Budget.Spend(1 + (whole.Length >> 5));
            return Tested.Of(holds(whole, expected.GetString()!, how));
        };
    }

    // What two values cost to compare is told by the shorter one.
    private static bool Equal(JsonElement actual, JsonElement expected, bool ignoreCase, EvaluationContext context)
    {
        if (actual.ValueKind != expected.ValueKind)
        {
            context.Budget.Spend(1);
            return false;
        }

        context.Budget.Spend(actual.ValueKind is JsonValueKind.Array or JsonValueKind.Object
            ? 4 + (Math.Min(JsonSize.Of(actual), JsonSize.Of(expected)) >> 2)
            : 1 + (JsonSize.Of(expected) >> 5));
        return ignoreCase && actual.ValueKind == JsonValueKind.String
            ? string.Equals(actual.GetString(), expected.GetString(), StringComparison.OrdinalIgnoreCase)
            : JsonValues.AreEqual(actual, expected);
    }

    private static Tested Empty(JsonElement? actual, JsonElement? other, EvaluationContext context) => actual switch
    {
        null => Tested.Unknown(UnknownReason.Missing),
        { ValueKind: JsonValueKind.Null } => Tested.Of(true),
        { ValueKind: JsonValueKind.String } text => Tested.Of(text.ValueEquals("")),
        { ValueKind: JsonValueKind.Array } list => Tested.Of(list.GetArrayLength() == 0),
        { ValueKind: JsonValueKind.Object } members => Tested.Of(members.GetPropertyCount() == 0),
        _ => Tested.Unknown(UnknownReason.EmptyWanted),
    };

    private static string? WantsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? null : "must be a string";

    private static string? WantsList(JsonElement value) => value.ValueKind == JsonValueKind.Array ? null : "must be an array";
}

/// <summary>An operator.</summary>
/// <param name="Name">Its name in JSON and in the text form.</param>
/// <param name="Compile">Makes its test of an operand.</param>
internal sealed record ConditionOperator(string Name, Func<Operand, ConditionTest> Compile)
{
    /// <summary>How the text form writes it; null where that is its name.</summary>
    public string? Symbol { get; init; }

    public required Takes Takes { get; init; }
}

/// <summary>What may be said beside an operator.</summary>
[Flags]
internal enum Takes
{
    Value = 0,

    /// <summary>Another path in place of a value.</summary>
    Field = 1,

    /// <summary><c>ignore_case</c>.</summary>
    Case = 2,

    /// <summary><c>as</c>.</summary>
    Cast = 4,

    /// <summary>No value at all.</summary>
    Nothing = 8,

    /// <summary>A value, compared with the event's instant.</summary>
    Instant = 16,
}
