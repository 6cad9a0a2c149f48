using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>How many deliveries of a webhook ended how; each figure leads to its list.</summary>
public sealed partial class DeliveryCountsPanel
{
    [Parameter, EditorRequired]
    public required string Reference { get; set; }

    [Parameter, EditorRequired]
    public required DeliveryCounts Counts { get; set; }

    private (DeliveryOutcome Outcome, long Count)[] Outcomes =>
    [
        (DeliveryOutcome.Taken, Counts.Taken), (DeliveryOutcome.Repeated, Counts.Repeated), (DeliveryOutcome.Refused, Counts.Refused),
    ];
}
