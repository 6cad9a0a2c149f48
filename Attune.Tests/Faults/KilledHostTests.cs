using System.Collections.Concurrent;
using Attune.Tests.Host;

namespace Attune.Tests.Faults;

/// <summary>A host is killed in the middle of its work; another one, on the same database, goes on where it stopped.</summary>
public sealed class KilledHostTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    [Test]
    public async Task After_a_kill_and_a_restart_every_acknowledged_event_has_its_enforcement_and_nothing_is_pending()
    {
        var acknowledged = new ConcurrentBag<long>();
        await using (var first = await HostProgram.ServeAsync($"--Database:ConnectionString={ConnectionString}"))
        {
            var address = first.Address!;
            string key;
            using (var api = new ApiClient(address))
            {
                key = await api.TriggerWithWebhookAsync("fault.push");
                await api.RuleAsync("fault.every", "fault.push", new[] { new { field = "n", @operator = "exists" } });
            }

            var posting = Enumerable.Range(0, 8).Select(caller => PostUntilItDiesAsync(address, key, caller, acknowledged)).ToArray();
            await Eventually.HoldsAsync(() => acknowledged.Count >= 300, "hundreds of events are acknowledged");
            await first.KillAsync();
            await Task.WhenAll(posting);
        }

        await using (await HostProgram.ServeAsync($"--Database:ConnectionString={ConnectionString}"))
        {
            await Eventually.HoldsAsync(
                async () => await ScalarAsync<long>("SELECT count(*) FROM enforcement WHERE status = 'created'") == 0,
                "nothing is pending");
            await Eventually.HoldsAsync(
                async () => await ScalarAsync<long>(
                    "SELECT count(*) FROM execution WHERE rule_ref = 'fault.every' AND status <> 'completed'") == 0,
                "every execution is completed");
        }

        var lost = await ScalarAsync<long>(
            """
            SELECT count(*)
              FROM unnest(@ids) AS acknowledged (id)
             WHERE (SELECT count(*) FROM enforcement WHERE enforcement.event = acknowledged.id AND rule_ref = 'fault.every') <> 1
            """,
            new { ids = acknowledged.ToArray() });
        var doubled = await ScalarAsync<long>(
            """
            SELECT count(*)
              FROM enforcement
             WHERE rule_ref = 'fault.every'
               AND status = 'processed'
               AND (SELECT count(*) FROM execution WHERE execution.enforcement = enforcement.id AND execution.parent IS NULL) <> 1
            """);
        var unmatched = await ScalarAsync<long>(
            "SELECT count(*) FROM event WHERE trigger_ref = 'fault.push' AND NOT EXISTS (SELECT FROM enforcement WHERE enforcement.event = event.id)");

        Assert.That(acknowledged, Is.Not.Empty);
        Assert.That(lost, Is.Zero, "acknowledged events without their enforcement");
        Assert.That(doubled, Is.Zero, "enforcements without exactly one execution");
        Assert.That(unmatched, Is.Zero, "events without their enforcement");
    }

    private static async Task PostUntilItDiesAsync(string address, string key, int caller, ConcurrentBag<long> acknowledged)
    {
        using var api = new ApiClient(address);
        try
        {
            for (var turn = 0; ; turn++)
            {
                acknowledged.Add(await api.DeliverAsync(key, $$"""{"n": {{(caller * 1_000_000) + turn}}}"""));
            }
        }
        catch (HttpRequestException)
        {
            // The host is dead: what it had not acknowledged is the sender's to send again.
        }
    }
}
