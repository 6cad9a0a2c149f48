using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Reads executions, requests one, and cancels one.</summary>
public interface IExecutionRepository
{
    /// <summary>The execution of an id; null when there is none, or retention has dropped it.</summary>
    Task<Execution?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Whether there is an execution of an id; what it holds is not read.</summary>
    Task<bool> ExistsAsync(long id, CancellationToken cancellationToken);

    /// <summary>Executions newest first.</summary>
    Task<Page<ExecutionSummary>> ListAsync(ExecutionFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Requests an execution; a worker takes it from there.</summary>
    /// <exception cref="RefusedException">The action does not exist, or the parameters are not those that it takes.</exception>
    Task<Execution> CreateAsync(NewExecution execution, CancellationToken cancellationToken);

    /// <summary>
    /// Asks that an execution be given up: at once where it is leased to no worker, and else as soon as its worker has noticed.
    /// No further attempt follows. Asking twice is as good as once.
    /// </summary>
    /// <returns>The execution, cancelled or canceling; null when there is none.</returns>
    /// <exception cref="RefusedException">It is over already.</exception>
    Task<Execution?> CancelAsync(long id, CancellationToken cancellationToken);
}
