using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Db.Changes;
using Attune.Db.Embedded;
using Attune.Host;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Faults;

/// <summary>
/// The database server dies under a host that is at work, and comes back: senders send again, and nothing is lost or doubled.
/// </summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "Signals are sent to the server.")]
public sealed class StoppedServerTests
{
    private const int Callers = 4;
    private const int Deliveries = 60;

    private string _folder = "";
    private AttuneHost _host = null!;
    private string _key = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"attune-stopped-{Guid.NewGuid():N}");
        _host = await AttuneHost.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Database:DataDirectory"] = _folder,
                ["Database:Engine"] = "native",
                ["Urls"] = "http://127.0.0.1:0",
                ["Serilog:MinimumLevel:Default"] = "Fatal",
            }).Build(),
            CancellationToken.None);
        var triggers = Get<ITriggerRepository>();
        await triggers.CreateAsync(new NewTrigger { Ref = "stopped.push", Label = "Pushed" }, CancellationToken.None);
        _key = (await triggers.EnableWebhookAsync("stopped.push", CancellationToken.None))!.WebhookKey!;
        await Get<IRuleRepository>().CreateAsync(
            new NewRule { Ref = "stopped.every", Label = "Every push", TriggerRef = "stopped.push", ActionRef = "core.echo" },
            CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // QUIT is an immediate stop, and so a recovery at the next start; KILL takes the first process alone, and the rest find out.
    [TestCase("QUIT")]
    [TestCase("KILL")]
    public async Task A_server_that_is_stopped_at_once_comes_back_and_every_delivery_is_one_event_and_one_execution(string signal)
    {
        var answered = 0;
        var posting = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => DeliverAllAsync($"{signal}-{caller}"))).ToArray();
        await Eventually.HoldsAsync(() => Volatile.Read(ref answered) > Callers * Deliveries / 4, "a good part is delivered");

        var id = ServerProcess.Of(new ServerFiles(_folder))!.Id;
        using (var kill = Process.Start("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        var told = (await Task.WhenAll(posting)).SelectMany(events => events).ToList();
        await Eventually.HoldsAsync(async () => await CountAsync("enforcement WHERE status = 'created'") == 0, "nothing is pending");
        await Eventually.HoldsAsync(
            async () => await CountAsync("execution WHERE rule_ref = 'stopped.every' AND status <> 'completed'") == 0,
            "every execution is completed");
        Get<NpgsqlDataSource>().Clear(); // connections of before that nobody has used since

        var sent = Callers * Deliveries;
        Assert.That(told, Is.Unique.And.Count.EqualTo(sent));
        Assert.That(
            await CountAsync($"event WHERE trigger_ref = 'stopped.push' AND payload ->> 'sender' LIKE '{signal}-%'"), Is.EqualTo(sent));
        Assert.That(
            await CountAsync(
                $"""
                event
                 WHERE trigger_ref = 'stopped.push'
                   AND payload ->> 'sender' LIKE '{signal}-%'
                   AND 1 = (SELECT count(*)
                              FROM enforcement
                             WHERE enforcement.event = event.id
                               AND 1 = (SELECT count(*) FROM execution WHERE execution.enforcement = enforcement.id))
                """),
            Is.EqualTo(sent));
        await Eventually.HoldsAsync(() => Get<ChangeHub>().Connected, "the feed is live again");

        async Task<List<long>> DeliverAllAsync(string sender)
        {
            using var http = new HttpClient { BaseAddress = new Uri(_host.Addresses.First()), Timeout = TimeSpan.FromMinutes(1) };
            var events = new List<long>();
            for (var n = 0; n < Deliveries; n++)
            {
                events.Add(await DeliverAsync(http, sender, n));
                Interlocked.Increment(ref answered);
            }

            return events;
        }
    }

    // As a patient sender does: the same delivery, again and again, until it is taken.
    private async Task<long> DeliverAsync(HttpClient http, string sender, int n)
    {
        var deadline = DateTime.UtcNow + Eventually.Deadline;
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{_key}")
            {
                Content = new StringContent($$"""{"sender": "{{sender}}", "n": {{n}}}""", Encoding.UTF8, "application/json"),
                Headers = { { "X-GitHub-Event", "push" }, { "X-GitHub-Delivery", $"{sender}-{n}" } },
            };
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode)
            {
                return JsonElement.Parse(text).GetProperty("data").GetProperty("event_id").GetInt64();
            }

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), text);
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), text);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task<long> CountAsync(string what)
    {
        try
        {
            await using var connection = await Get<NpgsqlDataSource>().OpenConnectionAsync();
            return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {what}");
        }
        catch (NpgsqlException)
        {
            // A connection of before: the next one is new.
            return -1;
        }
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}
