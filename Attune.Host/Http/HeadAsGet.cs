namespace Attune.Host.Http;

/// <summary>Answers HEAD wherever GET is: routes are asked as for GET, and the server itself leaves out the body.</summary>
internal sealed class HeadAsGet : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        HttpMethods.IsHead(context.Request.Method) ? AskAsync(context, next) : next(context);

    private static async Task AskAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    }
}
