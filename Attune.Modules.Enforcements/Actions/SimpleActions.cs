using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions;

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

/// <summary>Waits for some seconds.</summary>
internal sealed class SleepAction(TimeProvider clock) : IBuiltInAction
{
    public string Ref => "core.sleep";

    public async Task<JsonElement?> RunAsync(JsonElement? parameters, CancellationToken cancellationToken)
    {
        var seconds = parameters is { ValueKind: JsonValueKind.Object } given
            && given.TryGetProperty("seconds", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && number is >= 0 and <= 3600
                ? number
                : throw new ActionFailedException("parameters.seconds must be a number from 0 to 3600.", mayRetry: false);
        await Task.Delay(TimeSpan.FromSeconds(seconds), clock, cancellationToken);
        return null;
    }
}
