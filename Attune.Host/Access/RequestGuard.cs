using Attune.Db;
using Attune.Db.Http;

namespace Attune.Host.Access;

/// <summary>
/// Keeps other web sites from using the reader's browser against Attune: a name of theirs that leads to this machine (DNS
/// rebinding), a form or script that writes, a socket. Routes with <see cref="ExternalSenders"/> are meant to be reached from elsewhere.
/// </summary>
internal sealed class RequestGuard : IMiddleware
{
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var host = Host(request);
        if (context.GetEndpoint()?.Metadata.GetMetadata<ExternalSenders>() is null)
        {
            if (host.HasValue && !OwnNames.Contains(host.Host, StringComparer.OrdinalIgnoreCase))
            {
                throw new RefusedException(
                    RefusalKind.Forbidden, "host",
                    "Attune answers to localhost, 127.0.0.1 and [::1] only. (Webhooks come in under any name.)");
            }

            if (MayWrite(request) && IsFromElsewhere(request, host))
            {
                throw new RefusedException(RefusalKind.Forbidden, "origin", "Another web site made this request; it is not carried out.");
            }
        }

        return next(context);
    }

    // Read when it is asked for, and then a name that only looks like one of another script is an argument out of order.
    private static HostString Host(HttpRequest request)
    {
        try
        {
            return request.Host;
        }
        catch (ArgumentException)
        {
            throw new RefusedException(RefusalKind.Malformed, "host", "The header Host has no name that can be read.");
        }
    }

    // A socket is opened by GET, and is not held back by the browser when it goes to another site.
    private static bool MayWrite(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.HttpContext.WebSockets.IsWebSocketRequest
        || request.Headers.ContainsKey("Sec-WebSocket-Key");

    private static bool IsFromElsewhere(HttpRequest request, HostString host)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none"))
        {
            return true;
        }

        // Programs send no origin; browsers always do when they write.
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{host}", StringComparison.OrdinalIgnoreCase);
    }
}
