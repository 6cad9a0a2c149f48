using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>The event that a row came of; it may have expired since.</summary>
public sealed partial class EventLink
{
    [Parameter, EditorRequired]
    public required long? Id { get; set; }

    /// <summary>Whether the event is still there.</summary>
    [Parameter, EditorRequired]
    public required bool Found { get; set; }
}
