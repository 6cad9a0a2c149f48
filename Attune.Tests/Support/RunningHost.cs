using Attune.Host;
using Microsoft.Extensions.Configuration;

namespace Attune.Tests.Support;

/// <summary>The real host in this process, on a free port and a database of its own.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly AttuneHost _host;
    private readonly TestServer? _server;
    private readonly string _connectionString;

    private RunningHost(AttuneHost host, TestServer? server, string connectionString)
    {
        _host = host;
        _server = server;
        _connectionString = connectionString;
        Address = host.Addresses.First();
        Api = new ApiClient(Address);
    }

    public string Address { get; }

    public ApiClient Api { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>How a second host, or a test, reaches the same database.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>Starts on a copy of the migrated database, dropped again with the host.</summary>
    public static async Task<RunningHost> StartAsync(DatabaseEngine engine, params (string Key, string Value)[] settings)
    {
        var server = await TestServer.GetAsync(engine);
        var connectionString = await server.CopyAsync();
        return new(await StartAsync(connectionString, settings), server, connectionString);
    }

    /// <summary>Starts another host on the database of this one, which stays the owner.</summary>
    public async Task<RunningHost> StartAnotherAsync() => new(await StartAsync(_connectionString, []), null, _connectionString);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _host.DisposeAsync();
        if (_server is not null)
        {
            await _server.DropByConnectionStringAsync(_connectionString);
        }
    }

    private static Task<AttuneHost> StartAsync(string connectionString, (string Key, string Value)[] settings) => AttuneHost.StartAsync(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = connectionString,
            ["Urls"] = "http://127.0.0.1:0",
            ["Serilog:MinimumLevel:Default"] = "Warning",
        }).AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(),
        CancellationToken.None);
}
