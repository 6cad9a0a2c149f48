using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Reads executions, and requests one.</summary>
public interface IExecutionRepository
{
    /// <summary>The execution of an id; null when there is none, or retention has dropped it.</summary>
    Task<Execution?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Executions newest first.</summary>
    Task<Page<ExecutionSummary>> ListAsync(ExecutionFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Requests an execution; a worker takes it from there.</summary>
    /// <exception cref="RefusedException">The action does not exist.</exception>
    Task<Execution> CreateAsync(NewExecution execution, CancellationToken cancellationToken);
}

/// <summary>What runs executions.</summary>
public sealed record Worker
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string WorkerType { get; init; }
    public required string WorkerRole { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset? LastHeartbeat { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>Reads workers.</summary>
public interface IWorkerRepository
{
    /// <summary>The worker of an id; null when there is none.</summary>
    Task<Worker?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>All workers, by name.</summary>
    Task<IReadOnlyList<Worker>> ListAsync(CancellationToken cancellationToken);
}
