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

    [Inject]
    public required Browser Browser { get; init; }

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
            _marked = null;
        }

        if (_marked != Marked && _tree is not null)
        {
            Mark(_tree);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isMarkedAnew)
        {
            _isMarkedAnew = false;
            await Browser.BringIntoViewAsync(".json .marked", Leaving);
        }
    }

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
