using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Failed executions, those that took too long and those that were given up, grouped by what they said: errors that differ only in numbers,
/// ids and quoted texts are one. Of several attempts the last one counts, and one that was run again does not: its new run stands for it.
/// </summary>
public interface IFailureGroups
{
    /// <summary>The groups of a range of time, the largest first.</summary>
    /// <exception cref="RefusedException">The range is none or too long, or the errors cannot be read in time.</exception>
    Task<FailureReport> ReportAsync(FailureFilter filter, CancellationToken cancellationToken);

    /// <summary>The executions of a group, newest first.</summary>
    /// <param name="filter">What the groups were asked for.</param>
    /// <param name="action">The group's action.</param>
    /// <param name="error">The group's error.</param>
    /// <param name="most">How many at most; a report counts no more than <see cref="FailureReport.MostExecutions"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RefusedException">As for <see cref="ReportAsync"/>.</exception>
    Task<IReadOnlyList<FailedExecution>> ListAsync(
        FailureFilter filter, string action, string error, int most, CancellationToken cancellationToken);
}

/// <summary>Which failures to group. A property left null does not filter; those that are set all hold.</summary>
public sealed record FailureFilter
{
    /// <summary>The longest range, in days.</summary>
    public const int MostDays = 90;

    public string? ActionRef { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }

    /// <summary>Created at or after.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Created before.</summary>
    public required DateTimeOffset Until { get; init; }
}

/// <summary>The failures of a range of time.</summary>
public sealed record FailureReport
{
    /// <summary>So many executions are looked at, the newest ones; what is older is not counted.</summary>
    public const int MostExecutions = 20_000;

    /// <summary>The most groups.</summary>
    public const int MostGroups = 100;

    /// <summary>Into how many parts the range is divided.</summary>
    public const int Parts = 24;

    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>How many executions the groups have together, those included that are not listed.</summary>
    public required long Total { get; init; }

    /// <summary>Whether there are more than were looked at.</summary>
    public required bool TotalIsMinimum { get; init; }

    /// <summary>How many groups there are beyond those that are listed.</summary>
    public required int Others { get; init; }

    public required IReadOnlyList<FailureGroup> Groups { get; init; }
}

/// <summary>Failures that said the same.</summary>
public sealed record FailureGroup
{
    public required string ActionRef { get; init; }

    /// <summary>What they said, with <c>#</c> for numbers and ids and <c>…</c> for quoted texts; empty where they said nothing.</summary>
    public required string Error { get; init; }

    public required long Count { get; init; }
    public required DateTimeOffset First { get; init; }
    public required DateTimeOffset Last { get; init; }

    /// <summary>The newest of them.</summary>
    public required long Sample { get; init; }

    /// <summary>What that one said, its beginning.</summary>
    public required string SampleError { get; init; }

    /// <summary>How many there were in each part of the range, oldest first.</summary>
    public required IReadOnlyList<long> Counts { get; init; }
}

/// <summary>An execution of a group.</summary>
public sealed record FailedExecution
{
    public required long Id { get; init; }
    public required string ActionRef { get; init; }
    public required ExecutionStatus Status { get; init; }
    public string? RuleRef { get; init; }

    /// <summary>What it said, its beginning.</summary>
    public required string Error { get; init; }

    public required DateTimeOffset Created { get; init; }
}
