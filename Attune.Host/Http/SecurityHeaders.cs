namespace Attune.Host.Http;

/// <summary>
/// Tells browsers what the pages never do, so that markup which slipped into one can do nothing, and that nobody keeps what the API
/// answers.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // MudBlazor writes style elements and attributes. Scripts are files of Attune's own, always.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            if (ErrorAnswer.IsApi(context.Request) && headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
