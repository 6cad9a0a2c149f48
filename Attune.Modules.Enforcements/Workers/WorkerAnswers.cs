using System.Security.Cryptography;
using System.Text;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// What a remote worker says of an execution that is leased to it. It is taken once, from the worker that holds the lease: what
/// comes late, from one that was taken for lost, is refused.
/// </summary>
internal sealed class WorkerAnswers(
    IExecutionRepository executions,
    IWorkerRepository workers,
    ExecutionLeases leases,
    ExecutionQueue queue,
    ExecutionFinisher finisher,
    TimeProvider clock)
{
    private const int LongestClaim = 100;

    /// <summary>Ends an execution. The same answer may be sent again.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="execution">The execution's id.</param>
    /// <param name="claim">What the worker got when it claimed the execution.</param>
    /// <param name="status">Completed or failed.</param>
    /// <param name="result">The result, from the time that it took.</param>
    /// <param name="mayRetry">Whether another attempt could end otherwise.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The execution as it is afterwards.</returns>
    /// <exception cref="RefusedException">It is not leased to this worker by this claim, or there is none.</exception>
    public async Task<Execution> FinishAsync(
        long worker, long execution, string? claim, ExecutionStatus status, Func<TimeSpan, string> result, bool mayRetry,
        CancellationToken cancellationToken)
    {
        var lease = await LeaseAsync(worker, execution, claim, cancellationToken);
        var took = clock.GetUtcNow() - lease.StartedAt;
        var written = await finisher.FinishAsync(
            [new(lease, status, result(took > TimeSpan.Zero ? took : TimeSpan.Zero), mayRetry)], cancellationToken);
        var after = await FindAsync(execution, cancellationToken);
        return written.Count > 0 || IsSame(after, lease, status) ? after : throw NotLeased(worker, execution, after.Status);
    }

    /// <summary>Requeues an execution that the worker will not run.</summary>
    /// <exception cref="RefusedException">It is not leased to this worker by this claim, or there is none.</exception>
    public async Task<Execution> ReleaseAsync(long worker, long execution, string? claim, CancellationToken cancellationToken)
    {
        var lease = await LeaseAsync(worker, execution, claim, cancellationToken);
        var requeued = await queue.RequeueAsync([lease], "The worker released it.", lost: false, cancellationToken);
        var after = await FindAsync(execution, cancellationToken);
        return requeued > 0 ? after : throw NotLeased(worker, execution, after.Status);
    }

    private static bool IsSame(Execution after, ExecutionLease lease, ExecutionStatus status) =>
        after.Worker == lease.Worker && after.StartedAt == lease.StartedAt
        && (after.Status == status || (status == ExecutionStatus.Failed && after.Status == ExecutionStatus.Cancelled));

    private static RefusedException NotLeased(long worker, long execution, ExecutionStatus status) => new(
        RefusalKind.Conflict, "claim",
        $"Execution {execution} is not leased to worker {worker} by this claim: it is {EnumNames.Of(status)}.");

    private async Task<ExecutionLease> LeaseAsync(long worker, long execution, string? claim, CancellationToken cancellationToken)
    {
        if (claim is not { Length: > 0 and <= LongestClaim })
        {
            throw RefusedException.Invalid("claim", "claim must be the text that came with the execution when it was claimed.");
        }

        var found = await FindAsync(execution, cancellationToken);
        var sender = await workers.FindAsync(worker, cancellationToken)
            ?? throw RefusedException.NotFound($"Worker with ID {worker} not found");
        if (sender.WorkerType == "local")
        {
            throw new RefusedException(RefusalKind.Conflict, null, $"Worker {worker} is built into a host of Attune, which speaks for it.");
        }

        if (sender.Status == "inactive")
        {
            throw new RefusedException(
                RefusalKind.Conflict, "claim", $"Worker {worker} was taken for lost, and its executions were requeued.");
        }

        var lease = await leases.FindAsync(execution, cancellationToken);
        return lease is { Claim: not null } && lease.Worker == worker && IsEqual(lease.Claim, claim)
            ? lease
            : throw NotLeased(worker, execution, found.Status);
    }

    // Whoever guesses learns nothing from how long it takes.
    private static bool IsEqual(string claim, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(claim), Encoding.UTF8.GetBytes(given));

    private async Task<Execution> FindAsync(long id, CancellationToken cancellationToken) =>
        await executions.FindAsync(id, cancellationToken) ?? throw RefusedException.NotFound($"Execution with ID {id} not found");
}
