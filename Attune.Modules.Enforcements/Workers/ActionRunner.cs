using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Actions.Schemas;
using Attune.Modules.Enforcements.Executions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Runs the actions that this program has, and puts what became of one into a result.</summary>
internal sealed partial class ActionRunner(
    IEnumerable<RegisteredAction> actions,
    IServiceScopeFactory scopes,
    ExecutionProgress progress,
    ExecutionLog log,
    ILoggerFactory loggers,
    TimeProvider clock)
{
    // As long as a timer can be.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(40);

    // For an action that is told to end, to clean up or to return after all.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, RegisteredAction> _actions = actions.ToDictionary(action => action.Ref, StringComparer.Ordinal);

    /// <summary>The references of the actions that it knows.</summary>
    public string[] Known => [.. _actions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Hands for those actions, all of them empty.</summary>
    public ActionHands NewHands() => new(_actions.Values);

    /// <summary>Runs an execution to its end; null when it was interrupted because the worker stops.</summary>
    /// <param name="execution">What to run.</param>
    /// <param name="cancelled">Set when the execution is to be given up.</param>
    /// <param name="stopping">Set when the worker stops.</param>
    public async Task<FinishedExecution?> RunAsync(ClaimedExecution execution, CancellationToken cancelled, CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout(execution), clock);
        var timedOut = timeout.Token;
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timedOut, cancelled, stopping);
        var action = _actions[execution.ActionRef];
        var logger = loggers.CreateLogger(action.Type);
        await using var reports = new ProgressReports(progress, execution, clock, logger);
        await using var lines = new SaidLines(log, execution, clock, logger);
        var context = new ActionContext(logger, () => WhyStopped(stopping, cancelled, timedOut), reports.Report, lines.Say)
        {
            ExecutionId = execution.Id,
            FirstExecutionId = execution.OriginalExecution ?? execution.Id,
            Attempt = execution.RetryCount + 1,
            ActionRef = execution.ActionRef,
            RuleRef = execution.RuleRef,
            TriggerRef = execution.TriggerRef,
            EnforcementId = execution.Enforcement,
        };
        try
        {
            var parameters = action.Fit(execution.Config, execution.ParamSchema);
            var data = await EndOfAsync(
                Task.Run(() => RunInScopeAsync(action, parameters, context, any.Token), CancellationToken.None), any.Token);
            return new(execution, ExecutionStatus.Completed, ExecutionResult.Succeeded(data, clock.GetElapsedTime(started)));
        }
        catch (Exception error) when (context.StopReason is { } reason)
        {
            var failed = error as ActionFailedException;
            return reason switch
            {
                ActionStopReason.WorkerStopping => null,
                ActionStopReason.Cancelled => Ended(ExecutionStatus.Cancelled, "It was cancelled.", failed?.Answer),
                _ => Ended(
                    ExecutionStatus.Timeout, LeaseEndings.TookTooLong(execution.TimeoutSeconds), failed?.Answer, failed?.MayRetry ?? true),
            };
        }
        catch (ActionFailedException failed)
        {
            return Ended(ExecutionStatus.Failed, failed.Message, failed.Answer, failed.MayRetry);
        }
        catch (RefusedException refused)
        {
            return Ended(ExecutionStatus.Failed, refused.Message, mayRetry: false);
        }
        catch (Exception error)
        {
            Log.Threw(logger, error, execution.ActionRef, execution.Id);
            return Ended(ExecutionStatus.Failed, error.Message);
        }

        FinishedExecution Ended(ExecutionStatus status, string why, object? answer = null, bool mayRetry = true) =>
            new(execution, status, ExecutionResult.Failed(why, Written(answer), clock.GetElapsedTime(started)), mayRetry);
    }

    private static ActionStopReason? WhyStopped(CancellationToken stopping, CancellationToken cancelled, CancellationToken timedOut) =>
        stopping.IsCancellationRequested ? ActionStopReason.WorkerStopping
            : cancelled.IsCancellationRequested ? ActionStopReason.Cancelled
            : timedOut.IsCancellationRequested ? ActionStopReason.TimedOut
            : null;

    // The scope lives as long as the action runs, even if nobody waits for it any more.
    private async Task<JsonElement?> RunInScopeAsync(
        RegisteredAction action, JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        using var told = Log.OfExecution(context.Logger, context.ExecutionId);
        await using var scope = scopes.CreateAsyncScope();
        return await action.RunAsync(scope.ServiceProvider.GetRequiredService(action.Type), parameters, context, cancellationToken);
    }

    private async Task<JsonElement?> EndOfAsync(Task<JsonElement?> running, CancellationToken interrupted)
    {
        await ((Task)running).WaitAsync(interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await running.WaitAsync(Grace, clock, CancellationToken.None);
    }

    // What cannot be written is left out: the reason why it failed says more.
    private static JsonElement? Written(object? answer)
    {
        try
        {
            return ActionJson.Write(answer);
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private static TimeSpan Timeout(ClaimedExecution execution)
    {
        var time = TimeSpan.FromSeconds(execution.TimeoutSeconds ?? 0);
        return time > TimeSpan.Zero && time < LongestTimeout ? time : LongestTimeout;
    }

    private static partial class Log
    {
        public static readonly Func<ILogger, long, IDisposable?> OfExecution = LoggerMessage.DefineScope<long>("Execution {Execution}");

        [LoggerMessage(Level = LogLevel.Warning, Message = "Action {Action} threw in execution {Execution}")]
        public static partial void Threw(ILogger logger, Exception error, string action, long execution);
    }
}
