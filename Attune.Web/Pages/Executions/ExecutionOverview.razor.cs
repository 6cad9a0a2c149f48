using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>What an execution is, and how far it has come.</summary>
public sealed partial class ExecutionOverview
{
    [Parameter, EditorRequired]
    public required Execution Execution { get; set; }
}
