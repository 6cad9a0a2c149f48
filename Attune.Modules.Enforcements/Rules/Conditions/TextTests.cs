using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Patterns;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Parts of texts, and regular expressions.</summary>
internal static class TextTests
{
    public static Comparison Compare(Operand operand, Func<string, string, StringComparison, bool> holds)
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

    public static ConditionTest Matches(Operand operand)
    {
        if (operand.Value is not { ValueKind: JsonValueKind.String } text)
        {
            throw operand.Refused(operand.Value is null ? "is missing" : "must be a string");
        }

        var pattern = Pattern.Parse(text.GetString()!, $"{operand.Place}.value", operand.IgnoreCase);
        var cast = operand.Cast;
        return (actual, _, context) =>
            actual is not { } one ? Tested.Unknown(UnknownReason.Missing)
            : Casts.Read(one, cast, context) is not { ValueKind: JsonValueKind.String } whole ? Tested.Unknown(UnknownReason.TextWanted)
            : Tested.Of(pattern.IsMatch(whole.GetString()!, context.Budget));
    }
}
