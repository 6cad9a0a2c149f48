using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions;

/// <summary>Answers with its parameters.</summary>
internal sealed class EchoAction : IAction<JsonElement?, JsonElement?>
{
    public Task<JsonElement?> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(parameters);
}

/// <summary>Does nothing, successfully.</summary>
internal sealed class NoopAction : IAction<JsonElement?>
{
    public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Waits for some seconds.</summary>
internal sealed class SleepAction(TimeProvider clock) : IAction<SleepAction.Parameters>
{
    public Task RunAsync(Parameters parameters, ActionContext context, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(parameters.Seconds), clock, cancellationToken);

    internal sealed record Parameters([Range(0, 3600)] double Seconds);
}
