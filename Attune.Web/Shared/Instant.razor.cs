using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A date and time in the reader's zone; the tooltip has it in UTC as well.</summary>
public sealed partial class Instant
{
    [Parameter, EditorRequired]
    public required DateTimeOffset At { get; set; }

    /// <summary>Shows milliseconds.</summary>
    [Parameter]
    public bool Precise { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private string Text => Precise ? Format.Precise(At, Browser.Zone) : Format.Instant(At, Browser.Zone);
}
