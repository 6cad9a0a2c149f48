using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>
/// A field of a form: its name above the input, and below it what is wrong and what is expected. The input names that as its
/// description, whose id is the field's with <c>-about</c>.
/// </summary>
public sealed partial class Field
{
    /// <summary>The id of the input.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>What a number counts.</summary>
    [Parameter]
    public string? Unit { get; set; }

    /// <summary>Whether something must be entered.</summary>
    [Parameter]
    public bool IsRequired { get; set; }

    [Parameter]
    public string? Class { get; set; }

    [Parameter]
    public RenderFragment? Hint { get; set; }

    /// <summary>A hint that is mere text.</summary>
    [Parameter]
    public string? HintText { get; set; }

    /// <summary>Null when nothing is wrong.</summary>
    [Parameter]
    public string? Mistake { get; set; }

    /// <summary>Takes the whole width of the form.</summary>
    [Parameter]
    public bool IsWide { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
