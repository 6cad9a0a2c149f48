namespace Attune.Modules.Enforcements;

/// <summary>Reads workers.</summary>
public interface IWorkerRepository
{
    /// <summary>The worker of an id; null when there is none.</summary>
    Task<Worker?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>All workers, by name.</summary>
    Task<IReadOnlyList<Worker>> ListAsync(CancellationToken cancellationToken);

    /// <summary>How many executions are leased to each worker, of those of the last six days; a worker without any is left out.</summary>
    Task<IReadOnlyDictionary<long, long>> LeaseCountsAsync(CancellationToken cancellationToken);
}
