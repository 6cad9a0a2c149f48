using System.Text.Json;

namespace Attune.Tests.Faults;

[TestFixture]
public sealed class TwoHostsTests
{
    [Test]
    public async Task Two_hosts_on_one_database_share_the_work_and_do_nothing_twice()
    {
        await using var first = await RunningHost.StartAsync(DatabaseEngine.Native);
        await using var second = await first.StartAnotherAsync();
        var key = await first.Api.TriggerWithWebhookAsync("two.push");

        // The rule is made at one host and must be known at once at the other.
        await second.Api.RuleAsync("two.every", "two.push", Array.Empty<object>());
        var hosts = (ApiClient[])[first.Api, second.Api];
        await Task.WhenAll(Enumerable.Range(0, 200).Select(turn => hosts[turn % 2].DeliverAsync(key, $$"""{"n": {{turn}}}""", $"delivery-{turn / 2}")));

        await Eventually.HoldsAsync(
            async () => (await first.Api.ListAsync("/api/v1/executions?rule_ref=two.every&status=completed&per_page=100")).Count == 100,
            "one execution for each pair of deliveries");
        var list = await second.Api.GetAsync("/api/v1/enforcements?rule_ref=two.every&include_total=true");
        Assert.That(list.GetProperty("pagination").GetProperty("total_items").GetInt64(), Is.EqualTo(100));
        var events = (await first.Api.ListAsync("/api/v1/executions?rule_ref=two.every&per_page=100"))
            .Select(execution => execution.GetProperty("enforcement")).Where(one => one.ValueKind == JsonValueKind.Number)
            .Select(one => one.GetInt64());
        Assert.That(events, Is.Unique);
    }
}
