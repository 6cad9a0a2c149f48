namespace Attune.Host.Http;

/// <summary>
/// Once the host is stopping it takes no more requests on the connections that are still open: pages would open a new socket
/// at once, and the host would wait for that too.
/// </summary>
internal sealed class ClosingTime(IHostApplicationLifetime lifetime) : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.Connection = "close";
        context.Response.Headers.RetryAfter = "2";
        return Task.CompletedTask;
    }
}
