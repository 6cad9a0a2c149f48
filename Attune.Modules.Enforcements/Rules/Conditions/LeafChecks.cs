using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Whether what a condition says goes together.</summary>
internal static class LeafChecks
{
    /// <summary>The condition without what says nothing.</summary>
    /// <exception cref="RefusedException">It does not; the field names the part of it that is wrong.</exception>
    public static LeafText Check(LeafText text, string place)
    {
        var takes = text.Operator.Takes;
        var name = text.Operator.Name;
        if (takes.HasFlag(Takes.Nothing))
        {
            if (text.Other is not null || text.Value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.True) })
            {
                throw RefusedException.Invalid($"{place}.value", $"{place}.value is not needed: {name} compares with nothing.");
            }

            text = text with { Value = null };
        }

        Refuse(text.Other is not null && !takes.HasFlag(Takes.Field), place, "other_field", $"{name} compares with a value only");
        Refuse(text.Other?.Path.HasEach == true, place, "other_field", "[*] stands in field only");
        Refuse(text.IgnoreCase && !takes.HasFlag(Takes.Case), place, "ignore_case", $"{name} knows no upper and lower case");
        Refuse(text.Cast != Cast.None && !takes.HasFlag(Takes.Cast), place, "as", $"{name} reads a value one way only");
        Refuse(text.Quantifier != Quantifier.Any && !text.Field.Path.HasEach, place, "quantifier", "it goes with a path that has [*]");
        RefuseTemplates(text.Value, $"{place}.value");
        return text;
    }

    private static void Refuse(bool isWrong, string place, string part, string why)
    {
        if (isWrong)
        {
            throw RefusedException.Invalid($"{place}.{part}", $"{place}.{part} means nothing here: {why}.");
        }
    }

    // Whoever writes one expects it to be filled in, and it never is: comparing two paths is what they mean.
    private static void RefuseTemplates(JsonElement? value, string place)
    {
        switch (value?.ValueKind)
        {
            case JsonValueKind.String when value.Value.GetString()!.AsSpan() is var text
                && text.IndexOf("{{") is >= 0 and var open && text[open..].Contains("}}", StringComparison.Ordinal):
                throw RefusedException.Invalid(
                    place, $"{place} has a {{{{ template }}}}, which is not filled in here: other_field compares with another path.");
            case JsonValueKind.Array:
                foreach (var (index, item) in value.Value.EnumerateArray().Index())
                {
                    RefuseTemplates(item, JsonPlace.Within(place, index));
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.Value.EnumerateObject())
                {
                    RefuseTemplates(member.Value, JsonPlace.Within(place, member.Name));
                }

                break;
        }
    }
}
