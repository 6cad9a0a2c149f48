using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A reference, linked to what it names.</summary>
public sealed partial class RefLink
{
    [Parameter, EditorRequired]
    public required string? Ref { get; set; }

    [Parameter]
    public string? Href { get; set; }

    /// <summary>What to say, in grey, when there is no reference.</summary>
    [Parameter]
    public string None { get; set; } = "–";
}
