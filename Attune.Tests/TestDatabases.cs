[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: FixtureLifeCycle(LifeCycle.SingleInstance)]

namespace Attune.Tests;

/// <summary>Finds the servers once for the whole run, and leaves nothing on them. In this namespace it covers the whole assembly.</summary>
[SetUpFixture]
public sealed class TestDatabases
{
    [OneTimeSetUp]
    public void Register() => DapperMappings.Register();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var engine in (DatabaseEngine[])[DatabaseEngine.Native, DatabaseEngine.Timescale])
        {
            await TestServer.StopAsync(engine);
        }
    }
}
