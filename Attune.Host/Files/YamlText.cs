using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Attune.Host.Files;

/// <summary>Writes JSON as YAML that a person reads, always in the same way: the same value is the same bytes.</summary>
internal static partial class YamlText
{
    private const int Step = 2;

    public static string Of(JsonObject root)
    {
        var text = new StringBuilder();
        if (root.Count == 0)
        {
            return "{}\n";
        }

        AppendMembers(text, Element(root), indent: 0, isFirstPlaced: true);
        return text.ToString();
    }

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);

    // The first member of an object within an array stands behind its dash.
    private static void AppendMembers(StringBuilder text, JsonElement members, int indent, bool isFirstPlaced)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (!isFirstPlaced)
            {
                text.Append(' ', indent);
            }

            isFirstPlaced = indent == 0;
            text.Append(Scalar(member.Name)).Append(':');
            AppendValue(text, member.Value, indent);
        }
    }

    private static void AppendValue(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.GetPropertyCount() > 0:
                text.Append('\n');
                text.Append(' ', indent + Step);
                AppendMembers(text, value, indent + Step, isFirstPlaced: true);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                text.Append('\n');
                AppendItems(text, value, indent + Step);
                break;
            case JsonValueKind.String when IsBlock(value.GetString()!):
                AppendBlock(text, value.GetString()!, indent + Step);
                break;
            default:
                text.Append(' ').Append(Simple(value)).Append('\n');
                break;
        }
    }

    private static void AppendItems(StringBuilder text, JsonElement items, int indent)
    {
        foreach (var item in items.EnumerateArray())
        {
            text.Append(' ', indent).Append('-');
            if (item.ValueKind == JsonValueKind.Object && item.GetPropertyCount() > 0)
            {
                text.Append(' ');
                AppendMembers(text, item, indent + Step, isFirstPlaced: true);
            }
            else
            {
                AppendValue(text, item, indent);
            }
        }
    }

    private static string Simple(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => Scalar(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static string Scalar(string text) =>
        Plain.IsMatch(text) && !CoreSchema.IsAmbiguous(text) ? text : Quoted(text);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' or '\\' => quoted.Append('\\').Append((char)rune.Value),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                <= char.MaxValue when IsHidden(rune) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ when IsHidden(rune) => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ => quoted.Append(rune),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;

    // Lines that a block keeps as they are: none begins or ends with a blank, and nothing in them needs an escape.
    private static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text.TrimEnd('\n').Split('\n').All(line => line.Length == 0 || (!char.IsWhiteSpace(line[0]) && !char.IsWhiteSpace(line[^1])))
        && text[0] != '\n' && text.Length - text.TrimEnd('\n').Length <= 1
        && text.EnumerateRunes().All(rune => rune.Value == '\n' || !IsHidden(rune));

    private static void AppendBlock(StringBuilder text, string lines, int indent)
    {
        text.Append(lines.EndsWith('\n') ? " |\n" : " |-\n");
        foreach (var line in lines.TrimEnd('\n').Split('\n'))
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }

    // What no reader of YAML takes for anything but a text.
    [GeneratedRegex(@"^[\p{L}/_$][\p{L}\p{Nd}/_.,()+*'=<>@$%^ -]*(?<! )\z")]
    private static partial Regex Plain { get; }
}
