using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>Asks before something cannot be undone: Enter and Escape alike leave things as they are.</summary>
public sealed partial class SureDialog
{
    private static readonly DialogOptions Options = new() { CloseOnEscapeKey = true };

    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; set; }

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>What it is about, in more words.</summary>
    [Parameter]
    public RenderFragment? Detail { get; set; }

    [Parameter]
    public string Yes { get; set; } = "Delete";

    [Parameter]
    public string No { get; set; } = "Cancel";

    [Inject]
    public required IJSRuntime Script { get; init; }

    /// <summary>Asks; true only for a plain yes.</summary>
    /// <param name="dialogs">Where dialogs are shown.</param>
    /// <param name="title">The question.</param>
    /// <param name="text">What a yes does, and what it does not.</param>
    /// <param name="yes">What a yes is called.</param>
    /// <param name="no">What leaves things as they are is called.</param>
    /// <param name="detail">What it is about, in more words.</param>
    public static async Task<bool> AskAsync(
        IDialogService dialogs, string title, string text, string yes, string no = "Cancel", RenderFragment? detail = null)
    {
        var parameters = new DialogParameters<SureDialog>
        {
            { one => one.Text, text }, { one => one.Yes, yes }, { one => one.No, no }, { one => one.Detail, detail },
        };
        var dialog = await dialogs.ShowAsync<SureDialog>(title, parameters, Options);
        return await dialog.Result is { Canceled: false };
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await using var module = await Script.InvokeAsync<IJSObjectReference>("import", "./_content/Attune.Web/sure.js");
            await module.InvokeVoidAsync("focusSafe");
        }
    }

    private void Cancel() => Dialog.Cancel();

    private void Go() => Dialog.Close(DialogResult.Ok(true));
}
