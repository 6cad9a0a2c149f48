using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Reads workers, and deletes those that are no more.</summary>
public interface IWorkerRepository
{
    /// <summary>The worker of an id; null when there is none.</summary>
    Task<Worker?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Workers, by name. Pages go by offset.</summary>
    Task<Page<WorkerSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>How many executions are leased to each worker, of those of the last six days; a worker without any is left out.</summary>
    Task<IReadOnlyDictionary<long, long>> LeaseCountsAsync(CancellationToken cancellationToken);

    /// <summary>Deletes a worker that is inactive. Its executions and its history stay; what is leased to it is requeued.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="RefusedException">It is not inactive.</exception>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);
}
