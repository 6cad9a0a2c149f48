using Attune.Db.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Support;

/// <summary>A server of the machine's own PostgreSQL programs, in a folder that goes with it.</summary>
internal sealed class EmbeddedTestServer : IAsyncDisposable
{
    private readonly DatabaseServer _server;
    private readonly string _folder;

    private EmbeddedTestServer(DatabaseServer server, string folder)
    {
        _server = server;
        _folder = folder;
    }

    public string ConnectionString => _server.ConnectionString;

    public static async Task<EmbeddedTestServer> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"attune-tests-{Guid.NewGuid():N}");
        var options = new DatabaseOptions { DataDirectory = folder, Engine = DatabaseEngine.Native };
        return new(await DatabaseServer.StartAsync(options, NullLogger.Instance, CancellationToken.None), folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
