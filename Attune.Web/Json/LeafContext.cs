using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Json;

/// <summary>What the menu of a leaf offers beyond copying: where its value leads on the page that shows it.</summary>
public sealed record LeafContext
{
    /// <summary>Where the value stands in conditions: empty for a payload, <c>event.config</c>, <c>result</c>.</summary>
    public string Root { get; init; } = "";

    /// <summary>The address of the list of what meets a condition; null where there is none.</summary>
    public Func<string, string>? List { get; init; }

    /// <summary>The address of a rule to be made with a condition; null where none can be.</summary>
    public Func<string, string>? Rule { get; init; }

    /// <summary>The address of a chart by a path; null where there is none.</summary>
    public Func<string, string>? Chart { get; init; }
}

/// <summary>A leaf as conditions name it.</summary>
internal static class LeafText
{
    // A longer text is no filter that anybody reads, and no address.
    private const int LongestValue = 1_000;

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for people; it is never put into markup
    };

    /// <summary>The path of a row, as the text form of conditions has it.</summary>
    public static string Path(JsonRow row, string root)
    {
        if (row.Owner is not { } owner)
        {
            return root.Length == 0 ? "$" : root;
        }

        var above = owner.Owner is null ? root : Path(owner, root);
        return row.IsIndexed ? ConditionPaths.At(above, row.Position) : ConditionPaths.Below(above, row.Key!);
    }

    /// <summary>A condition that the leaf meets, or does not; null where its value is too long for one.</summary>
    public static string? Condition(JsonRow row, string root, string symbol) =>
        Literal(row.Value) is var literal && literal.Length <= LongestValue ? $"{Path(row, root)} {symbol} {literal}" : null;

    /// <summary>A simple value as the text form of conditions has it.</summary>
    public static string Literal(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? JsonSerializer.Serialize(value.GetString(), Relaxed)
        : value.GetRawText();

    /// <summary>What is copied: a text as it is, and all else as JSON.</summary>
    public static string Copied(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
