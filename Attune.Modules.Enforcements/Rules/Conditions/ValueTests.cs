using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Whether values are equal, which of two comes first, and what lists and texts hold.</summary>
internal static class ValueTests
{
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

    public static Comparison Same(Operand operand) => operand.IgnoreCase
        ? static (actual, expected, context) => Tested.Of(Equal(actual, expected, true, context))
        : static (actual, expected, context) => Tested.Of(Equal(actual, expected, false, context));

    public static Comparison Contains(Operand operand)
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

    public static Comparison In(Operand operand)
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

    public static Tested Empty(JsonElement? actual, JsonElement? other, EvaluationContext context) => actual switch
    {
        null => Tested.Unknown(UnknownReason.Missing),
        { ValueKind: JsonValueKind.Null } => Tested.Of(true),
        { ValueKind: JsonValueKind.String } text => Tested.Of(text.ValueEquals("")),
        { ValueKind: JsonValueKind.Array } list => Tested.Of(list.GetArrayLength() == 0),
        { ValueKind: JsonValueKind.Object } members => Tested.Of(members.GetPropertyCount() == 0),
        _ => Tested.Unknown(UnknownReason.EmptyWanted),
    };
}
