using System.Net.ServerSentEvents;
using Attune.Db;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>
/// Backtests as a stream of server-sent events: <c>progress</c> several times a second, and one <c>report</c> at the end, or an
/// <c>error</c>. Whoever stops listening stops the backtest.
/// </summary>
internal sealed partial class BacktestApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var rules = api.MapGroup("/rules").WithTags("Backtests");
        rules.MapPost("/backtest", RunDraftAsync).WithName("BacktestDraft").WithSummary("Try a draft of a rule on stored events");
        rules.MapGet("/{ref}/backtest", RunAsync).WithName("BacktestRule").WithSummary("Try a rule on stored events");
        rules.MapPost("/{ref}/backtest", RunWithBodyAsync)
            .WithName("BacktestRuleWithDraft").WithSummary("Try a rule, or a draft of it, on stored events");
    }

    private static Task<ServerSentEventsResult<object>> RunAsync(
        [FromRoute(Name = "ref")] string reference, BacktestQuery query, [AsParameters] Needs needs, CancellationToken cancellationToken) =>
        StartAsync(query.ToBody().ToRequest(reference), needs, cancellationToken);

    private static Task<ServerSentEventsResult<object>> RunWithBodyAsync(
        [FromRoute(Name = "ref")] string reference, BacktestBody body, [AsParameters] Needs needs, CancellationToken cancellationToken) =>
        StartAsync(body.ToRequest(reference), needs, cancellationToken);

    private static Task<ServerSentEventsResult<object>> RunDraftAsync(
        BacktestBody body, [AsParameters] Needs needs, CancellationToken cancellationToken) =>
        body.Draft is null
            ? throw RefusedException.Invalid(
                "draft", "draft must say what to try; a rule that is stored is tried at /rules/{ref}/backtest.")
            : StartAsync(body.ToRequest(null), needs, cancellationToken);

    // What is refused is refused before the stream begins, with a status that says so: so the first step is taken here.
    private static async Task<ServerSentEventsResult<object>> StartAsync(
        BacktestRequest request, Needs needs, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, needs.Lifetime.ApplicationStopping);
        var steps = needs.Backtester.RunAsync(request, stop.Token).GetAsyncEnumerator(stop.Token);
        try
        {
            await steps.MoveNextAsync();
        }
        catch
        {
            await steps.DisposeAsync();
            stop.Dispose();
            throw;
        }

        return TypedResults.ServerSentEvents(StreamAsync(steps, stop, needs.Logger));
    }

    private static async IAsyncEnumerable<SseItem<object>> StreamAsync(
        IAsyncEnumerator<BacktestProgress> steps, CancellationTokenSource stop, ILogger logger)
    {
        using var stopping = stop;
        await using var ending = steps;
        for (var more = true; more;)
        {
            var step = steps.Current;
            yield return step.Report is { } report ? new(report, "report") : new(step, "progress");

            (more, var error) = await NextAsync(steps, logger, stop.Token);
            if (error is not null)
            {
                yield return new(error, "error");
            }
        }
    }

    // The status has long been sent: what goes wrong now can only be said in the stream.
    private static async Task<(bool More, StreamError? Error)> NextAsync(
        IAsyncEnumerator<BacktestProgress> steps, ILogger logger, CancellationToken stop)
    {
        try
        {
            return (await steps.MoveNextAsync(), null);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Log.Failed(logger, error);
            return (false, new("The backtest was broken off; the log of Attune says why.", "INTERNAL_SERVER_ERROR"));
        }
        catch (OperationCanceledException)
        {
            return (false, null);
        }
    }

    /// <summary>What the routes need of the host.</summary>
    internal sealed record Needs(IRuleBacktester Backtester, IHostApplicationLifetime Lifetime, ILogger<BacktestApi> Logger);

    private sealed record StreamError(string Error, string Code);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A backtest was broken off")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
