using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Executions, a line each.</summary>
public sealed partial class ExecutionTable
{
    /// <summary>The columns that can be switched off, by the name they have in the markup.</summary>
    public static IReadOnlyList<TableColumn> Columns { get; } =
    [
        new("executions.rule", "Rule"), new("executions.trigger", "Trigger"), new("executions.enforcement", "Enforcement"),
        new("executions.error", "Error"), new("executions.created", "Created"), new("executions.took", "Took"),
        new("executions.age", "Age"),
    ];

    [Parameter, EditorRequired]
    public required IReadOnlyList<ExecutionSummary> Rows { get; set; }

    /// <summary>Only the columns that a card has room for.</summary>
    [Parameter]
    public bool Brief { get; set; }
}
