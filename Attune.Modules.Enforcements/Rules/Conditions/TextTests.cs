using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Patterns;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Regular expressions.</summary>
internal static class TextTests
{
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
