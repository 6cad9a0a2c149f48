using Attune.Db.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

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
        var server = await DatabaseServer.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        await AllowFillingAsync(server.ConnectionString);
        return new(server, folder);
    }

    // Tests of plans fill tables without the work of triggers, which is a superuser's to switch off.
    private static async Task AllowFillingAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(
                connectionString) { Username = Cluster.Superuser, Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var grant = new NpgsqlCommand($"GRANT SET ON PARAMETER session_replication_role TO {Cluster.Role}", connection);
        await grant.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
