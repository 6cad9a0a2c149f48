using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>The frame of a field in a filter bar: its label in the border, and below it what is wrong with it.</summary>
public sealed partial class FieldFrame
{
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The id of the input.</summary>
    [Parameter, EditorRequired]
    public required string For { get; set; }

    /// <summary>Null when nothing is wrong. The input names it as its description: its id is the input's and <c>-mistake</c>.</summary>
    [Parameter]
    public string? Mistake { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
