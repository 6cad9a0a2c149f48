namespace Attune.Modules.Enforcements;

/// <summary>What is waiting, and for how long: where it grows, something has stopped.</summary>
public sealed record WorkReport
{
    /// <summary>Enforcements that are not resolved, counted up to 10,000.</summary>
    public required long PendingEnforcements { get; init; }

    /// <summary>When the oldest of them was created.</summary>
    public required DateTimeOffset? OldestPending { get; init; }

    /// <summary>Executions that no worker has taken, counted up to 10,000.</summary>
    public required long WaitingExecutions { get; init; }

    /// <summary>Since when the oldest of them could be taken.</summary>
    public required DateTimeOffset? OldestWaiting { get; init; }

    /// <summary>The actions of those, up to ten, that no active worker takes.</summary>
    public required string[] ActionsWithoutWorker { get; init; }

    /// <summary>Executions that are leased to a worker, counted up to 10,000.</summary>
    public required long RunningExecutions { get; init; }

    /// <summary>Since when the oldest of them has been leased.</summary>
    public required DateTimeOffset? OldestRunning { get; init; }
}

/// <summary>Reads what is waiting.</summary>
public interface IWorkReports
{
    Task<WorkReport> ReadAsync(CancellationToken cancellationToken);
}
