using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>Pins an event with a note, or changes the note of a pin.</summary>
public sealed partial class PinForm
{
    private ElementReference _input;
    private string? _note;
    private string? _mistake;
    private bool _busy;

    /// <summary>The event.</summary>
    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>Its pin; null when it has none yet.</summary>
    [Parameter]
    public PinnedEventSummary? Pin { get; set; }

    /// <summary>Called when it is pinned.</summary>
    [Parameter]
    public EventCallback Pinned { get; set; }

    [Inject]
    public required IPinnedEvents Pins { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override void OnInitialized() => _note = Pin?.Note;

    // Whoever opened the form wants to write in it.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _input.FocusAsync();
        }
    }

    private async Task SaveAsync()
    {
        (_busy, _mistake) = (true, null);
        try
        {
            if (await Pins.PinAsync(Id, _note, Leaving) is null)
            {
                _mistake = "The event is not there any more.";
                return;
            }

            await Pinned.InvokeAsync();
            Close();
        }
        catch (RefusedException refused)
        {
            _mistake = refused.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Close() => Navigation.NavigateTo(Urls.Event(Id), replace: true);
}
