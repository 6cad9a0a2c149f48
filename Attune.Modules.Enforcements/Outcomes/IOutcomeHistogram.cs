using Attune.Db.Histograms;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>Counts the events of a list by when they came, where it may be filtered by what became of them.</summary>
public interface IOutcomeHistogram
{
    /// <summary>Counts the events that <see cref="IEventOutcomes.ListAsync"/> lists between the first edge and the last.</summary>
    /// <param name="filter">As the list's.</param>
    /// <param name="edges">The ends of the buckets, which are half-open.</param>
    /// <param name="by">What tells them apart.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    Task<Histogram> CountAsync(
        OutcomeFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by, CancellationToken cancellationToken);

    /// <summary>When the oldest event came that is still there; null where there is none.</summary>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);
}
