namespace Attune.Modules.Enforcements;

/// <summary>
/// An action written in C#, of which nothing is kept but that it was done. It is added by
/// <c>services.AddAction&lt;T&gt;("pack.name")</c>, and made anew for each execution, in a scope of its own.
/// </summary>
/// <typeparam name="TParameters">
/// A record or class whose properties are the parameters, in snake case; or <c>JsonElement?</c> for whatever was given. The action's
/// <c>param_schema</c> is derived from it: what is <c>required</c>, or can be neither null nor left out, must be given; initial
/// values are defaults; <c>[Description]</c>, <c>[Range]</c>, <c>[Required]</c> and <see cref="SecretAttribute"/> are understood.
/// </typeparam>
public interface IAction<TParameters>
{
    /// <summary>
    /// Runs the action. What it throws fails the execution with the exception's message, and it is attempted again where the action
    /// has <see cref="ActionOptions.MaxRetries"/>; <see cref="ActionFailedException"/> can say more.
    /// </summary>
    /// <param name="parameters">The execution's parameters, checked, with the defaults filled in.</param>
    /// <param name="context">Which execution this is; progress and logs go there.</param>
    /// <param name="cancellationToken">
    /// Set when the action is to end: <see cref="ActionContext.StopReason"/> says why. An action that returns within five seconds is
    /// completed all the same; one that ignores it runs on, but nothing that it does counts any more.
    /// </param>
    Task RunAsync(TParameters parameters, ActionContext context, CancellationToken cancellationToken);
}

/// <summary>As <see cref="IAction{TParameters}"/>, for an action that answers.</summary>
/// <typeparam name="TParameters">As there.</typeparam>
/// <typeparam name="TResult">
/// What can be written as JSON; the action's <c>out_schema</c> is derived from it where it has properties.
/// </typeparam>
public interface IAction<TParameters, TResult>
{
    /// <summary>As <see cref="IAction{TParameters}.RunAsync"/>.</summary>
    /// <param name="parameters">The execution's parameters, checked, with the defaults filled in.</param>
    /// <param name="context">Which execution this is; progress and logs go there.</param>
    /// <param name="cancellationToken">Set when the action is to end.</param>
    /// <returns>What becomes <c>data</c> of the execution's result; null for nothing.</returns>
    Task<TResult> RunAsync(TParameters parameters, ActionContext context, CancellationToken cancellationToken);
}
