using System.Text.Json;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>
/// An execution that was leased to a worker; when it was tells one lease from a later one of the same execution to the same worker.
/// </summary>
internal record ExecutionLease
{
    public required long Id { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The worker's id.</summary>
    public required long Worker { get; init; }

    /// <summary>When it was claimed, to the microsecond.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The secret by which a remote worker says which lease it speaks of; null for a built-in worker.</summary>
    public string? Claim { get; init; }
}

/// <summary>An execution that a worker has just claimed, with what it needs to run it.</summary>
internal sealed record ClaimedExecution : ExecutionLease
{
    public required string ActionRef { get; init; }
    public JsonElement? Config { get; init; }
    public required int RetryCount { get; init; }

    /// <summary>The first attempt, on those that follow it.</summary>
    public long? OriginalExecution { get; init; }

    public long? Enforcement { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }

    /// <summary>What the action says of its parameters.</summary>
    public JsonElement? ParamSchema { get; init; }

    public int? TimeoutSeconds { get; init; }
}

/// <summary>An execution that is leased to a worker, or was when it was read.</summary>
internal sealed record LeasedExecution : ExecutionLease
{
    public required ExecutionStatus Status { get; init; }
    public required int LostCount { get; init; }
    public int? TimeoutSeconds { get; init; }
}

/// <summary>What became of an execution.</summary>
/// <param name="Lease">The execution, as it was leased.</param>
/// <param name="Status">Any of those that are final.</param>
/// <param name="Result">The result, as JSON.</param>
/// <param name="MayRetry">Whether another attempt could end otherwise; it is made where the action says so.</param>
internal sealed record FinishedExecution(ExecutionLease Lease, ExecutionStatus Status, string Result, bool MayRetry = true);
