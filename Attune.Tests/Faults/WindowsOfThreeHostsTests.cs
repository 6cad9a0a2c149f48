using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Tests.Host;

namespace Attune.Tests.Faults;

/// <summary>A window is exact with several hosts, one of which is killed again and again.</summary>
public sealed class WindowsOfThreeHostsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private const int Most = 5;
    private const int Keys = 60;
    private const int Callers = 12;

    [Test]
    public async Task Exactly_so_many_matches_of_each_value_pass_at_three_hosts_while_one_is_killed()
    {
        var acknowledged = new ConcurrentBag<long>();
        var next = 0;
        await using (var first = await ServeAsync())
        await using (var second = await ServeAsync())
        {
            using (var api = new ApiClient(first.Address!))
            {
                await api.PostAsync("/api/v1/triggers", new { @ref = "window.seen", label = "Seen" });
                await api.PostAsync("/api/v1/rules", new
                {
                    @ref = "window.few", label = "Few", trigger_ref = "window.seen", action_ref = "core.noop",
                    window = new { at_most = Most, @in = "2h", per = new[] { "key" } },
                });
            }

            // Every value comes four times as often as may pass, at whichever host is there.
            var addresses = new[] { first.Address!, second.Address!, "" };
            var total = Keys * Most * 4;
            var posting = Enumerable.Range(0, Callers).Select(_ => Task.Run(
                async () =>
                {
                    using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
                    for (var turn = Interlocked.Increment(ref next); turn <= total; turn = Interlocked.Increment(ref next))
                    {
                        await PostAsync(http, addresses, turn, acknowledged);
                    }
                }, Cancellation)).ToArray();
            for (var kill = 0; kill < 3; kill++)
            {
                await using var third = await ServeAsync();
                addresses[2] = third.Address!;
                var before = acknowledged.Count;
                await Eventually.HoldsAsync(() => acknowledged.Count >= Math.Min(before + 150, total), "events are taken");
                await third.KillAsync();
                addresses[2] = "";
            }

            await Task.WhenAll(posting);
        }

        var wrong = await QueryAsync<string>(
            $"""
            SELECT payload ->> 'key'
              FROM enforcement
             WHERE rule_ref = 'window.few'
             GROUP BY payload ->> 'key'
            HAVING count(*) <> {Most}
            """);
        Assert.That(wrong, Is.Empty, "of each value exactly so many passed");
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM enforcement WHERE rule_ref = 'window.few'"), Is.EqualTo(Keys * Most));
        Assert.That(
            await ScalarAsync<long>("SELECT sum(held_back) FROM rule_window"),
            Is.EqualTo(await ScalarAsync<long>("SELECT count(*) - @passed FROM event WHERE trigger_ref = 'window.seen'", new { passed = Keys * Most })),
            "what did not pass was counted, once for each event that is there");
        Assert.That(acknowledged, Has.Count.GreaterThan(Keys * Most));
    }

    private Task<HostProgram> ServeAsync() => HostProgram.ServeAsync($"--Database:ConnectionString={ConnectionString}");

    // What the killed host did not answer may be there or not; it is sent again elsewhere, as another event.
    private static async Task PostAsync(HttpClient http, string[] addresses, int turn, ConcurrentBag<long> acknowledged)
    {
        for (var attempt = turn; ; attempt++)
        {
            var address = addresses[attempt % addresses.Length];
            if (address.Length == 0)
            {
                continue;
            }

            try
            {
                using var content = new StringContent(
                    $$$"""{"trigger_ref": "window.seen", "payload": {"key": "{{{turn % Keys}}}"}}""", Encoding.UTF8, "application/json");
                using var response = await http.PostAsync($"{address.TrimEnd('/')}/api/v1/events", content);
                if (response.StatusCode == HttpStatusCode.Created)
                {
                    acknowledged.Add(JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("data").GetProperty("id").GetInt64());
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
            {
                await Task.Delay(20);
            }
        }
    }
}
