using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>What became of a delivery, in a word with its colour.</summary>
public sealed partial class DeliveryChip
{
    [Parameter, EditorRequired]
    public required DeliveryOutcome Outcome { get; set; }

    private string Tone => Outcome switch
    {
        DeliveryOutcome.Taken => "good",
        DeliveryOutcome.Refused => "bad",
        _ => "neutral",
    };
}
