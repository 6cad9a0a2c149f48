using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Reads executions, requests one, and cancels one.</summary>
public interface IExecutionRepository
{
    /// <summary>The execution of an id; null when there is none, or retention has dropped it.</summary>
    Task<Execution?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Executions newest first.</summary>
    Task<Page<ExecutionSummary>> ListAsync(ExecutionFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Requests an execution; a worker takes it from there.</summary>
    /// <exception cref="RefusedException">The action does not exist, or the parameters are not those that it takes.</exception>
    Task<Execution> CreateAsync(NewExecution execution, CancellationToken cancellationToken);

    /// <summary>
    /// Asks that an execution be given up: at once where no worker has it in hand, and else as soon as its worker has noticed.
    /// No further attempt follows. Asking twice is as good as once.
    /// </summary>
    /// <returns>The execution, cancelled or canceling; null when there is none.</returns>
    /// <exception cref="RefusedException">It is over already.</exception>
    Task<Execution?> CancelAsync(long id, CancellationToken cancellationToken);
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

    /// <summary>What it can do: <c>actions</c> holds the references of what it runs.</summary>
    public JsonElement? Capabilities { get; init; }

    public JsonElement? Meta { get; init; }
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

    /// <summary>How many executions each worker has in hand, of those of the last six days; a worker that has none is left out.</summary>
    Task<IReadOnlyDictionary<long, long>> InHandAsync(CancellationToken cancellationToken);
}
