using System.Net;
using System.Net.Sockets;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>One try: a request, the redirects that follow it, and the response, read to its end.</summary>
internal sealed class HttpExchange(GuardedConnections connections, HttpRequestParameters asked)
{
    /// <exception cref="ActionFailedException">There was no response, or none that can be taken.</exception>
    public async Task<HttpAnswer> SendAsync(CancellationToken cancellationToken)
    {
        var (url, method) = (asked.Url, asked.Method);
        var (hasBody, isElsewhere) = (true, false);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var request = NewRequest(url, method, hasBody, isElsewhere);
                using var response = await connections.Invoker(asked.VerifyTls).SendAsync(request, cancellationToken);
                if (asked.MaxRedirects == 0 || Redirect(response, url) is not { } next)
                {
                    return await HttpAnswer.ReadAsync(
                        response, url, redirects, asked.MaxResponseBytes, connections.Memory, cancellationToken);
                }

                if (redirects == asked.MaxRedirects)
                {
                    throw new ActionFailedException($"More than {asked.MaxRedirects} redirects.", mayRetry: false);
                }

                if (BecomesGet(response.StatusCode, method))
                {
                    (method, hasBody) = (HttpMethod.Get, false);
                }

                // Once elsewhere, it stays so: where that server sends us back to, it has chosen.
                isElsewhere |= Uri.Compare(
                    url, next, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0;
                url = next;
            }
        }
        catch (HttpRequestException error)
        {
            throw Explain(error, url);
        }
        catch (IOException error)
        {
            throw new ActionFailedException($"The connection to {url.Host} broke: {error.Message}");
        }
        catch (InvalidDataException)
        {
            throw new ActionFailedException(
                $"The response of {url.Host}:{url.Port} cannot be unpacked: it is not what its Content-Encoding says.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ActionFailedException(FormattableString.Invariant(
                $"No connection to {url.Host}:{url.Port} within {GuardedConnections.ConnectTimeout.TotalSeconds} seconds."));
        }
    }

    // The Fetch standard, HTTP-redirect fetch, step 12.
    private static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    private static Uri? Redirect(HttpResponseMessage response, Uri url)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || !response.Headers.NonValidated.TryGetValues("Location", out var given) || given.ToString() is not { Length: > 0 })
        {
            return null;
        }

        var next = RequestAddress.Check(
            response.Headers.Location is { } location && Uri.TryCreate(url, location, out var target) ? target.AbsoluteUri : "",
            "A redirect's target");
        return url.Scheme == "https" && next.Scheme == "http"
            ? throw new ActionFailedException("A redirect leads from https to http.", mayRetry: false)
            : next;
    }

    private HttpRequestMessage NewRequest(Uri url, HttpMethod method, bool hasBody, bool isElsewhere)
    {
        var request = new HttpRequestMessage(method, url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (hasBody && asked.Body is { } body)
        {
            request.Content = new ByteArrayContent(body.Bytes);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.Type);
        }

        foreach (var (name, value) in asked.Headers.Where(header => !isElsewhere || RequestHeaders.IsHarmless(header.Key)))
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is not null
                || !hasBody && RequestHeaders.IsOfBody(name) || request.Headers.TryAddWithoutValidation(name, value))
            {
                continue;
            }

            // One that speaks of a body is sent only with one, be it empty.
            request.Content ??= new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.NonValidated.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "attune");
        }

        return request;
    }

    // A message names the server, never the whole address: its query may hold a secret.
    private static ActionFailedException Explain(HttpRequestException error, Uri url) => error switch
    {
        { InnerException: ActionFailedException refused } => refused,
        { InnerException: SocketException socket } => new($"{url.Host}:{url.Port} cannot be reached: {socket.Message}"),
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new($"No secure connection to {url.Host}:{url.Port}: {error.InnerException?.Message ?? error.Message}", mayRetry: false),
        _ => new($"No response from {url.Host}:{url.Port}: {error.InnerException?.Message ?? error.Message}"),
    };
}
