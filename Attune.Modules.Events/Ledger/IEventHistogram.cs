using Attune.Db.Histograms;

namespace Attune.Modules.Events;

/// <summary>What became of an event; the one definition is <c>event_outcomes</c> in the database.</summary>
public enum EventOutcome
{
    /// <summary>A rule matched, and it is neither pending nor failed.</summary>
    Matched,

    /// <summary>No rule matched; a shadow is none.</summary>
    FiredNothing,

    /// <summary>An enforcement is not resolved yet, or its newest execution is not over; and none has failed.</summary>
    Pending,

    /// <summary>The newest execution of an enforcement failed, ran out of time or was abandoned.</summary>
    Failed,
}

/// <summary>What tells the events of a histogram apart.</summary>
public enum EventLabel
{
    /// <summary>The names of <see cref="EventOutcome"/>.</summary>
    Outcome,

    /// <summary>The trigger's reference.</summary>
    Trigger,
}

/// <summary>Counts the events of a list by when they came.</summary>
public interface IEventHistogram
{
    /// <summary>Counts the events that the list of a filter has between the first edge and the last.</summary>
    /// <param name="filter">As the list's.</param>
    /// <param name="edges">The ends of the buckets, which are half-open.</param>
    /// <param name="by">What tells them apart.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    Task<Histogram> CountAsync(
        EventFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by, CancellationToken cancellationToken);

    /// <summary>When the oldest event came that is still there; null where there is none.</summary>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);
}
