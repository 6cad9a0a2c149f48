using Attune.Db.Histograms;

namespace Attune.Modules.Enforcements;

/// <summary>What became of an enforcement.</summary>
public enum EnforcementOutcome
{
    /// <summary>Its newest execution is over and did not fail, or there is none.</summary>
    Done,

    /// <summary>Its newest execution, the last attempt of the last run, failed, ran out of time or was abandoned.</summary>
    Failed,

    /// <summary>It is not resolved yet, or its newest execution is not over.</summary>
    Pending,

    /// <summary>No execution was requested.</summary>
    Disabled,

    /// <summary>Its rule was a shadow.</summary>
    Shadow,
}

/// <summary>What tells the enforcements of a histogram apart.</summary>
public enum EnforcementLabel
{
    /// <summary>The names of <see cref="EnforcementStatus"/>.</summary>
    Status,

    /// <summary>The rule's reference.</summary>
    Rule,

    /// <summary>The names of <see cref="EnforcementOutcome"/>.</summary>
    Outcome,
}

/// <summary>Counts the enforcements of a list by when their events came.</summary>
public interface IEnforcementHistogram
{
    /// <summary>Counts the enforcements that the list of a filter has between the first edge and the last.</summary>
    /// <param name="filter">As the list's.</param>
    /// <param name="edges">The ends of the buckets, which are half-open.</param>
    /// <param name="by">What tells them apart.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    Task<Histogram> CountAsync(
        EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, EnforcementLabel by, CancellationToken cancellationToken);

    /// <summary>When the event of the oldest enforcement came that is still there; null where there is none.</summary>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);
}
