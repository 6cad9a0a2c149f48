using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>How long ago something was. The browser counts on by itself.</summary>
public sealed partial class Ago
{
    [Parameter, EditorRequired]
    public required DateTimeOffset At { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }
}
