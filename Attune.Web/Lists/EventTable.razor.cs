using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Events, a line each.</summary>
public sealed partial class EventTable
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<EventSummary> Rows { get; set; }

    /// <summary>Only the columns that a card has room for.</summary>
    [Parameter]
    public bool Brief { get; set; }
}
