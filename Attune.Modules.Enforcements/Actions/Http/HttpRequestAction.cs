using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>Sends an HTTP request, and a few times more where the answer may be another one then.</summary>
internal sealed class HttpRequestAction(GuardedConnections connections, IOptions<HttpActionOptions> options, TimeProvider clock)
    : IAction<JsonElement?, JsonElement?>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    public async Task<JsonElement?> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        var asked = HttpRequestParameters.Read(parameters, options.Value);
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure) = await TryAsync(asked, cancellationToken);
            var mayPass = answer?.MayPass ?? failure!.MayRetry;
            if (!mayPass || attempt > asked.Retries)
            {
                return answer is null ? throw failure!
                    : asked.FailOnStatus && (int)answer.Status >= 400 ? throw new ActionFailedException(
                        $"The server answered {(int)answer.Status} {answer.Status}.", answer.ToData(attempt), mayPass)
                    : answer.ToData(attempt);
            }

            await Task.Delay(Delay(asked, attempt, answer), clock, cancellationToken);
        }
    }

    private async Task<(HttpAnswer? Answer, ActionFailedException? Failure)> TryAsync(
        HttpRequestParameters asked, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(asked.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return (await new HttpExchange(connections, asked).SendAsync(either.Token), null);
        }
        catch (ActionFailedException failure)
        {
            return (null, failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new ActionFailedException(FormattableString.Invariant(
                $"{asked.Url.Host}:{asked.Url.Port} did not answer within {asked.Timeout.TotalSeconds} seconds.")));
        }
    }

    // Twice as long each time, or as long as the server asks for.
    private TimeSpan Delay(HttpRequestParameters asked, int attempt, HttpAnswer? answer)
    {
        var own = asked.RetryDelay * Math.Pow(2, attempt - 1);
        var wanted = answer?.RetryAfter(clock.GetUtcNow()) is { } after && after > own ? after : own;
        return wanted < LongestDelay ? wanted : LongestDelay;
    }
}
