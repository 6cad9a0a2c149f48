namespace Attune.Host.Http;

/// <summary>Answers HEAD wherever GET is: routes are asked as for GET, and the server itself leaves out the body.</summary>
internal sealed class HeadAsGet : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

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
