using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions;

/// <summary>An action that the built-in worker runs itself.</summary>
internal interface IBuiltInAction
{
    string Ref { get; }

    /// <summary>Runs it. What is thrown fails the execution, with its message.</summary>
    /// <param name="parameters">The execution's parameters, as the action's schema wants them and with its defaults.</param>
    /// <param name="cancellationToken">Cancelled when the time is up, the execution is to be given up, or the worker stops.</param>
    /// <returns>What becomes <c>data</c> of the result; null for nothing.</returns>
    Task<JsonElement?> RunAsync(JsonElement? parameters, CancellationToken cancellationToken);
}

/// <summary>An action did not do what it was asked to.</summary>
/// <param name="message">Why, for a person to read; never a secret.</param>
/// <param name="answer">What becomes <c>data</c> of the result all the same.</param>
/// <param name="mayRetry">Whether another attempt could end otherwise.</param>
internal sealed class ActionFailedException(string message, JsonElement? answer = null, bool mayRetry = true) : Exception(message)
{
    public JsonElement? Answer { get; } = answer;

    public bool MayRetry { get; } = mayRetry;
}
