using System.Net;
using System.Text;
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
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(turn => hosts[turn % 2].DeliverAsync(key, $$"""{"n": {{turn / 2}}}""", $"delivery-{turn / 2}")));

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

    [TestCase(DatabaseEngine.Native)]
    [TestCase(DatabaseEngine.Timescale)]
    public async Task Two_hundred_callers_with_one_key_at_two_hosts_get_one_event(DatabaseEngine engine)
    {
        await using var first = await RunningHost.StartAsync(engine);
        await using var second = await first.StartAnotherAsync();
        await first.Api.PostAsync("/api/v1/triggers", new { @ref = "two.keyed", label = "Keyed" });
        await first.Api.RuleAsync("two.of_keyed", "two.keyed", Array.Empty<object>());
        var hosts = (ApiClient[])[first.Api, second.Api];

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(turn => CallAsync(hosts[turn % 2])));

        Assert.That(answers.Select(answer => answer.Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Created), Is.EqualTo(1), "one of them wrote it");
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.EqualTo(199));
        Assert.That(answers.Select(answer => answer.Payload).Distinct().Count(), Is.EqualTo(1), "all are answered with what was written");
        Assert.That(await first.Api.ListAsync("/api/v1/events?trigger_ref=two.keyed"), Has.Count.EqualTo(1));
        Assert.That(await second.Api.ListAsync("/api/v1/enforcements?rule_ref=two.of_keyed"), Has.Count.EqualTo(1));
    }

    private static async Task<(HttpStatusCode Status, long Id, string Payload)> CallAsync(ApiClient api)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
        {
            Content = new StringContent("""{"trigger_ref": "two.keyed", "payload": {"n": 1}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", "one for all");
        using var response = await api.Http.SendAsync(request);
        var data = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("data");
        return (response.StatusCode, data.GetProperty("id").GetInt64(), data.GetProperty("payload").GetRawText());
    }
}
