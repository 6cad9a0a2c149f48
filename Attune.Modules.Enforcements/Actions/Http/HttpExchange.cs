using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>One try: a request, the redirects that follow it, and the response, read to its end.</summary>
internal sealed class HttpExchange(GuardedConnections connections, HttpRequestParameters asked)
{
    // Sent along when a redirect leads to another server: nothing that could be a secret.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Language", "Content-Language", "Content-Type", "User-Agent",
    };

    /// <exception cref="ActionFailedException">There was no response, or none that can be taken.</exception>
    public async Task<HttpAnswer> SendAsync(CancellationToken cancellationToken)
    {
        var (url, method, body) = (asked.Url, asked.Method, asked.Body);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var request = NewRequest(url, method, body);
                using var response = await connections.Invoker(asked.VerifyTls).SendAsync(request, cancellationToken);
                if (asked.MaxRedirects == 0 || Redirect(response, url) is not { } next)
                {
                    return await HttpAnswer.ReadAsync(response, redirects, asked.MaxResponseBytes, cancellationToken);
                }

                if (redirects == asked.MaxRedirects)
                {
                    throw new ActionFailedException($"More than {asked.MaxRedirects} redirects.", mayRetry: false);
                }

                // As browsers do: only 307 and 308 repeat what was sent.
                if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                    && method != HttpMethod.Get && method != HttpMethod.Head)
                {
                    (method, body) = (HttpMethod.Get, null);
                }

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

    private static Uri? Redirect(HttpResponseMessage response, Uri url)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || !response.Headers.NonValidated.TryGetValues("Location", out var given) || given.ToString() is not { Length: > 0 })
        {
            return null;
        }

        var next = HttpRequestParameters.CheckUrl(
            response.Headers.Location is { } location && Uri.TryCreate(url, location, out var target) ? target.AbsoluteUri : "",
            "A redirect's target");
        return url.Scheme == "https" && next.Scheme == "http"
            ? throw new ActionFailedException("A redirect leads from https to http.", mayRetry: false)
            : next;
    }

    private HttpRequestMessage NewRequest(Uri url, HttpMethod method, byte[]? body)
    {
        var request = new HttpRequestMessage(method, url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(asked.BodyType);
        }

        var isElsewhere = Uri.Compare(
            url, asked.Url, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0;
        foreach (var (name, value) in asked.Headers.Where(header => !isElsewhere || Harmless.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.UserAgent.ParseAdd("attune");
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
