using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>The form of something that is made or changed: what is wrong above, the fields, and below them the verb and the way back.</summary>
public sealed partial class SetupForm
{
    [Parameter, EditorRequired]
    public required FormMistakes Mistakes { get; set; }

    [Parameter]
    public EventCallback Submit { get; set; }

    /// <summary>The verb.</summary>
    [Parameter, EditorRequired]
    public required string Yes { get; set; }

    /// <summary>Where Cancel leads.</summary>
    [Parameter, EditorRequired]
    public required string Cancel { get; set; }

    [Parameter]
    public bool IsSaving { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
