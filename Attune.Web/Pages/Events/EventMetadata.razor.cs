using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>What an event is, in numbers and references.</summary>
public sealed partial class EventMetadata
{
    [Parameter, EditorRequired]
    public required Event Shown { get; set; }

    /// <summary>Whether it stays when retention drops its rows.</summary>
    [Parameter]
    public bool IsPinned { get; set; }
}
