using System.Net;
using System.Text.Json;

namespace Attune.Tests.Host;

/// <summary>All that is known of an event in one file.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class EventBundleTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task It_has_the_event_what_came_of_it_and_why_and_no_secret()
    {
        var key = await Api.TriggerWithWebhookAsync("bundled.push");
        await Api.RuleAsync("bundled.every", "bundled.push", Array.Empty<object>(), new
        {
            text = "{{ event.payload.kind }}", headers = new { Authorization = "Bearer geheim" },
        });
        await Api.RuleAsync(
            "bundled.other", "bundled.push", new[] { new { field = "kind", @operator = "equals", value = "refund" } });
        var id = await Api.DeliverAsync(key, """{"kind": "order", "customer": {"password": "geheim"}}""");
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=bundled.every&status=completed")).Count > 0, "it has run");

        using var response = await Api.Http.GetAsync($"/api/v1/events/{id}/bundle");
        var text = await response.Content.ReadAsStringAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentDisposition!.FileName, Is.EqualTo($"attune-event-{id}.json"));
            Assert.That(text, Does.Not.Contain("geheim"));
            var bundle = JsonElement.Parse(text);
            Assert.That(bundle.GetProperty("event").GetProperty("payload").GetProperty("kind").GetString(), Is.EqualTo("order"));
            var enforcement = bundle.GetProperty("enforcements").EnumerateArray().Single();
            Assert.That(enforcement.GetProperty("enforcement").GetProperty("status").GetString(), Is.EqualTo("processed"));
            Assert.That(enforcement.GetProperty("config").GetProperty("text").GetString(), Is.EqualTo("order"));
            Assert.That(enforcement.GetProperty("rule_version").GetProperty("version").GetInt32(), Is.EqualTo(1));
            var execution = enforcement.GetProperty("executions").EnumerateArray().Single();
            Assert.That(execution.GetProperty("execution").GetProperty("status").GetString(), Is.EqualTo("completed"));
            Assert.That(execution.GetProperty("history").GetArrayLength(), Is.GreaterThan(1));
            Assert.That(execution.GetProperty("log").GetArrayLength(), Is.Zero, "core.echo says nothing");
            Assert.That(
                bundle.GetProperty("explanation").GetProperty("rules").EnumerateArray().Select(rule =>
                    (rule.GetProperty("rule_ref").GetString(), rule.GetProperty("matches").GetBoolean())),
                Is.EqualTo(((string?, bool)[])[("bundled.every", true), ("bundled.other", false)]));
            Assert.That(bundle.GetProperty("is_cut_short").GetBoolean(), Is.False);
        }
    }

    [TestCase("999999999", 404)]
    [TestCase("x", 400)]
    public async Task An_event_that_is_not_there_has_none(string id, int status)
    {
        using var response = await Api.Http.GetAsync($"/api/v1/events/{id}/bundle");

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }
}
