using System.Text.Json;

namespace Attune.Modules.Enforcements.Working;

/// <summary>An action that the built-in worker runs itself.</summary>
internal interface IBuiltInAction
{
    string Ref { get; }

    /// <summary>Runs it. What is thrown fails the execution, with its message.</summary>
    /// <param name="parameters">The execution's parameters.</param>
    /// <param name="cancellationToken">Cancelled when the time is up, or the worker stops.</param>
    /// <returns>What becomes <c>data</c> of the result; null for nothing.</returns>
    Task<JsonElement?> RunAsync(JsonElement? parameters, CancellationToken cancellationToken);
}

/// <summary>Answers with its parameters.</summary>
internal sealed class EchoAction : IBuiltInAction
{
    public string Ref => "core.echo";

    public Task<JsonElement?> RunAsync(JsonElement? parameters, CancellationToken cancellationToken) => Task.FromResult(parameters);
}

/// <summary>Does nothing, successfully.</summary>
internal sealed class NoopAction : IBuiltInAction
{
    public string Ref => "core.noop";

    public Task<JsonElement?> RunAsync(JsonElement? parameters, CancellationToken cancellationToken) => Task.FromResult<JsonElement?>(null);
}
