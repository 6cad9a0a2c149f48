using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>One thing of a lineage.</summary>
public sealed partial class LineageNode
{
    [Parameter, EditorRequired]
    public required LineageKind Kind { get; set; }

    [Parameter]
    public long? Id { get; set; }

    /// <summary>Its page; null on that page itself.</summary>
    [Parameter]
    public string? Href { get; set; }

    [Parameter]
    public string? Ref { get; set; }

    /// <summary>Why it is not there, in its stead.</summary>
    [Parameter]
    public string? Note { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string Icon => Kind switch
    {
        LineageKind.Event => Icons.Material.Outlined.Sensors,
        LineageKind.Enforcement => Icons.Material.Outlined.Rule,
        _ => Icons.Material.Outlined.PlayCircle,
    };
}
