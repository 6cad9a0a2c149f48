using System.Net;
using Attune.Web.Pages.Home;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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
            "background_jobs", "maintenance", "failing_rules",
        ];
        Assert.That(findings.Keys, Is.EquivalentTo(looked));
        Assert.That(findings.Values, Has.All.True, $"{ready}");

        await WriteAsync(running.ConnectionString, """
            INSERT INTO execution (action_ref, created) VALUES ('health.nobody_takes_it', now() - INTERVAL '6 minutes')
            """);
        var seen = await running.Services.GetRequiredService<IHealthReports>().LookAsync(CancellationToken.None);
        var shown = seen.Entries.Single(entry => entry.Value.Status != HealthStatus.Healthy);
        Assert.That(shown.Key, Is.EqualTo("waiting_executions"));
        Assert.That(shown.Value.Description, Does.StartWith("1 execution waiting for a worker, for 6 minutes"));

        await DropAsync(running.ConnectionString);

        await Eventually.HoldsAsync(
            async () => await StatusAsync("/health/ready") == HttpStatusCode.ServiceUnavailable, "the host is not ready");
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

    [Test]
    public async Task A_database_that_takes_no_changes_is_told_and_everything_goes_on_when_it_does_again()
    {
        await using var running = await RunningHost.StartAsync(DatabaseEngine.Native);
        var (http, name) = (running.Api.Http, new NpgsqlConnectionStringBuilder(running.ConnectionString).Database);
        await AdministerAsync(running.ConnectionString, $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await AdministerAsync(running.ConnectionString, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

        await Eventually.HoldsAsync(
            async () => (await AskAsync("/health/ready")) is (HttpStatusCode.ServiceUnavailable, var text) && text.Contains("read only"),
            "it says so");
        var (status, answer) = await RequestAsync();
        Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable), answer);
        Assert.That(answer, Does.Contain("The database takes no changes at the moment"));

        await AdministerAsync(running.ConnectionString,
            $"SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only");
        await AdministerAsync(running.ConnectionString, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        await Eventually.HoldsAsync(async () => (await AskAsync("/health/ready")).Status == HttpStatusCode.OK, "it is ready again");
        await Eventually.HoldsAsync(async () => (await RequestAsync()).Status == HttpStatusCode.Created, "it takes requests");
        await Eventually.HoldsAsync(
            async () => (await running.Api.ListAsync("/api/v1/executions?status=completed")).Count > 0, "and runs them");

        async Task<(HttpStatusCode Status, string Text)> AskAsync(string path)
        {
            using var response = await http.GetAsync(path);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }

        async Task<(HttpStatusCode Status, string Text)> RequestAsync()
        {
            using var body = new StringContent("""{"action_ref": "core.noop"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/api/v1/executions/execute", body);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    private static Task DropAsync(string connectionString) => TestServer.DropAsync(() => AdministerAsync(
        connectionString, $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)"));

    private static async Task AdministerAsync(string connectionString, string sql)
    {
        await using var server = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await server.OpenAsync();
        await using var command = new NpgsqlCommand(sql, server);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task WriteAsync(string connectionString, string sql)
    {
        await using var source = DataSources.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
