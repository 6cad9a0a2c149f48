using System.Globalization;
using System.Text.Json;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Json;

/// <summary>The visible rows of a <see cref="JsonTree"/>.</summary>
public sealed partial class JsonLines
{
    [Parameter, EditorRequired]
    public required JsonTree? Tree { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string None { get; set; } = "Nothing";

    /// <summary>The leaf whose menu is open.</summary>
    [Parameter]
    public JsonRow? Current { get; set; }

    /// <summary>A leaf was chosen.</summary>
    [Parameter]
    public EventCallback<JsonRow> Picked { get; set; }

    // One stop of the Tab key: the arrow keys go from row to row (json.js).
    private string Tab(JsonRow row) => row == Tree!.Rows[0] ? "0" : "-1";

    private static string Class(JsonRow row) => $"row{(row.IsMarked ? " marked" : "")}{(row.IsFound ? " found" : "")}";

    private static int Left(JsonRow more) => more.Owner!.Children - more.Owner.Shown;

    private static string Indent(JsonRow row) => string.Create(CultureInfo.InvariantCulture, $"--depth:{row.Depth}");

    private static string Sum(JsonRow row) => row.Value.ValueKind == JsonValueKind.Array
        ? $"[{Format.Count(row.Children, "item")}]"
        : $"{{{Format.Count(row.Children, "key")}}}";

    private static string Leaf(JsonRow row) => row.Value.ValueKind switch
    {
        JsonValueKind.Array => "[]",
        JsonValueKind.Object => "{}",
        _ => row.Text,
    };

    private static string Kind(JsonRow row) => row.Value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "truth",
        _ => "null",
    };
}
