using System.Text.Encodings.Web;
using System.Text.Json;

namespace Attune.Web.Pages.Backtests;

/// <summary>Conditions as a person edits them: one a line, its members in the order in which they are read.</summary>
internal static class DraftText
{
    private static readonly string[] Order = ["field", "operator", "value"];

    // It goes into a text area, where nothing is markup.
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Db.Json.DocumentOptions.MaxDepth,
    };

    public static string Of(JsonElement? conditions)
    {
        if (conditions is not { } given)
        {
            return "[]";
        }

        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() == 0)
        {
            return Text(given);
        }

        return $"[\n{string.Join(",\n", given.EnumerateArray().Select(one => $"  {Line(one)}"))}\n]";
    }

    private static string Line(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            return Text(condition);
        }

        var members = condition.EnumerateObject()
            .OrderBy(member => Array.IndexOf(Order, member.Name) is >= 0 and var index ? index : Order.Length)
            .Select(member => $"{Text(member.Name)}: {Text(member.Value)}");
        return $"{{{string.Join(", ", members)}}}";
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, Plain);
}
