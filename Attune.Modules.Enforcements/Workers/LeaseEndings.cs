using System.Globalization;
using Attune.Modules.Enforcements.Executions;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// Ends leases whose workers will not finish them, because they stopped, were lost, or take too long: the execution is requeued,
/// or ended where it is not to run again. Each method answers how many executions it requeued or ended.
/// </summary>
internal sealed class LeaseEndings(
    ExecutionLeases leases, ExecutionQueue queue, ExecutionFinisher finisher, IOptions<WorkersOptions> options)
{
    // A worker that keeps its own time is given the chance to say so itself.
    private const int GraceSeconds = 20;

    /// <summary>What becomes of an execution whose worker was lost; null where it is requeued.</summary>
    internal static FinishedExecution? OutcomeOfLost(LeasedExecution execution, string reason, WorkersOptions options) => execution switch
    {
        { Status: ExecutionStatus.Canceling } => new(execution, ExecutionStatus.Cancelled, ExecutionResult.Failed("It was cancelled.")),
        _ when options.LostExecutions == LostExecutionPolicy.Fail => new(execution, ExecutionStatus.Failed, ExecutionResult.Failed(reason)),
        _ when execution.LostCount >= options.RequeueLimit => new(
            execution, ExecutionStatus.Abandoned, ExecutionResult.Failed(
                $"{reason} That has happened {execution.LostCount + 1} times to this execution, so it is not requeued.")),
        _ => null,
    };

    /// <summary>Ends the leases of a worker that stops in good order: another one runs its executions.</summary>
    public Task<int> EndStoppedAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) =>
        EndStoppedAsync(worker, since, _ => true, cancellationToken);

    /// <summary>As <see cref="EndStoppedAsync(long, DateTimeOffset, CancellationToken)"/>, of the leases that are meant.</summary>
    public async Task<int> EndStoppedAsync(
        long worker, DateTimeOffset since, Predicate<LeasedExecution> isMeant, CancellationToken cancellationToken) => await EndAsync(
            (await leases.OfWorkerAsync(worker, since, cancellationToken)).FindAll(isMeant), "The worker was stopped.", lost: false,
            cancellationToken);

    /// <summary>Ends the leases that a worker had before it was started again.</summary>
    public async Task<int> EndRestartedAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) => await EndAsync(
        await leases.OfWorkerAsync(worker, since, cancellationToken), "The worker was started again.", lost: true, cancellationToken);

    /// <summary>Ends the leases of which the worker does not know.</summary>
    public async Task<int> EndUnknownAsync(
        long worker, DateTimeOffset since, Predicate<LeasedExecution> isUnknown, CancellationToken cancellationToken) => await EndAsync(
            (await leases.OfWorkerAsync(worker, since, cancellationToken)).FindAll(isUnknown),
            "The worker does not know of it.", lost: true, cancellationToken);

    /// <summary>Ends the leases of inactive workers.</summary>
    public async Task<int> EndLostAsync(DateTimeOffset since, CancellationToken cancellationToken) => await EndAsync(
        await leases.OfLostWorkersAsync(since, cancellationToken), "The worker was lost.", lost: true, cancellationToken);

    /// <summary>Ends executions that have taken too long, or were to be cancelled and are not.</summary>
    public async Task<int> EndOverdueAsync(DateTimeOffset since, CancellationToken cancellationToken) => (await finisher.FinishAsync(
        [.. (await leases.OverdueAsync(GraceSeconds, since, cancellationToken)).Select(one => one.Status == ExecutionStatus.Canceling
            ? new FinishedExecution(
                one, ExecutionStatus.Cancelled, ExecutionResult.Failed("It was cancelled; its worker did not say that it stopped."))
            : new FinishedExecution(one, ExecutionStatus.Timeout, ExecutionResult.Failed(TookTooLong(one.TimeoutSeconds))))],
        cancellationToken)).Count;

    public static string TookTooLong(int? seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"Not finished within {seconds} seconds.");

    private async Task<int> EndAsync(
        List<LeasedExecution> executions, string reason, bool lost, CancellationToken cancellationToken)
    {
        var over = executions
            .Select(one => lost || one.Status == ExecutionStatus.Canceling ? OutcomeOfLost(one, reason, options.Value) : null)
            .OfType<FinishedExecution>().ToList();
        var again = executions.Except(over.Select(one => (LeasedExecution)one.Lease)).ToList();
        return (await finisher.FinishAsync(over, cancellationToken)).Count
            + await queue.RequeueAsync(again, reason, lost, cancellationToken);
    }
}
