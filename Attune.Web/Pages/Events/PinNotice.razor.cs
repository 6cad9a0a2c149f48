using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Events;

/// <summary>Says that an event is pinned, since when and why, and unpins it.</summary>
public sealed partial class PinNotice
{
    private bool _busy;

    [Parameter, EditorRequired]
    public required PinnedEventSummary Pin { get; set; }

    /// <summary>Whether the copy is all that is left.</summary>
    [Parameter]
    public bool IsExpired { get; set; }

    /// <summary>Called when it is not pinned any more.</summary>
    [Parameter]
    public EventCallback Unpinned { get; set; }

    [Inject]
    public required IPinnedEvents Pins { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private string How => (IsExpired, Pin.IsComplete) switch
    {
        (true, true) => "Retention has dropped its rows. This is the copy of",
        (true, false) => "Retention has dropped its rows while something of it was under way. This is the copy of",
        (false, true) => "It stays when retention drops its rows, with all that came of it: copied",
        (false, false) => "Something of it is under way, so it is copied again until that is over. Copied last",
    };

    private async Task UnpinAsync()
    {
        // While its rows are there, it can be pinned again.
        if (IsExpired && !await Dialogs.SureAsync(
            $"Unpin event #{Pin.Event}?", "Its rows are dropped already. What is kept of it is deleted for good.", "Delete the copy"))
        {
            return;
        }

        _busy = true;
        if (await Snackbar.TryAsync(() => Pins.UnpinAsync(Pin.Event, Leaving)))
        {
            await Unpinned.InvokeAsync();
        }

        _busy = false;
    }
}
