using System.Globalization;
using Attune.Modules.Enforcements.Executions;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>What becomes of executions whose worker will not finish them: it stopped, was lost, or takes too long.</summary>
internal sealed class ExecutionReturns(ExecutionQueue queue, ExecutionFinisher finisher, IOptions<WorkersOptions> options)
{
    // A worker that keeps its own time is given the chance to say so itself.
    private const int GraceSeconds = 20;

    /// <summary>What becomes of one whose worker was lost; null for one that is given back.</summary>
    internal static FinishedExecution? OfLost(HandedExecution execution, string reason, WorkersOptions options) => execution switch
    {
        { Status: ExecutionStatus.Canceling } => new(execution, ExecutionStatus.Cancelled, ExecutionResult.Failed("It was cancelled.")),
        _ when options.LostExecutions == LostExecutionPolicy.Fail => new(execution, ExecutionStatus.Failed, ExecutionResult.Failed(reason)),
        _ when execution.LostCount >= options.GiveBackLimit => new(
            execution, ExecutionStatus.Abandoned, ExecutionResult.Failed(
                $"{reason} That has happened {execution.LostCount + 1} times to this execution, so it is not given to another worker.")),
        _ => null,
    };

    /// <summary>Settles what a worker has in hand that stops in good order: another one runs it.</summary>
    /// <returns>How many executions that were.</returns>
    public Task<int> OfStoppedAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) =>
        OfStoppedAsync(worker, since, _ => true, cancellationToken);

    /// <summary>As <see cref="OfStoppedAsync(long, DateTimeOffset, CancellationToken)"/>, of those that are meant.</summary>
    public async Task<int> OfStoppedAsync(
        long worker, DateTimeOffset since, Predicate<HandedExecution> isMeant, CancellationToken cancellationToken) => await SettleAsync(
            (await queue.InHandOfAsync(worker, since, cancellationToken)).FindAll(isMeant), "The worker was stopped.", lost: false, cancellationToken);

    /// <summary>Settles what a worker had in hand in an earlier life.</summary>
    /// <returns>How many executions that were.</returns>
    public async Task<int> OfRestartedAsync(long worker, DateTimeOffset since, CancellationToken cancellationToken) => await SettleAsync(
        await queue.InHandOfAsync(worker, since, cancellationToken), "The worker was started again.", lost: true, cancellationToken);

    /// <summary>Settles what is in a worker's hand without its knowing.</summary>
    /// <returns>How many executions that were.</returns>
    public async Task<int> OfUnknownAsync(
        long worker, DateTimeOffset since, Predicate<HandedExecution> isUnknown, CancellationToken cancellationToken) => await SettleAsync(
            (await queue.InHandOfAsync(worker, since, cancellationToken)).FindAll(isUnknown),
            "The worker does not know of it.", lost: true, cancellationToken);

    /// <summary>Settles what inactive workers have in hand.</summary>
    /// <returns>How many executions that were.</returns>
    public async Task<int> OfLostAsync(DateTimeOffset since, CancellationToken cancellationToken) => await SettleAsync(
        await queue.InHandOfLostAsync(since, cancellationToken), "The worker was lost.", lost: true, cancellationToken);

    /// <summary>Ends what has been in hand for too long, or was to be cancelled and is not.</summary>
    /// <returns>How many executions that were.</returns>
    public async Task<int> OfOverdueAsync(DateTimeOffset since, CancellationToken cancellationToken) => (await finisher.FinishAsync(
        [.. (await queue.OverdueAsync(GraceSeconds, since, cancellationToken)).Select(one => one.Status == ExecutionStatus.Canceling
            ? new FinishedExecution(one, ExecutionStatus.Cancelled, ExecutionResult.Failed("It was cancelled; its worker did not say that it stopped."))
            : new FinishedExecution(one, ExecutionStatus.Timeout, ExecutionResult.Failed(TookTooLong(one.TimeoutSeconds))))],
        cancellationToken)).Count;

    public static string TookTooLong(int? seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"Not finished within {seconds} seconds.");

    private async Task<int> SettleAsync(
        List<HandedExecution> executions, string reason, bool lost, CancellationToken cancellationToken)
    {
        var over = executions
            .Select(one => lost || one.Status == ExecutionStatus.Canceling ? OfLost(one, reason, options.Value) : null)
            .OfType<FinishedExecution>().ToList();
        var again = executions.Except(over.Select(one => (HandedExecution)one.Claim)).ToList();
        return (await finisher.FinishAsync(over, cancellationToken)).Count
            + await queue.GiveBackAsync(again, reason, lost, cancellationToken);
    }
}
