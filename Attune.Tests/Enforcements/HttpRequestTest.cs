using System.Net;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Actions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Attune.Tests.Enforcements;

/// <summary>What tests of core.http_request begin with: a server on this machine, which the settings allow here.</summary>
public abstract class HttpRequestTest
{
    private readonly List<IDisposable> _connections = [];

    protected static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    private protected WebServer Server { get; private set; } = null!;

    /// <summary>How the server answers.</summary>
    protected Func<HttpContext, Task> Answer { get; set; } = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        Answer = context => context.Response.WriteAsync("ok");
        Server = await WebServer.StartAsync(context => Answer(context));
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        _connections.ForEach(one => one.Dispose());
        _connections.Clear();
        await Server.DisposeAsync();
    }

    protected static HttpActionOptions Allowed(string network = "127.0.0.1/32")
    {
        var options = new HttpActionOptions();
        options.AllowedNetworks.Add(network);
        return options;
    }

    private protected HttpRequestAction NewAction(
        HttpActionOptions options, GuardedConnections.Resolver? resolve = null, TimeProvider? clock = null)
    {
        var connections = new GuardedConnections(Options.Create(options), resolve ?? Dns.GetHostAddressesAsync);
        _connections.Add(connections);
        return new(connections, Options.Create(options), clock ?? new ManualClock(DateTimeOffset.UnixEpoch));
    }

    private protected static async Task<JsonElement?> RunAsync(
        HttpRequestAction action, JsonElement parameters, CancellationToken cancellationToken)
    {
        using var runner = new ActionTestRunner();
        return await runner.RunAsync(action, parameters, cancellationToken);
    }

    protected async Task<JsonElement> RunAsync(string parameters, HttpActionOptions? options = null) =>
        (await RunAsync(NewAction(options ?? Allowed()), JsonElement.Parse(parameters), Cancellation))!.Value;

    private protected async Task<ActionFailedException> FailsAsync(
        string parameters, HttpActionOptions? options = null, GuardedConnections.Resolver? resolve = null) =>
        (await Assert.ThrowsAsync<ActionFailedException>(
            () => RunAsync(NewAction(options ?? Allowed(), resolve), JsonElement.Parse(parameters), Cancellation)))!;
}
