using Attune.Db;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What of a request, besides its body, its sender may have signed.</summary>
internal sealed class SignedRequest
{
    /// <summary>All that was given of a header; empty when it was not sent.</summary>
    public required Func<string, StringValues> Values { get; init; }

    public required string Method { get; init; }

    /// <summary>
    /// Scheme and host as they reached this server, or as a proxy that is trusted tells them: <c>https://example.org</c>.
    /// </summary>
    public required Func<string> Server { get; init; }

    /// <summary>Path and query, exactly as they were sent.</summary>
    public required string Target { get; init; }

    public static SignedRequest Of(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return new()
        {
            Values = name => request.Headers[name],
            Method = request.Method,
            Server = () => $"{request.Scheme}://{request.Host}",
            Target = target?.StartsWith('/') == true ? target : $"{request.PathBase}{request.Path}{request.QueryString}",
        };
    }

    /// <summary>A header that counts only when it was sent once; null when it was not sent.</summary>
    /// <exception cref="RefusedException">It was sent more than once: nobody can tell which was meant.</exception>
    public string? Header(string name) => Values(name) switch
    {
        { Count: 0 } => null,
        { Count: 1 } values => values[0] ?? "",
        _ => throw WebhookProof.Refused($"{name} was sent more than once"),
    };

    /// <summary>The whole address, as its sender knows it.</summary>
    /// <param name="baseUrl">What stands before the path out there; null when that is what reached this server.</param>
    public string Url(string? baseUrl) => (baseUrl?.TrimEnd('/') ?? Server()) + Target;
}
