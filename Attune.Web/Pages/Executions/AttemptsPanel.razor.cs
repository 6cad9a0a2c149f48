using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>The attempts at one thing, the first one first; the one whose page this is has no link.</summary>
public sealed partial class AttemptsPanel
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<ExecutionSummary> Rows { get; set; }

    /// <summary>The attempt that the page shows.</summary>
    [Parameter, EditorRequired]
    public required Execution Current { get; set; }

    private long First => Current.OriginalExecution ?? Current.Id;

    // The first one may have expired before the others.
    private int Offset => Rows is [var one, ..] && one.Id == First ? 0 : 1;

    private string Count => $"{Rows.Count} of at most {(Current.MaxRetries ?? 0) + 1}";

    private string? Note => Rows is not [.., var last] ? null : last.Status switch
    {
        ExecutionStatus.Completed or ExecutionStatus.Cancelled or ExecutionStatus.Abandoned => null,
        ExecutionStatus.Failed or ExecutionStatus.Timeout => Rows.Count + Offset > (Current.MaxRetries ?? 0)
            ? "No further attempt is left."
            : "No further attempt was asked for.",
        _ => null,
    };

    /// <summary>An execution as a list shows it.</summary>
    public static ExecutionSummary Summary(Execution one) => new()
    {
        Id = one.Id, ActionRef = one.ActionRef, Status = one.Status, Parent = one.Parent, Enforcement = one.Enforcement,
        RuleRef = one.RuleRef, TriggerRef = one.TriggerRef, Worker = one.Worker, StartedAt = one.StartedAt,
        Created = one.Created, Updated = one.Updated,
    };
}
