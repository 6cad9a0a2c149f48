using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text.Json;
using Attune.Modules.Enforcements;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;

namespace Attune.Tests.Embedding;

internal sealed record GreetingParameters(string Name, int Times = 1);

internal sealed record Greeted(string Text, object?[] Told);

[DisplayName("Greet somebody")]
[Description("Says hello.")]
internal sealed class Greeting : IAction<GreetingParameters, Greeted>
{
    public Task<Greeted> RunAsync(GreetingParameters parameters, ActionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new Greeted(
        string.Join(' ', Enumerable.Repeat("hello", parameters.Times).Append(parameters.Name)),
        [context.ExecutionId, context.Attempt, context.RuleRef, context.TriggerRef, context.EnforcementId]));
}

internal sealed class Silent : IAction<JsonElement?>
{
    public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

internal sealed class Waiting : IAction<JsonElement?>
{
    public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.Infinite, cancellationToken);
}

/// <summary>Something that an action uses, numbered.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private static int s_number;

    public static ConcurrentDictionary<int, bool> Disposed { get; } = [];

    public int Number { get; } = Interlocked.Increment(ref s_number);

    public ValueTask DisposeAsync()
    {
        Disposed[Number] = true;
        return ValueTask.CompletedTask;
    }
}

internal sealed class ToolUser(Tool tool) : IAction<JsonElement?, int>
{
    public async Task<int> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Assert.That(Tool.Disposed.Keys, Does.Not.Contain(tool.Number));
        return tool.Number;
    }
}

/// <summary>What a test opens for an action that waits before it.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.SetResult();

    public Task WaitAsync(CancellationToken cancellationToken) => _open.Task.WaitAsync(cancellationToken);
}

/// <summary>Reports far more often than anybody could read.</summary>
internal sealed class Reporting(Gate gate) : IAction<JsonElement?>
{
    public async Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        context.ReportProgress(3, "begun");
        await gate.WaitAsync(cancellationToken);
        for (var percent = 4; percent <= 100; percent++)
        {
            context.ReportProgress(percent);
        }

        context.ReportProgress("all but \0 done");
    }
}

/// <summary>Notes why it is to end, and tells what it had by then.</summary>
internal class Telling(ConcurrentDictionary<long, ActionStopReason?> reasons) : IAction<JsonElement?>
{
    public async Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        reasons[context.ExecutionId] = context.StopReason;
        throw new ActionFailedException("Not done.", "so far");
    }
}

internal sealed class TellingSoon(ConcurrentDictionary<long, ActionStopReason?> reasons) : Telling(reasons);

internal sealed class Finishing : IAction<JsonElement?, string>
{
    public async Task<string> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return "half of it";
    }
}

internal sealed class Hopeless : IAction<JsonElement?>
{
    public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
        throw new ActionFailedException("No such customer.", new { CustomerId = 7 }, mayRetry: false);
}

internal sealed class Unlucky : IAction<JsonElement?>
{
    public Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
        context.Attempt == 1 ? throw new TimeoutException("Nobody answers.") : Task.CompletedTask;
}

internal sealed class Circular : IAction<JsonElement?, Circular>
{
    public Circular Own => this;

    public Task<Circular> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
        Task.FromResult(this);
}
