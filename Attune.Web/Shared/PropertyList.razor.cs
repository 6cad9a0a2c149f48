using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Names and values under one another; each is a <see cref="Property"/>.</summary>
public sealed partial class PropertyList
{
    /// <summary>Puts values below their names, for a sidebar.</summary>
    [Parameter]
    public bool Narrow { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
