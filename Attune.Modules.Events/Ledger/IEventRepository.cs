using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>Reads events. Nothing changes one, and retention alone drops them.</summary>
public interface IEventRepository
{
    /// <summary>The event of an id; null when there is none, or retention has dropped it.</summary>
    Task<Event?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Whether there is an event of an id; what it holds is not read.</summary>
    Task<bool> ExistsAsync(long id, CancellationToken cancellationToken);

    /// <summary>The events of the same trigger that were written just before one and just after it.</summary>
    Task<EventNeighbours> NeighboursAsync(Event of, CancellationToken cancellationToken);

    /// <summary>Events newest first.</summary>
    Task<Page<EventSummary>> ListAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken);
}
