using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Json;

/// <summary>
/// A JSON value as a tree that folds. Keys and values are always text: what looks like markup in them is shown, not obeyed.
/// </summary>
public sealed partial class JsonView
{
    private JsonTree? _tree;

    [Parameter]
    public JsonElement? Value { get; set; }

    /// <summary>Heads a panel of its own; left out, only the tree is drawn.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>What to say when there is no value.</summary>
    [Parameter]
    public string None { get; set; } = "Nothing";

    protected override void OnParametersSet()
    {
        // A page that reads its row again gets an equal value: what the reader has opened stays open.
        if (Value is not { ValueKind: not JsonValueKind.Undefined } value)
        {
            _tree = null;
        }
        else if (_tree is null || !JsonElement.DeepEquals(_tree.Value, value))
        {
            _tree = new JsonTree(value);
        }
    }
}
