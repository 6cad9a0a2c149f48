using Attune.Db;

namespace Attune.Host.Access;

/// <summary>
/// Keeps other web sites from using the reader's browser against Attune: a name of theirs that leads to this machine (DNS
/// rebinding), a form or script that writes, a socket. Webhooks are meant to come from elsewhere, and their key protects them.
/// </summary>
internal sealed class RequestGuard : IMiddleware
{
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsWebhook(request))
        {
            if (request.Host.HasValue && !OwnNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            {
                throw new RefusedException(
                    RefusalKind.Forbidden, "host", "Attune answers to localhost, 127.0.0.1 and [::1] only. (Webhooks come in under any name.)");
            }

            if (MayWrite(request) && IsFromElsewhere(request))
            {
                throw new RefusedException(RefusalKind.Forbidden, "origin", "Another web site made this request; it is not carried out.");
            }
        }

        return next(context);
    }

    public static bool IsWebhook(HttpRequest request) => request.Path.StartsWithSegments("/api/v1/webhooks");

    // A socket is opened by GET, and is not held back by the browser when it goes to another site.
    private static bool MayWrite(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.HttpContext.WebSockets.IsWebSocketRequest
        || request.Headers.ContainsKey("Sec-WebSocket-Key");

    private static bool IsFromElsewhere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none"))
        {
            return true;
        }

        // Programs send no origin; browsers always do when they write.
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
