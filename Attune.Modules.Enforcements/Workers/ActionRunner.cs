using Attune.Db;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Actions.Schemas;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Runs the built-in actions, and puts what became of one into a result.</summary>
internal sealed class ActionRunner(IEnumerable<IBuiltInAction> actions, TimeProvider clock)
{
    // As long as a timer can be.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(40);

    private readonly Dictionary<string, IBuiltInAction> _actions = actions.ToDictionary(action => action.Ref, StringComparer.Ordinal);

    /// <summary>The references of the actions that it knows.</summary>
    public string[] Known => [.. _actions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Runs an execution to its end; null when it was interrupted because the worker stops.</summary>
    /// <param name="execution">What to run.</param>
    /// <param name="cancelled">Set when the execution is to be given up.</param>
    /// <param name="stopping">Set when the worker stops.</param>
    public async Task<FinishedExecution?> RunAsync(ClaimedExecution execution, CancellationToken cancelled, CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout(execution), clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancelled, stopping);
        try
        {
            var parameters = ParameterSchema.Fit(execution.ParamSchema, execution.Config);
            var data = await _actions[execution.ActionRef].RunAsync(parameters, any.Token).WaitAsync(any.Token);
            return new(execution, ExecutionStatus.Completed, ExecutionResult.Succeeded(data, clock.GetElapsedTime(started)));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return Ended(ExecutionStatus.Cancelled, "It was cancelled.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Ended(ExecutionStatus.Timeout, LeaseEndings.TookTooLong(execution.TimeoutSeconds));
        }
        catch (RefusedException refused)
        {
            return Ended(ExecutionStatus.Failed, refused.Message, mayRetry: false);
        }
        catch (ActionFailedException failed)
        {
            return new(
                execution, ExecutionStatus.Failed, ExecutionResult.Failed(failed.Message, failed.Answer, clock.GetElapsedTime(started)), failed.MayRetry);
        }
        catch (Exception error)
        {
            return Ended(ExecutionStatus.Failed, error.Message);
        }

        FinishedExecution Ended(ExecutionStatus status, string why, bool mayRetry = true) =>
            new(execution, status, ExecutionResult.Failed(why, null, clock.GetElapsedTime(started)), mayRetry);
    }

    private static TimeSpan Timeout(ClaimedExecution execution)
    {
        var time = TimeSpan.FromSeconds(execution.TimeoutSeconds ?? 0);
        return time > TimeSpan.Zero && time < LongestTimeout ? time : LongestTimeout;
    }
}
