using System.Globalization;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// What a remote worker says of an execution that is leased to it. It is taken once, from the worker that holds the lease: what
/// comes late, from one that was taken for lost, is refused.
/// </summary>
internal sealed class WorkerAnswers(
    IExecutionRepository executions, IWorkerRepository workers, ExecutionQueue queue, ExecutionFinisher finisher, TimeProvider clock)
{
    /// <summary>Ends an execution. The same answer may be sent again.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="execution">The execution's id.</param>
    /// <param name="token">What the claim gave out.</param>
    /// <param name="status">Completed or failed.</param>
    /// <param name="result">The result, from the time that it took.</param>
    /// <param name="mayRetry">Whether another attempt could end otherwise.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The execution as it is afterwards.</returns>
    /// <exception cref="RefusedException">It is not leased to this worker by this claim, or there is none.</exception>
    public async Task<Execution> FinishAsync(
        long worker, long execution, string? token, ExecutionStatus status, Func<TimeSpan, string> result, bool mayRetry,
        CancellationToken cancellationToken)
    {
        var claim = await ClaimAsync(worker, execution, token, cancellationToken);
        var took = clock.GetUtcNow() - claim.StartedAt;
        var written = await finisher.FinishAsync(
            [new(claim, status, result(took > TimeSpan.Zero ? took : TimeSpan.Zero), mayRetry)], cancellationToken);
        var after = await FindAsync(execution, cancellationToken);
        return written.Count > 0 || IsSame(after, claim, status) ? after : throw NotLeased(worker, after);
    }

    /// <summary>Requeues an execution that the worker will not run.</summary>
    /// <exception cref="RefusedException">It is not leased to this worker by this claim, or there is none.</exception>
    public async Task<Execution> ReleaseAsync(long worker, long execution, string? token, CancellationToken cancellationToken)
    {
        var claim = await ClaimAsync(worker, execution, token, cancellationToken);
        var requeued = await queue.RequeueAsync([claim], "The worker released it.", lost: false, cancellationToken);
        var after = await FindAsync(execution, cancellationToken);
        return requeued > 0 ? after : throw NotLeased(worker, after);
    }

    private static bool IsSame(Execution after, ExecutionLease claim, ExecutionStatus status) =>
        after.Worker == claim.Worker && after.StartedAt == claim.StartedAt
        && (after.Status == status || (status == ExecutionStatus.Failed && after.Status == ExecutionStatus.Cancelled));

    private static RefusedException NotLeased(long worker, Execution after) => new(
        RefusalKind.Conflict, "claim", $"Execution {after.Id} is not leased to worker {worker} by this claim: it is {EnumNames.Of(after.Status)}.");

    private async Task<ExecutionLease> ClaimAsync(long worker, long execution, string? token, CancellationToken cancellationToken)
    {
        if (!long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || microseconds > DateTimeOffset.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond)
        {
            throw RefusedException.Invalid("claim", "claim must be the text that came with the execution when it was claimed.");
        }

        var found = await FindAsync(execution, cancellationToken);
        var sender = await workers.FindAsync(worker, cancellationToken) ?? throw RefusedException.NotFound($"Worker with ID {worker} not found");
        return sender switch
        {
            { WorkerType: "local" } => throw new RefusedException(
                RefusalKind.Conflict, null, $"Worker {worker} is built into a host of Attune, which speaks for it."),
            { Status: "inactive" } => throw new RefusedException(
                RefusalKind.Conflict, "claim", $"Worker {worker} was taken for lost, and its executions were requeued."),
            _ => new()
            {
                Id = execution,
                Created = found.Created,
                Worker = worker,
                StartedAt = new DateTimeOffset(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero),
            },
        };
    }

    private async Task<Execution> FindAsync(long id, CancellationToken cancellationToken) =>
        await executions.FindAsync(id, cancellationToken) ?? throw RefusedException.NotFound($"Execution with ID {id} not found");
}
