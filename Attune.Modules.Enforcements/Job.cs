using System.Text.Json.Serialization;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Sends events again.</summary>
    ReplayEvents,

    /// <summary>Runs executions again.</summary>
    RerunExecutions,
}

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Counted, and not confirmed.</summary>
    Draft,
    Running,
    Stopped,

    /// <summary>Nothing is left to be done.</summary>
    Completed,

    /// <summary>Ended by somebody before everything was done, for good.</summary>
    Aborted,
}

/// <summary>What became of an item of a job.</summary>
public enum JobOutcome
{
    /// <summary>There is a new event or a new execution.</summary>
    Done,

    /// <summary>There is none, and the reason says why.</summary>
    Failed,
}

/// <summary>Many events sent again, or many executions run again.</summary>
public sealed record Job : IKeysetRow
{
    public required long Id { get; init; }
    public required JobKind Kind { get; init; }
    public required JobState State { get; init; }

    /// <summary>What it was asked to work on; null for one that was given ids.</summary>
    public JobFilter? Filter { get; init; }

    public required JobChoices Options { get; init; }

    /// <summary>Some of what it works on: the first of the ids that it was given; empty for one that was given a filter.</summary>
    public IReadOnlyList<long> Sample { get; init; } = [];

    /// <summary>How many items there are: of a draft, how many there were when it was made.</summary>
    public required long Total { get; init; }

    public required long Done { get; init; }
    public required long Failed { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>An item of a job, and what became of it.</summary>
public sealed record JobItemSummary
{
    /// <summary>Its place in the job, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The event that is sent again, or the execution that is run again.</summary>
    public required long Item { get; init; }

    /// <summary>Null as long as nothing became of it.</summary>
    public JobOutcome? Outcome { get; init; }

    /// <summary>The new event, or the new execution.</summary>
    public long? Result { get; init; }

    /// <summary>Why there is none.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A job to be made: of ids, or of a filter.</summary>
public sealed record NewJob
{
    /// <summary>The most items that a job may have.</summary>
    public const int MostItems = 1_000_000;

    public required JobKind Kind { get; init; }

    /// <summary>The events or the executions, in the order in which they are taken; one that is there twice counts once.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    public JobFilter? Filter { get; init; }
    public JobChoices Options { get; init; } = new();
}

/// <summary>
/// Which events or executions a job works on, oldest first. A property left null does not filter; those that are set all hold.
/// </summary>
public sealed record JobFilter
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TriggerRef { get; init; }

    /// <summary>The rule that led to the executions, or that the events were meant for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RuleRef { get; init; }

    /// <summary>Of events only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceRef { get; init; }

    /// <summary>Of executions only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActionRef { get; init; }

    /// <summary>
    /// Of executions only: any of these; left out, every one that is over. Of several attempts the last one alone is taken.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExecutionStatus>? Status { get; init; }

    /// <summary>Of executions only: text that the error of the result contains, upper or lower case alike.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorContains { get; init; }

    /// <summary>Created at or after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before; left out or yet to come, when the job was made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>How a job does what it does.</summary>
public sealed record JobChoices
{
    /// <summary>For events: the references of the rules that alone are asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>For executions: also those that are not over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Force { get; init; }
}
