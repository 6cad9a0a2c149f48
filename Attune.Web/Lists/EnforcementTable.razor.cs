using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Enforcements, a line each.</summary>
public sealed partial class EnforcementTable
{
    /// <summary>The columns that can be switched off, by the name they have in the markup.</summary>
    public static IReadOnlyList<TableColumn> Columns { get; } =
    [
        new("enforcements.trigger", "Trigger"), new("enforcements.event", "Event"), new("enforcements.outcome", "Outcome"),
        new("enforcements.created", "Created"), new("enforcements.resolved", "Resolved At"), new("enforcements.took", "Took"),
    ];

    [Parameter, EditorRequired]
    public required IReadOnlyList<EnforcementSummary> Rows { get; set; }

    /// <summary>What became of each enforcement, by its id; null shows no such column.</summary>
    [Parameter]
    public IReadOnlyDictionary<long, RuleOutcome>? Outcomes { get; set; }

    /// <summary>Only the columns that a card has room for.</summary>
    [Parameter]
    public bool Brief { get; set; }
}
