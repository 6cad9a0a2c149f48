using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>Reads stored conditions into a form, and says of those that no form can show why.</summary>
internal static class FormReader
{
    /// <summary>Groups in one another that a form still shows well.</summary>
    public const int MostDepth = 6;

    /// <returns>The form; or null, and the reason.</returns>
    public static (FormGroup? Form, string? Reason) Read(JsonElement conditions, ConditionJoin join)
    {
        var root = new FormGroup { Kind = join == ConditionJoin.Any ? GroupKind.Any : GroupKind.All };
        if (conditions.ValueKind != JsonValueKind.Array)
        {
            return (null, "They are no list of conditions.");
        }

        var reason = conditions.EnumerateArray().Select(item => Add(root, item)).FirstOrDefault(why => why is not null);
        return reason is null ? (root, null) : (null, reason);
    }

    private static string? Add(FormGroup into, JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return "One of them is no condition.";
        }

        foreach (var member in item.EnumerateObject())
        {
            switch (member.Name)
            {
                case "all" or "any":
                    return AddGroup(into, member.Name == "all" ? GroupKind.All : GroupKind.Any, member.Value);
                case "not":
                    return AddNot(into, member.Value);
            }
        }

        return AddRow(into, item);
    }

    private static string? AddGroup(FormGroup into, GroupKind kind, JsonElement items)
    {
        if (items.ValueKind != JsonValueKind.Array)
        {
            return "One of its groups is no list.";
        }

        var group = into.Add(new FormGroup { Kind = kind });
        return group.Depth > MostDepth
            ? $"More than {MostDepth} groups lie in one another, which a form has no room for."
            : items.EnumerateArray().Select(item => Add(group, item)).FirstOrDefault(why => why is not null);
    }

    private static string? AddNot(FormGroup into, JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("all", out var all))
        {
            return AddGroup(into, GroupKind.NotAll, all);
        }

        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("any", out var any))
        {
            return AddGroup(into, GroupKind.None, any);
        }

        var group = into.Add(new FormGroup { Kind = GroupKind.None });
        return group.Depth > MostDepth
            ? $"More than {MostDepth} groups lie in one another, which a form has no room for."
            : Add(group, item);
    }

    private static string? AddRow(FormGroup into, JsonElement item)
    {
        if (Text(item, "field") is not { } field || Text(item, "operator") is not { } name)
        {
            return "One of them has no field or no operator.";
        }

        if (!OperatorChoices.IsKnown(name))
        {
            return $"There is no operator {name}.";
        }

        var row = into.Add(new FormRow
        {
            Field = field,
            Operator = name,
            IgnoreCase = item.TryGetProperty("ignore_case", out var flag) && flag.ValueKind == JsonValueKind.True,
            ReadAs = Text(item, "as") ?? "",
            Quantifier = Text(item, "quantifier") ?? "any",
        });
        if (Text(item, "other_field") is { } other)
        {
            (row.Kind, row.Value) = (OperandKind.Field, other);
            return null;
        }

        if (OperatorChoices.Find(name).TakesValue && item.TryGetProperty("value", out var value))
        {
            return Fill(row, value);
        }

        return null;
    }

    private static string? Fill(FormRow row, JsonElement value)
    {
        if (row.Operator == "between" && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            && Plain(value[0]) is { } first && Plain(value[1]) is { } second && first.Kind == second.Kind)
        {
            (row.Kind, row.Value, row.Second) = (first.Kind, first.Text, second.Text);
        }
        else if (Plain(value) is { } one)
        {
            (row.Kind, row.Value) = one;
        }
        else
        {
            (row.Kind, row.Value) = (OperandKind.Json, OperandText.Of(value));
        }

        return row.Value.AsSpan().IndexOfAny('\n', '\r') >= 0 || row.Second.AsSpan().IndexOfAny('\n', '\r') >= 0
            ? "A value has more than one line, and a field of a form has only one."
            : null;
    }

    private static (OperandKind Kind, string Text)? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => (OperandKind.Text, value.GetString()!),
        JsonValueKind.Number => (OperandKind.Number, value.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => (OperandKind.Truth, value.GetRawText()),
        JsonValueKind.Null => (OperandKind.Null, ""),
        _ => null,
    };

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
