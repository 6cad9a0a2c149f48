using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Attune.Web.Json;

/// <summary>The menu of a leaf: one for each view, opened beside the leaf that was chosen.</summary>
public sealed partial class LeafMenu
{
    private ElementReference _menu;

    /// <summary>The leaf that was chosen last.</summary>
    [Parameter, EditorRequired]
    public required JsonRow? Leaf { get; set; }

    [Parameter, EditorRequired]
    public required LeafContext Context { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private string Path => LeafText.Path(Leaf!, Context.Root);

    /// <summary>Opens it at the leaf that is marked as the current one.</summary>
    public async Task OpenAsync()
    {
        if (await ScriptAsync() is { } script)
        {
            await script.InvokeVoidAsync("open", Leaving, _menu);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // It moves the focus among the rows, too.
            await ScriptAsync();
        }
    }

    private ValueTask<IJSObjectReference?> ScriptAsync() => Browser.ScriptAsync("json.js", Leaving);

    private async Task CopyAsync(string text) => Snackbar.Add(
        await Browser.CopyAsync(text, Leaving) ? "Copied." : "The browser does not allow copying here.",
        Severity.Normal);
}
