using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>How long something has been going on. The browser counts on by itself.</summary>
public sealed partial class Running
{
    [Parameter, EditorRequired]
    public required DateTimeOffset Since { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }
}
