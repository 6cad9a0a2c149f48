using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>The filters of a list; behind a button where there is little room.</summary>
public sealed partial class FilterBar
{
    private bool _open;

    /// <summary>How many filters are set.</summary>
    [Parameter, EditorRequired]
    public required int Active { get; set; }

    /// <summary>The address of the list without filters.</summary>
    [Parameter, EditorRequired]
    public required string Clear { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    private void Toggle() => _open = !_open;
}
