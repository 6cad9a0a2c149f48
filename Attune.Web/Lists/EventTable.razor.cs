using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Events, a line each.</summary>
public sealed partial class EventTable
{
    /// <summary>The columns that can be switched off, by the name they have in the markup.</summary>
    public static IReadOnlyList<TableColumn> Columns { get; } =
    [
        new("events.rules", "Rules that matched"), new("events.target", "Target"), new("events.source", "Source"),
        new("events.created", "Created"), new("events.age", "Age"),
    ];

    [Parameter, EditorRequired]
    public required IReadOnlyList<EventSummary> Rows { get; set; }

    /// <summary>The rules that matched each event, by the event's id; null shows no such column.</summary>
    [Parameter]
    public IReadOnlyDictionary<long, IReadOnlyList<RuleOutcome>>? Outcomes { get; set; }

    /// <summary>Only the columns that a card has room for.</summary>
    [Parameter]
    public bool Brief { get; set; }
}
