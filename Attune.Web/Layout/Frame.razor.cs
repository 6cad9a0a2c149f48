using Microsoft.AspNetCore.Components;

namespace Attune.Web.Layout;

/// <summary>
/// The frame around every page: bar, navigation, content. The same one is in the document before the circuit is there, so that
/// nothing moves when it comes. frame.js opens and closes the navigation where it is a drawer.
/// </summary>
public sealed partial class Frame
{
    /// <summary>Whether it is drawn by a circuit, and not only for the time until there is one.</summary>
    [Parameter]
    public bool Live { get; set; }

    /// <summary>What stands at the end of the bar.</summary>
    [Parameter]
    public RenderFragment? Tools { get; set; }

    /// <summary>What stands below the navigation.</summary>
    [Parameter]
    public RenderFragment? Foot { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string Here => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    private (Destination Place, bool IsList)? Where => Destination.Of(Here);
}
