using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A name and its value.</summary>
public sealed partial class Property
{
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string? Value { get; set; }

    /// <summary>What to say, in grey, when there is no value.</summary>
    [Parameter]
    public string None { get; set; } = "–";

    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
