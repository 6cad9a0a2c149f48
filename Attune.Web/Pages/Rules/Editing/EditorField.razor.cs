using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>A field with its name above it, and what is wrong with it below.</summary>
public sealed partial class EditorField
{
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public bool IsRequired { get; set; }

    [Parameter]
    public string? Class { get; set; }

    [Parameter]
    public string? Hint { get; set; }

    [Parameter]
    public string? Mistake { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
