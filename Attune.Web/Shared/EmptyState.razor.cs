using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>Says why there is nothing to show, and what can be done about it.</summary>
public sealed partial class EmptyState
{
    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter]
    public string Icon { get; set; } = Icons.Material.Outlined.Inbox;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
