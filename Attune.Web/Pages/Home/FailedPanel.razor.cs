using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Pages.Executions;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>What executions of the range failed with, the most frequent first; nothing where none did.</summary>
public sealed partial class FailedPanel
{
    /// <summary>Null until they are read.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<FailureReason>? Reasons { get; set; }

    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    private string All => new ExecutionsFilter
    {
        Range = Range, Status = [ExecutionStatus.Failed, ExecutionStatus.Timeout, ExecutionStatus.Abandoned],
    }.Address;

    private string Link(FailureReason reason) =>
        new ExecutionsFilter { Range = Range, Status = [reason.Status], Action = reason.ActionRef }.Address;
}
