using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Support;

/// <summary>A fixture with the real host in this process, on one engine and in a database of its own.</summary>
public abstract class HostTest(DatabaseEngine engine)
{
    private RunningHost? _running;

    private protected DatabaseEngine Engine { get; } = engine;

    private protected RunningHost Running => _running!;

    private protected ApiClient Api => Running.Api;

    [OneTimeSetUp]
    public async Task StartHostAsync() => _running = await RunningHost.StartAsync(Engine);

    [TearDown]
    public Task LeaveNoRowsOutsideRetentionAsync() =>
        RowsOutsideRetention.AssertNoneAsync(Running.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);

    // This is called for a fixture whose engine is missing too.
    [OneTimeTearDown]
    public async Task StopHostAsync()
    {
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }
    }
}
