using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>The pin of an event, or the form that makes or changes it.</summary>
public sealed partial class EventPin
{
    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>Null while it is not pinned.</summary>
    [Parameter]
    public PinnedEventSummary? Pin { get; set; }

    /// <summary>Whether the form is open.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Whether the copy is all that is left.</summary>
    [Parameter]
    public bool IsExpired { get; set; }

    /// <summary>Called when it was pinned, changed or unpinned.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }
}
