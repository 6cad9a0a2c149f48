using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>The head of a page: where it belongs, what it shows, what can be done.</summary>
public sealed partial class PageHead
{
    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>The address of the list that the page belongs to.</summary>
    [Parameter]
    public string? Back { get; set; }

    [Parameter]
    public string? BackTo { get; set; }

    /// <summary>Stands beside the title, such as a status.</summary>
    [Parameter]
    public RenderFragment? Beside { get; set; }

    [Parameter]
    public RenderFragment? Actions { get; set; }

    [Parameter]
    public RenderFragment? Lead { get; set; }
}
