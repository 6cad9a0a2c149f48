using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Instants, durations, and what lies between two values.</summary>
internal static class TimeTests
{
    /// <summary>Both sides are instants.</summary>
    public static ConditionTest Compare(Operand operand, Func<int, bool> holds) =>
        (operand with { Cast = Cast.Time }).Test((actual, expected, context) =>
        {
            context.Budget.Spend(1);
            return Tested.Of(holds(JsonNumber.Compare(actual, expected)));
        });

    /// <summary>From the first to the second, both included.</summary>
    public static ConditionTest Between(Operand operand)
    {
        if (operand.Value is not { ValueKind: JsonValueKind.Array } range || range.GetArrayLength() != 2)
        {
            throw operand.Refused("must be an array of two: the least and the greatest");
        }

        var least = operand with { Value = range[0] };
        var greatest = operand with { Value = range[1] };
        if (range[0].ValueKind != range[1].ValueKind && operand.Cast == Cast.None)
        {
            throw operand.Refused("must have two of one kind: numbers, or texts");
        }

        var from = least.Test(ValueTests.Order(static order => order >= 0), ConditionOperators.WantsOrder);
        var to = greatest.Test(ValueTests.Order(static order => order <= 0), ConditionOperators.WantsOrder);
        if (Casts.ReadDeep(range, operand.Cast) is { } read && JsonValues.Order(read[0], read[1]) is not <= 0)
        {
            throw operand.Refused("must have the least first: nothing is between these");
        }

        return (actual, other, context) =>
        {
            var first = from(actual, other, context);
            return first.Verdict == Verdict.True ? to(actual, other, context) : first;
        };
    }

    /// <summary>No further from the event's instant than a duration, before or after it.</summary>
    public static ConditionTest Within(Operand operand)
    {
        if (operand.Value is not { ValueKind: JsonValueKind.String } text || Durations.TryParse(text.GetString()!) is not { } duration)
        {
            throw operand.Refused($"must be {Durations.Expected}");
        }

        return (actual, _, context) =>
        {
            if (actual is not { } one)
            {
                return Tested.Unknown(UnknownReason.Missing);
            }

            if (Casts.Read(one, Cast.Time, context) is not { } seconds || context.Created is not { } created)
            {
                return Tested.Unknown(UnknownReason.InstantWanted);
            }

            return Tested.Of(
                JsonNumber.Compare(seconds, InstantText.Seconds(Plus(created, -duration))) >= 0
                && JsonNumber.Compare(seconds, InstantText.Seconds(Plus(created, duration))) <= 0);
        };
    }

    private static DateTimeOffset Plus(DateTimeOffset instant, TimeSpan duration) =>
        duration < TimeSpan.Zero && instant - DateTimeOffset.MinValue < -duration ? DateTimeOffset.MinValue
        : duration > TimeSpan.Zero && DateTimeOffset.MaxValue - instant < duration ? DateTimeOffset.MaxValue
        : instant + duration;
}
