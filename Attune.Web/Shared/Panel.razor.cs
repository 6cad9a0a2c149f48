using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A titled card.</summary>
public sealed partial class Panel
{
    private readonly string _id = $"panel-{Guid.NewGuid():N}";

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>A number that stands beside the title.</summary>
    [Parameter]
    public string? Count { get; set; }

    [Parameter]
    public string? Class { get; set; }

    /// <summary>Lets a table reach the card's edges.</summary>
    [Parameter]
    public bool Flush { get; set; }

    [Parameter]
    public RenderFragment? Actions { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
