using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Json;

/// <summary>
/// A JSON value as a tree that folds. Keys and values are always text: what looks like markup in them is shown, not obeyed.
/// </summary>
public sealed partial class JsonView
{
    private JsonTree? _tree;
    private string? _marked;
    private bool _isMarkedAnew;
    private JsonRow? _leaf;
    private LeafMenu? _menu;
    private bool _isPicked;

    private static readonly LeafContext Nowhere = new();

    [Parameter]
    public JsonElement? Value { get; set; }

    /// <summary>Heads a panel of its own; left out, only the tree is drawn.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>What to say when there is no value.</summary>
    [Parameter]
    public string None { get; set; } = "Nothing";

    /// <summary>The path that is looked at, below the value: its rows are opened, marked and brought into view.</summary>
    [Parameter]
    public string? Marked { get; set; }

    /// <summary>What the menu of a leaf offers beyond copying.</summary>
    [Parameter]
    public LeafContext? Leaves { get; set; }

    /// <summary>Where the value is to be had as a file.</summary>
    [Parameter]
    public string? Raw { get; set; }

    /// <summary>The name of that file.</summary>
    [Parameter]
    public string? RawName { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    protected override void OnParametersSet()
    {
        // A page that reads its row again gets an equal value: what the reader has opened stays open.
        if (Value is not { ValueKind: not JsonValueKind.Undefined } value)
        {
            _tree = null;
        }
        else if (_tree is null || !AreSame(_tree.Value, value))
        {
            _tree = new JsonTree(value);
            (_marked, _leaf) = (null, null);
        }

        if (_marked != Marked && _tree is not null)
        {
            Mark(_tree);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isPicked && _menu is not null)
        {
            _isPicked = false;
            await _menu.OpenAsync();
        }

        if (_isMarkedAnew)
        {
            _isMarkedAnew = false;
            await Browser.BringIntoViewAsync(".json .marked", Leaving);
        }
    }

    // Told by the bytes where they are the same: comparing megabytes in depth takes its time.
    private static bool AreSame(JsonElement one, JsonElement other) =>
        JsonMarshal.GetRawUtf8Value(one).SequenceEqual(JsonMarshal.GetRawUtf8Value(other)) || JsonElement.DeepEquals(one, other);

    private void Pick(JsonRow leaf) => (_leaf, _isPicked) = (leaf, true);

    private void Mark(JsonTree tree)
    {
        foreach (var row in tree.Rows)
        {
            row.IsMarked = false;
        }

        _marked = Marked;
        if (Marked is { } path)
        {
            foreach (var row in JsonMarks.Find(tree, path))
            {
                row.IsMarked = true;
                _isMarkedAnew = true;
            }
        }
    }
}
