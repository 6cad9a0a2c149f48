using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Db.Http;

/// <summary>
/// Answers with a stream of server-sent events what works for long and tells its steps. Whoever stops listening stops it, and so does
/// the end of the host. A route takes it as its parameters (<c>[AsParameters]</c>).
/// </summary>
/// <param name="Lifetime">Of the host.</param>
/// <param name="Logger">Is told of what was broken off.</param>
public sealed partial record StepStreams(IHostApplicationLifetime Lifetime, ILogger<StepStreams> Logger)
{
    /// <summary>Begins a stream. What is refused is refused before it begins, with a status that says so: so the first step is taken here.</summary>
    /// <param name="what">What it is, at the beginning of a sentence: <c>A backtest</c>.</param>
    /// <param name="run">Does the work.</param>
    /// <param name="items">What is told of a step.</param>
    /// <param name="cancellationToken">Cancelled when nobody listens any more.</param>
    public async Task<ServerSentEventsResult<object>> StartAsync<TStep>(
        string what, Func<CancellationToken, IAsyncEnumerable<TStep>> run, Func<TStep, IEnumerable<SseItem<object>>> items,
        CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lifetime.ApplicationStopping);
        IAsyncEnumerator<TStep>? steps = null;
        try
        {
            steps = run(stop.Token).GetAsyncEnumerator(stop.Token);
            await steps.MoveNextAsync();
        }
        catch
        {
            await (steps?.DisposeAsync() ?? ValueTask.CompletedTask);
            stop.Dispose();
            throw;
        }

        return TypedResults.ServerSentEvents(StreamAsync(what, steps, items, stop));
    }

    private async IAsyncEnumerable<SseItem<object>> StreamAsync<TStep>(
        string what, IAsyncEnumerator<TStep> steps, Func<TStep, IEnumerable<SseItem<object>>> items, CancellationTokenSource stop)
    {
        using var stopping = stop;
        await using var ending = steps;
        for (var more = true; more;)
        {
            foreach (var item in items(steps.Current))
            {
                yield return item;
            }

            (more, var error) = await NextAsync(what, steps, stop.Token);
            if (error is not null)
            {
                yield return new(error, "error");
            }
        }
    }

    // The status has long been sent: what goes wrong now can only be said in the stream.
    private async Task<(bool More, StreamError? Error)> NextAsync<TStep>(
        string what, IAsyncEnumerator<TStep> steps, CancellationToken stop)
    {
        try
        {
            return (await steps.MoveNextAsync(), null);
        }
        catch (RefusedException refused)
        {
            return (false, new(refused.Message, "VALIDATION_ERROR"));
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Log.Failed(Logger, what, error);
            return (false, new($"{what} was broken off; the log of Attune says why.", "INTERNAL_SERVER_ERROR"));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return (false, null);
        }
    }

    private sealed record StreamError(string Error, string Code);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{What} was broken off")]
        public static partial void Failed(ILogger logger, string what, Exception error);
    }
}
