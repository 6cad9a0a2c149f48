using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>When an enforcement was resolved, or that it is not.</summary>
public sealed partial class ResolvedAt
{
    [Parameter, EditorRequired]
    public required DateTimeOffset? At { get; set; }

    /// <summary>Shows milliseconds.</summary>
    [Parameter]
    public bool Precise { get; set; }
}
