using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>Asks before something cannot be undone: Enter and Escape alike leave things as they are.</summary>
public sealed partial class SureDialog
{
    private MudButton? _cancel;

    public static DialogOptions Options { get; } = new() { CloseOnEscapeKey = true, DefaultFocus = DefaultFocus.None };

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

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && _cancel is not null)
        {
            await _cancel.FocusAsync();
        }
    }

    private void Cancel() => Dialog.Cancel();

    private void Go() => Dialog.Close(DialogResult.Ok(true));
}
