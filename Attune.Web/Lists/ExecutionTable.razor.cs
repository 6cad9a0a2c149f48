using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Executions, a line each.</summary>
public sealed partial class ExecutionTable
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<ExecutionSummary> Rows { get; set; }

    /// <summary>Only the columns that a card has room for.</summary>
    [Parameter]
    public bool Brief { get; set; }
}
