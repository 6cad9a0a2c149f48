using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>Puts a text on the clipboard, and says that it did.</summary>
public sealed partial class CopyButton
{
    private bool _copied;

    /// <summary>Makes the text, when it is asked for.</summary>
    [Parameter, EditorRequired]
    public required Func<string> Text { get; set; }

    /// <summary>What is copied, such as <c>id</c>, for the tooltip.</summary>
    [Parameter]
    public string What { get; set; } = "";

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private async Task CopyAsync()
    {
        if (!await Browser.CopyAsync(Text(), Leaving))
        {
            Snackbar.Add("The browser does not allow copying here.", Severity.Warning);
            return;
        }

        _copied = true;
        StateHasChanged();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5), Clock, Leaving);
            _copied = false;
        }
        catch (OperationCanceledException)
        {
            // The button is gone.
        }
    }
}
