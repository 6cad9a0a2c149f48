using System.Text.Json;
using Attune.Modules.Enforcements.Templates;

namespace Attune.Modules.Enforcements.Working;

/// <summary>Runs the built-in actions, and puts what became of one into a result.</summary>
internal sealed class ActionRunner(IEnumerable<IBuiltInAction> actions, TimeProvider clock)
{
    // As long as a timer can be.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(40);

    private readonly Dictionary<string, IBuiltInAction> _actions = actions.ToDictionary(action => action.Ref, StringComparer.Ordinal);

    /// <summary>The references of the actions that it knows.</summary>
    public string[] Known => [.. _actions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Runs an execution to its end; null when it was interrupted because the worker stops.</summary>
    public async Task<FinishedExecution?> RunAsync(ClaimedExecution execution, CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout(execution), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            var data = await _actions[execution.ActionRef].RunAsync(execution.Config, either.Token).WaitAsync(either.Token);
            return new(execution, ExecutionStatus.Completed, Result(started, null, data));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new(execution, ExecutionStatus.Timeout, Result(started, $"Not finished within {execution.TimeoutSeconds} seconds.", null));
        }
        catch (Exception error)
        {
            return new(execution, ExecutionStatus.Failed, Result(started, error.Message, null));
        }
    }

    /// <summary>The same execution as failed, because what it answered cannot be stored.</summary>
    public FinishedExecution Unstorable(FinishedExecution finished, string reason) =>
        finished with { Status = ExecutionStatus.Failed, Result = Result(null, $"The result could not be stored: {reason}", null) };

    private static TimeSpan Timeout(ClaimedExecution execution)
    {
        var time = TimeSpan.FromSeconds(execution.TimeoutSeconds ?? 0);
        return time > TimeSpan.Zero && time < LongestTimeout ? time : LongestTimeout;
    }

    private string Result(long? started, string? error, JsonElement? data) => RenderedJson.Text(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("succeeded", error is null);
        if (error is not null)
        {
            writer.WriteString("error", error.Replace('\0', '\uFFFD'));
        }

        if (data is { ValueKind: not JsonValueKind.Undefined } answer)
        {
            writer.WritePropertyName("data");
            answer.WriteTo(writer);
        }

        if (started is not null)
        {
            writer.WriteNumber("duration_ms", (long)clock.GetElapsedTime(started.Value).TotalMilliseconds);
        }

        writer.WriteEndObject();
    });
}
