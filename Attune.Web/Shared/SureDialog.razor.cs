using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>Asks before something is lost. The focus is on Cancel, so that Enter twice changes nothing.</summary>
public sealed partial class SureDialog
{
    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; init; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>The verb that is asked about.</summary>
    [Parameter, EditorRequired]
    public required string Yes { get; set; }

    /// <summary>What leaves things as they are.</summary>
    [Parameter]
    public string No { get; set; } = "Cancel";

    /// <summary>What it is about, in more words.</summary>
    [Parameter]
    public RenderFragment? Detail { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Browser.FocusSafeAnswerAsync(CancellationToken.None);
        }
    }
}

/// <summary>Opens the dialog that asks before something is lost.</summary>
public static class SureDialogs
{
    private static readonly DialogOptions Options = new()
    {
        CloseOnEscapeKey = true, BackdropClick = true, MaxWidth = MaxWidth.ExtraSmall, FullWidth = true,
        DefaultFocus = DefaultFocus.None,
    };

    /// <summary>Asks; true only when the verb itself was chosen.</summary>
    /// <param name="dialogs">Where to.</param>
    /// <param name="title">The question.</param>
    /// <param name="text">What would be lost, and what stays.</param>
    /// <param name="yes">The verb, such as <c>Delete</c>.</param>
    /// <param name="no">What leaves things as they are.</param>
    /// <param name="detail">What it is about, in more words.</param>
    public static async Task<bool> SureAsync(
        this IDialogService dialogs, string title, string text, string yes, string no = "Cancel", RenderFragment? detail = null)
    {
        var shown = await dialogs.ShowAsync<SureDialog>(
            title,
            new DialogParameters<SureDialog>
            {
                { one => one.Title, title }, { one => one.Text, text }, { one => one.Yes, yes }, { one => one.No, no },
                { one => one.Detail, detail },
            },
            Options);
        return await shown.Result is { Canceled: false };
    }
}
