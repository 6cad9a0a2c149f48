using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>Conditions of a form as a rule has them, and where each row stands in them.</summary>
/// <param name="Json">An array; rows that are not complete are left out.</param>
/// <param name="Join">How its items are joined.</param>
/// <param name="Rows">The rows that it has, in their order, with their places.</param>
/// <param name="Incomplete">The rows that something is missing in, with what that is; those in which nothing has been said are none.</param>
internal sealed record WrittenForm(
    JsonElement Json, ConditionJoin Join, IReadOnlyList<(FormRow Row, string Place)> Rows,
    IReadOnlyList<(FormRow Row, string Missing)> Incomplete)
{
    /// <summary>The row that a place of a refusal lies in; null for none.</summary>
    public FormRow? At(string field) => Rows.FirstOrDefault(
        one => field == one.Place || field.StartsWith(one.Place + ".", StringComparison.Ordinal)).Row;
}

/// <summary>Writes a form as conditions.</summary>
internal sealed class FormWriter
{
    private readonly List<(FormRow, string)> _rows = [];
    private readonly List<(FormRow, string)> _incomplete = [];

    /// <summary>The conditions of a form, whose outermost group is all or any.</summary>
    public static WrittenForm Write(FormGroup root)
    {
        var writer = new FormWriter();
        var items = writer.Items(root, "conditions");
        return new(
            JsonSerializer.SerializeToElement(items), root.Kind == GroupKind.Any ? ConditionJoin.Any : ConditionJoin.All,
            writer._rows, writer._incomplete);
    }

    // What is missing in a row; null when it is complete.
    public static string? Missing(FormRow row) => row switch
    {
        { Field: "" } => "A field is missing.",
        _ when !OperatorChoices.Find(row.Operator).TakesValue => null,
        { Kind: OperandKind.Field, Value: "" } => "The other field is missing.",
        { Kind: OperandKind.Field } => null,
        { IsRange: true } when Operand(row.Kind, row.Second) is null => Expected(row.Kind),
        _ when Operand(row.Kind, row.Value) is null => Expected(row.Kind),
        _ => null,
    };

    private static string Expected(OperandKind kind) => kind switch
    {
        OperandKind.Number => "A number is missing.",
        OperandKind.Truth => "true or false is missing.",
        OperandKind.Json => "A list such as [\"a\", \"b\"] is missing, or other JSON.",
        _ => "A value is missing.",
    };

    private static JsonElement? Operand(OperandKind kind, string text) => OperandText.Read(kind, text);

    private List<object> Items(FormGroup group, string place)
    {
        var items = new List<object>();
        foreach (var item in group.Items)
        {
            var at = FormattableString.Invariant($"{place}[{items.Count}]");
            if (item is FormGroup inner)
            {
                if (Group(inner, at) is { } written)
                {
                    items.Add(written);
                }
            }
            else if (Row((FormRow)item, at) is { } written)
            {
                items.Add(written);
            }
        }

        return items;
    }

    // The place of a row within a "not" of one is that of the condition itself.
    private Dictionary<string, object>? Group(FormGroup group, string place)
    {
        var name = group.Kind is GroupKind.All or GroupKind.NotAll ? "all" : "any";
        var isDenied = group.Kind is GroupKind.None or GroupKind.NotAll;
        var from = _rows.Count;
        var items = Items(group, isDenied ? $"{place}.not.{name}" : $"{place}.{name}");
        if (items.Count == 0)
        {
            return null;
        }

        if (!isDenied)
        {
            return new() { [name] = items };
        }

        if (items.Count > 1)
        {
            return new() { ["not"] = new Dictionary<string, object> { [name] = items } };
        }

        for (var index = from; index < _rows.Count; index++)
        {
            var (row, old) = _rows[index];
            _rows[index] = (row, $"{place}.not{old[$"{place}.not.{name}[0]".Length..]}");
        }

        return new() { ["not"] = items[0] };
    }

    private Dictionary<string, object>? Row(FormRow row, string place)
    {
        if (row.IsBlank)
        {
            return null;
        }

        if (Missing(row) is { } missing)
        {
            _incomplete.Add((row, missing));
            return null;
        }

        _rows.Add((row, place));
        var known = OperatorChoices.Find(row.Operator);
        var written = new Dictionary<string, object> { ["field"] = row.Field, ["operator"] = row.Operator };
        if (row.Kind == OperandKind.Field && known.TakesValue)
        {
            written["other_field"] = row.Value;
        }
        else if (known.TakesValue)
        {
            var value = Operand(row.Kind, row.Value)!.Value;
            written["value"] = row.IsRange ? new[] { value, Operand(row.Kind, row.Second)!.Value } : value;
        }

        if (row.IgnoreCase && known.TakesCase)
        {
            written["ignore_case"] = true;
        }

        if (row.ReadAs.Length > 0 && known.TakesCast)
        {
            written["as"] = row.ReadAs;
        }

        if (row.HasEach && row.Quantifier != "any")
        {
            written["quantifier"] = row.Quantifier;
        }

        return written;
    }
}
