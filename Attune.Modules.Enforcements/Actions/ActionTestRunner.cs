using System.Collections.Concurrent;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Actions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Runs an action of one's own as a worker would, without a database, for tests: checks the parameters, fills in defaults, catches
/// the progress, and stops the action with a reason. One runner is for one run.
/// </summary>
public sealed class ActionTestRunner : IDisposable
{
    private readonly ConcurrentQueue<ActionProgress> _progress = [];
    private readonly ConcurrentQueue<(ExecutionLineLevel Level, string Text)> _said = [];
    private readonly CancellationTokenSource _stop = new();
    private ActionStopReason? _reason;

    /// <summary>Which attempt the action is told that this is: 1 for the first.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The rule that the action is told has asked for it.</summary>
    public string? RuleRef { get; init; }

    /// <summary>The trigger that the action is told of.</summary>
    public string? TriggerRef { get; init; }

    /// <summary>Where the action's log goes; nowhere, if it is not set.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What the action has reported, in order.</summary>
    public IReadOnlyCollection<ActionProgress> Progress => _progress;

    /// <summary>What the action has said, in order.</summary>
    public IReadOnlyCollection<(ExecutionLineLevel Level, string Text)> Said => _said;

    /// <summary>Tells the action to end, as a worker does.</summary>
    public void Stop(ActionStopReason reason)
    {
        _reason = reason;
        _stop.Cancel();
    }

    /// <summary>Runs an action that answers.</summary>
    /// <param name="action">The action, made by the test.</param>
    /// <param name="parameters">An object, as a rule would give it; null for none.</param>
    /// <param name="cancellationToken">Ends it, as <see cref="ActionStopReason.Cancelled"/>.</param>
    /// <returns>What would become <c>data</c> of the result; null for nothing.</returns>
    /// <exception cref="RefusedException">The parameters are not what the action's schema wants; its code has not run.</exception>
    public Task<JsonElement?> RunAsync<TParameters, TResult>(
        IAction<TParameters, TResult> action, JsonElement? parameters, CancellationToken cancellationToken) =>
        RunAsync((object)action, parameters, cancellationToken);

    /// <summary>Runs an action that does not answer.</summary>
    /// <param name="action">The action, made by the test.</param>
    /// <param name="parameters">An object, as a rule would give it; null for none.</param>
    /// <param name="cancellationToken">Ends it, as <see cref="ActionStopReason.Cancelled"/>.</param>
    /// <exception cref="RefusedException">The parameters are not what the action's schema wants; its code has not run.</exception>
    public Task RunAsync<TParameters>(IAction<TParameters> action, JsonElement? parameters, CancellationToken cancellationToken) =>
        RunAsync((object)action, parameters, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private async Task<JsonElement?> RunAsync(object action, JsonElement? parameters, CancellationToken cancellationToken)
    {
        var registered = RegisteredAction.Of(action.GetType(), "test.action", new(), isInCatalogue: false);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        var context = new ActionContext(
            Logger, () => _reason ?? (cancellationToken.IsCancellationRequested ? ActionStopReason.Cancelled : null), _progress.Enqueue,
            (level, text) => _said.Enqueue((level, text)))
        {
            ExecutionId = Attempt,
            FirstExecutionId = 1,
            Attempt = Attempt,
            ActionRef = registered.Ref,
            RuleRef = RuleRef,
            TriggerRef = TriggerRef,
        };
        return await registered.RunAsync(action, registered.Fit(parameters, null), context, either.Token);
    }
}
