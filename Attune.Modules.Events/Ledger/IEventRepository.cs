using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>Reads events, and deletes one. There is no update: the database refuses it as well.</summary>
public interface IEventRepository
{
    /// <summary>The event of an id; null when there is none, or retention has dropped it.</summary>
    Task<Event?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Events newest first.</summary>
    Task<Page<EventSummary>> ListAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Deletes an event. What refers to it keeps its id, and reads it as expired.</summary>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);
}
