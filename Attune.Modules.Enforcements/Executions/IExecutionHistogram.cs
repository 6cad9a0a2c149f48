using Attune.Db.Histograms;

namespace Attune.Modules.Enforcements;

/// <summary>What tells the executions of a histogram apart.</summary>
public enum ExecutionLabel
{
    /// <summary>The names of <see cref="ExecutionStatus"/>.</summary>
    Status,

    /// <summary>The action's reference.</summary>
    Action,
}

/// <summary>Counts the executions of a list by when they were asked for.</summary>
public interface IExecutionHistogram
{
    /// <summary>Counts the executions that the list of a filter has between the first edge and the last.</summary>
    /// <param name="filter">As the list's.</param>
    /// <param name="edges">The ends of the buckets, which are half-open.</param>
    /// <param name="by">What tells them apart.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    Task<Histogram> CountAsync(
        ExecutionFilter filter, IReadOnlyList<DateTimeOffset> edges, ExecutionLabel by, CancellationToken cancellationToken);

    /// <summary>When the oldest execution was asked for that is still there; null where there is none.</summary>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);
}
