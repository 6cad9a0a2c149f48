using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Where an execution stands; spelled as the original spells it.</summary>
public enum ExecutionStatus
{
    Requested,
    Scheduling,
    Scheduled,
    Running,
    Completed,
    Failed,
    Canceling,
    Cancelled,
    Timeout,
    Abandoned,
}

/// <summary>An action was asked for; a worker runs it.</summary>
public sealed record Execution
{
    public required long Id { get; init; }
    public long? Action { get; init; }
    public required string ActionRef { get; init; }

    /// <summary>The action's parameters.</summary>
    public JsonElement? Config { get; init; }

    public long? Parent { get; init; }

    /// <summary>The enforcement that asked for it; it may be expired.</summary>
    public long? Enforcement { get; init; }

    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public long? Executor { get; init; }
    public long? Worker { get; init; }
    public required ExecutionStatus Status { get; init; }
    public JsonElement? Result { get; init; }

    /// <summary>
    /// How far its action said that it was: an object of <c>percent</c> and <c>text</c>, either of which may be null, and
    /// <c>reported_at</c>. Null where it said nothing.
    /// </summary>
    public JsonElement? Progress { get; init; }

    /// <summary>Which attempt this is: 0 for the first.</summary>
    public required int RetryCount { get; init; }

    /// <summary>How many attempts may follow the first; null for none.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Why it is run again, or a further time.</summary>
    public string? RetryReason { get; init; }

    /// <summary>The first attempt, on those that follow it.</summary>
    public long? OriginalExecution { get; init; }

    /// <summary>The execution that it was run again from; that one may be expired.</summary>
    public long? RerunOf { get; init; }

    /// <summary>How often the worker was lost that it was leased to.</summary>
    public required int LostCount { get; init; }

    /// <summary>A later attempt is not run earlier.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>An execution as a list shows it.</summary>
public sealed record ExecutionSummary : IKeysetRow
{
    public required long Id { get; init; }
    public required string ActionRef { get; init; }
    public required ExecutionStatus Status { get; init; }
    public long? Parent { get; init; }
    public long? Enforcement { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public long? Worker { get; init; }

    /// <summary>Which attempt this is: 0 for the first.</summary>
    public int RetryCount { get; init; }

    /// <summary>The first attempt, on those that follow it.</summary>
    public long? OriginalExecution { get; init; }

    /// <summary>The execution that it was run again from; that one may be expired.</summary>
    public long? RerunOf { get; init; }

    /// <summary>The first line of what went wrong, up to 200 characters; null where nothing did.</summary>
    public string? Error { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>Which executions to list. A property left null does not filter; those that are set all hold.</summary>
public sealed record ExecutionFilter
{
    /// <summary>Any of these; empty does not filter.</summary>
    public IReadOnlyList<ExecutionStatus> Statuses { get; init; } = [];

    public string? ActionRef { get; init; }

    /// <summary>The pack of the action: references that begin with it and a dot.</summary>
    public string? PackName { get; init; }

    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public long? Executor { get; init; }
    public long? Worker { get; init; }
    public long? Enforcement { get; init; }
    public long? Parent { get; init; }

    /// <summary>The attempts that followed this first one.</summary>
    public long? OriginalExecution { get; init; }

    /// <summary>Those that were run again from this one.</summary>
    public long? RerunOf { get; init; }

    /// <summary>Those without a parent that were not run again from another, and of several attempts the first.</summary>
    public bool TopLevelOnly { get; init; }

    /// <summary>Text that the result contains, upper or lower case alike.</summary>
    public string? ResultContains { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>An execution to be requested.</summary>
public sealed record NewExecution
{
    public required string ActionRef { get; init; }
    public JsonElement? Config { get; init; }
    public long? Parent { get; init; }
    public long? Enforcement { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
}
