using System.Text;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Writes conditions as text; read again, it comes to the same conditions.</summary>
internal static class ConditionPrinter
{
    public static string Print(ConditionGroup root)
    {
        var text = new StringBuilder();
        AppendItems(text, root);
        return text.ToString();
    }

    private static void AppendItems(StringBuilder text, ConditionGroup group)
    {
        foreach (var (index, item) in group.Items.Index())
        {
            text.Append(index == 0 ? "" : group.JoinedBy == ConditionJoin.Any ? " or " : " and ");
            Append(text, item);
        }
    }

    private static void Append(StringBuilder text, ConditionNode node)
    {
        switch (node)
        {
            case ConditionGroup group:
                text.Append('(');
                AppendItems(text, group);
                text.Append(')');
                break;
            case NotCondition not:
                text.Append("not ");
                Append(text, not.Item);
                break;
            case ConditionLeaf leaf:
                AppendLeaf(text, leaf.Text);
                break;
        }
    }

    private static void AppendLeaf(StringBuilder text, LeafText leaf)
    {
        text.Append(leaf.Quantifier == Quantifier.Any ? "" : $"{EnumNames.Of(leaf.Quantifier)} ").Append(Path(leaf.Field));
        text.Append(leaf.Cast == Cast.None ? "" : $" as {Casts.Name(leaf.Cast)}");
        var name = leaf.Operator.Symbol ?? leaf.Operator.Name;
        text.Append(' ').Append(name.StartsWith("not_", StringComparison.Ordinal) ? $"not {name[4..]}" : name);
        if (leaf.Other is { } other)
        {
            text.Append(' ').Append(Path(other));
        }
        else if (leaf.Value is { } value)
        {
            text.Append(' ').Append(
                leaf.Operator.Name == "between" ? $"{Literal(value[0])} and {Literal(value[1])}" : Literal(value));
        }

        text.Append(leaf.IgnoreCase ? " ignore_case" : "");
    }

    private static string Literal(JsonElement value) => RenderedJson.Text(value.WriteTo);

    // A payload's own path begins with a word that could be one of the language, a digit or a bracket only from its root.
    private static string Path(FieldPath field)
    {
        if (field.Root != FieldRoot.Payload || field.Path.IsWhole)
        {
            return field.FullText;
        }

        var path = field.Path.ToString();
        var first = field.Path.Steps[0];
        return first.Kind != StepKind.Name ? $"${path}"
            : char.IsAsciiDigit(path[0]) || path[0] is '-' or '$' || first.Key == "event" || ConditionGrammar.IsReserved(first.Key) ? $"$.{path}"
            : path;
    }
}
