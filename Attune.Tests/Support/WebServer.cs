using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Attune.Tests.Support;

/// <summary>A web server on this machine, for what Attune asks of others.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app) => _app = app;

    /// <summary>As <c>http://127.0.0.1:port</c>.</summary>
    public string Address => _app.Urls.Single();

    public int Port => new Uri(Address).Port;

    /// <summary>What was asked: the method and path, the headers and the body of each request, oldest first.</summary>
    public ConcurrentQueue<(string Line, IHeaderDictionary Headers, string Body)> Asked { get; } = new();

    public static async Task<WebServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new WebServer(builder.Build());
        server._app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            server.Asked.Enqueue(
                ($"{context.Request.Method} {context.Request.Path}", new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
            await answer(context);
        });
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
