using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>Why an execution failed, before anything else that the page says of it.</summary>
public sealed partial class FailurePanel
{
    private const int MostCharacters = 8_000;

    [Parameter, EditorRequired]
    public required Execution Execution { get; set; }

    [Parameter, EditorRequired]
    public required ExecutionFailure Failure { get; set; }

    private string Title => Execution.Status switch
    {
        ExecutionStatus.Timeout => $"{Execution.ActionRef} took too long",
        ExecutionStatus.Abandoned => $"{Execution.ActionRef} was given up: its worker was lost again and again",
        _ => $"{Execution.ActionRef} failed",
    };

    private string When => Execution.StartedAt is { } started
        ? $"after {Format.Duration(Execution.Updated - started)}{Attempt}"
        : $"before it was started{Attempt}";

    private string Attempt => Execution.MaxRetries > 0 ? $", attempt {Execution.RetryCount + 1} of at most {Execution.MaxRetries + 1}" : "";
}
