using System.Text.Encodings.Web;
using System.Text.Json;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>Values as people type them.</summary>
internal static class OperandText
{
    // It goes into fields, where nothing is markup.
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Db.Json.DocumentOptions.MaxDepth,
    };

    /// <summary>A value as JSON, on one line.</summary>
    public static string Of(JsonElement value) => JsonSerializer.Serialize(value, Plain);

    /// <summary>What a text says as JSON; null when it is none.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text, Db.Json.DocumentOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The value of a kind that a text says; null when it says none.</summary>
    public static JsonElement? Read(OperandKind kind, string text) => kind switch
    {
        OperandKind.Text => JsonSerializer.SerializeToElement(text),
        OperandKind.Null => JsonElement.Parse("null"),
        OperandKind.Number => Parse(text.Trim()) is { ValueKind: JsonValueKind.Number } number ? number : null,
        OperandKind.Truth => Parse(text.Trim()) is { ValueKind: JsonValueKind.True or JsonValueKind.False } truth ? truth : null,
        OperandKind.Json => Parse(text),
        _ => null,
    };

    /// <summary>What somebody means who types this where nothing else is known: <c>500</c> is a number, <c>main</c> a text.</summary>
    public static OperandKind Guess(string text) => Parse(text.Trim())?.ValueKind switch
    {
        JsonValueKind.Number => OperandKind.Number,
        JsonValueKind.True or JsonValueKind.False => OperandKind.Truth,
        JsonValueKind.Array or JsonValueKind.Object => OperandKind.Json,
        _ => OperandKind.Text,
    };

    /// <summary>A list that was typed without its brackets: <c>main, dev</c>.</summary>
    public static string List(string text)
    {
        if (Parse(text) is { ValueKind: JsonValueKind.Array })
        {
            return text;
        }

        var items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(item => Parse(item) ?? JsonSerializer.SerializeToElement(item));
        return $"[{string.Join(", ", items.Select(Of))}]";
    }
}
