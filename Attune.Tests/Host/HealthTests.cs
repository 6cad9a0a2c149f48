using System.Net;
using Npgsql;

namespace Attune.Tests.Host;

/// <summary>What those that watch over a host are told.</summary>
[TestFixture]
public sealed class HealthTests
{
    [Test]
    public async Task A_host_at_work_is_well_and_one_whose_database_is_gone_says_so_and_lives()
    {
        await using var running = await RunningHost.StartAsync(DatabaseEngine.Native);
        var http = running.Api.Http;

        Assert.That(await http.GetStringAsync("/health"), Is.EqualTo("""{"status":"ok"}"""));
        var detailed = await running.Api.GetAsync("/health/detailed");
        Assert.That(detailed.GetProperty("status").GetString(), Is.EqualTo("ok"));
        Assert.That(detailed.GetProperty("database").GetString(), Is.EqualTo("connected"));
        Assert.That(detailed.GetProperty("version").GetString(), Is.Not.Empty);

        // The change feed connects a moment after the host listens.
        await Eventually.HoldsAsync(async () => await StatusAsync("/health/ready") == HttpStatusCode.OK, "the host is ready");

        var ready = await running.Api.GetAsync("/health/ready");
        var findings = ready.GetProperty("findings").EnumerateArray().ToDictionary(
            finding => finding.GetProperty("name").GetString()!, finding => finding.GetProperty("well").GetBoolean());
        string[] looked =
        [
            "database", "schema", "listener", "pending_enforcements", "waiting_executions", "running_executions", "default_partitions",
            "background_jobs", "keeping",
        ];
        Assert.That(findings.Keys, Is.EquivalentTo(looked));
        Assert.That(findings.Values, Has.All.True, $"{ready}");

        await DropAsync(running.ConnectionString);

        await Eventually.HoldsAsync(async () => await StatusAsync("/health/ready") == HttpStatusCode.ServiceUnavailable, "the host is not ready");
        using var error = await http.GetAsync("/health/detailed");
        Assert.That(error.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await error.Content.ReadAsStringAsync(), Does.Contain("\"disconnected\"").And.Contain("\"status\":\"error\""));
        Assert.That(await StatusAsync("/health/live"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync("/health"), Is.EqualTo(HttpStatusCode.OK));

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await http.GetAsync(path);
            return response.StatusCode;
        }
    }

    private static async Task DropAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using var server = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await server.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE {name} WITH (FORCE)", server);
        await drop.ExecuteNonQueryAsync();
    }
}
