using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>Sends an HTTP request, and a few times more where the answer may be another one then.</summary>
internal sealed class HttpRequestAction(GuardedConnections connections, IOptions<HttpActionOptions> options, TimeProvider clock)
    : IAction<JsonElement?, JsonElement?>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    public async Task<JsonElement?> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        var asked = HttpRequestParameters.Read(parameters, options.Value);
        var exchange = new HttpExchange(connections, asked);
        var (tries, started) = (0, clock.GetTimestamp());
        HttpAnswer answer;
        try
        {
            answer = await Tries(asked, context).ExecuteAsync(
                async oneTry =>
                {
                    tries++;
                    return await SendAsync(exchange, asked, context, oneTry);
                },
                cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            throw new ActionFailedException(FormattableString.Invariant(
                $"{asked.Url.Host}:{asked.Url.Port} did not answer within {asked.Timeout.TotalSeconds} seconds."));
        }

        var data = answer.ToData(tries, clock.GetElapsedTime(started));
        return asked.FailOnStatus && (int)answer.Status >= 400
            ? throw new ActionFailedException(
                $"The server answered {(int)answer.Status} {answer.Status}.", data, answer.MayPass)
            : data;
    }

    // Neither the path nor the query is said: senders of chat messages, among others, have their secret there.
    private async Task<HttpAnswer> SendAsync(
        HttpExchange exchange, HttpRequestParameters asked, ActionContext context, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        context.Say($"Sends {asked.Method} to {asked.Url.Host}:{asked.Url.Port}.");
        try
        {
            var answer = await exchange.SendAsync(cancellationToken);
            context.Say(
                string.Create(CultureInfo.InvariantCulture, $"Answered {(int)answer.Status} {answer.Status} in {Milliseconds(began)} ms."),
                (int)answer.Status >= 400 ? ExecutionLineLevel.Warning : ExecutionLineLevel.Info);
            return answer;
        }
        catch (ActionFailedException failed)
        {
            context.Say(failed.Message, ExecutionLineLevel.Error);
            throw;
        }
        catch (OperationCanceledException)
        {
            context.Say(
                string.Create(CultureInfo.InvariantCulture, $"No answer in {Milliseconds(began)} ms: given up."), ExecutionLineLevel.Error);
            throw;
        }
    }

    private long Milliseconds(long began) => (long)clock.GetElapsedTime(began).TotalMilliseconds;

    private ResiliencePipeline<HttpAnswer> Tries(HttpRequestParameters asked, ActionContext context)
    {
        var tries = new ResiliencePipelineBuilder<HttpAnswer> { TimeProvider = clock };
        if (asked.Retries > 0)
        {
            tries.AddRetry(new()
            {
                MaxRetryAttempts = asked.Retries,
                ShouldHandle = static done => ValueTask.FromResult(MayPass(done.Outcome)),
                DelayGenerator = done => ValueTask.FromResult<TimeSpan?>(Delay(asked, done)),
                OnRetry = again =>
                {
                    context.Say(string.Create(CultureInfo.InvariantCulture, $"Tries again in {again.RetryDelay.TotalSeconds:0.#} s."));
                    return ValueTask.CompletedTask;
                },
            });
        }

        // Added last, it is within the retries: each try has its own.
        return tries.AddTimeout(asked.Timeout).Build();
    }

    private static bool MayPass(Outcome<HttpAnswer> outcome) => outcome switch
    {
        { Result: { } answer } => answer.MayPass,
        { Exception: ActionFailedException failure } => failure.MayRetry,
        _ => outcome.Exception is TimeoutRejectedException,
    };

    // Twice as long each time, or as long as the server asks for. The library would take either, and not the longer of both.
    private TimeSpan Delay(HttpRequestParameters asked, RetryDelayGeneratorArguments<HttpAnswer> done)
    {
        var own = asked.RetryDelay * Math.Pow(2, done.AttemptNumber);
        var wanted = done.Outcome.Result?.RetryAfter(clock.GetUtcNow()) is { } after && after > own ? after : own;
        return wanted < LongestDelay ? wanted : LongestDelay;
    }
}
