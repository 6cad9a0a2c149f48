using System.Net;
using System.Text.Json;

namespace Attune.Tests.Pipeline;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class WebhookToExecutionTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task Each_matching_webhook_leads_to_one_enforcement_and_one_completed_execution()
    {
        var key = await Api.TriggerWithWebhookAsync("pipe.push");
        await Api.RuleAsync(
            "pipe.main",
            "pipe.push",
            new[] { new { field = "ref", @operator = "equals", value = "refs/heads/main" } },
            new { text = "{{ event.payload.repository.description }}", stars = "{{ event.payload.repository.stargazers_count }}" });

        var matching = new List<long>();
        for (var turn = 0; turn < 20; turn++)
        {
            var body = GitHubBodies.Push(turn % 2 == 0 ? "main" : "topic", seed: turn + 1);
            Assert.That(body, Has.Length.GreaterThan(20_000));
            var id = await Api.DeliverAsync(key, body);
            if (turn % 2 == 0)
            {
                matching.Add(id);
            }
        }

        await Eventually.HoldsAsync(
            async () =>
                (await Api.ListAsync("/api/v1/executions?rule_ref=pipe.main&status=completed&per_page=100")).Count == matching.Count,
            "every execution is completed");

        var enforcements = await Api.ListAsync("/api/v1/enforcements?rule_ref=pipe.main&per_page=100");
        Assert.That(enforcements.Select(one => one.GetProperty("event").GetInt64()), Is.EquivalentTo(matching));
        foreach (var enforcement in enforcements)
        {
            Assert.That(enforcement.GetProperty("status").GetString(), Is.EqualTo("processed"));
            Assert.That(enforcement.GetProperty("resolved_at").ValueKind, Is.EqualTo(JsonValueKind.String));
            var executions = await Api.ListAsync($"/api/v1/enforcements/{enforcement.GetProperty("id").GetInt64()}/executions");
            Assert.That(executions, Has.Count.EqualTo(1));
        }

        var one = enforcements[0].GetProperty("id").GetInt64();
        var config = (await Api.DataAsync($"/api/v1/enforcements/{one}")).GetProperty("config");

        // What a payload holds is never expanded again, and a number stays a number.
        Assert.That(config.GetProperty("text").GetString(), Does.Contain("{{ event.id }}"));
        Assert.That(config.GetProperty("stars").ValueKind, Is.EqualTo(JsonValueKind.Number));
    }

    [Test]
    public async Task An_execution_goes_requested_scheduled_running_completed_and_its_history_shows_it()
    {
        var key = await Api.TriggerWithWebhookAsync("pipe.steps");
        await Api.RuleAsync("pipe.every_step", "pipe.steps", Array.Empty<object>());
        await Api.DeliverAsync(key, """{"a": 1}""");

        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=pipe.every_step&status=completed")).Count == 1,
            "it is completed");
        var execution = (await Api.ListAsync("/api/v1/executions?rule_ref=pipe.every_step"))[0].GetProperty("id").GetInt64();
        var history = await Api.ListAsync($"/api/v1/executions/{execution}/history");

        var statuses = history.Reverse()
            .Select(entry => entry.GetProperty("new_values"))
            .Where(values => values.TryGetProperty("status", out _))
            .Select(values => values.GetProperty("status").GetString());
        Assert.That(statuses, Is.EqualTo((string[])["requested", "scheduled", "running", "completed"]));
    }

    [Test]
    public async Task The_same_delivery_is_the_same_event()
    {
        var key = await Api.TriggerWithWebhookAsync("pipe.again");

        var first = await Api.DeliverAsync(key, """{"a": 1}""", delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958");
        var second = await Api.DeliverAsync(key, """{"a": 1}""", delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958");

        Assert.That(second, Is.EqualTo(first));
        Assert.That(await Api.ListAsync("/api/v1/events?trigger_ref=pipe.again"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_event_says_how_it_came_in_and_keeps_the_key_to_itself()
    {
        var key = await Api.TriggerWithWebhookAsync("pipe.config");

        var id = await Api.DeliverAsync(key, """{"a": 1}""", delivery: "the-delivery", eventName: "issues");
        var text = (await Api.DataAsync($"/api/v1/events/{id}")).GetRawText();

        Assert.That(text, Does.Contain("issues").And.Contain("the-delivery"));
        Assert.That(text, Does.Not.Contain(key));
    }

    [Test]
    public async Task The_originals_envelope_and_a_plain_body_are_both_understood()
    {
        var key = await Api.TriggerWithWebhookAsync("pipe.envelope");

        var wrapped = await Api.DeliverAsync(key, """{"payload": {"a": 1}, "user_agent": "x"}""");
        var plain = await Api.DeliverAsync(key, """[1, 2, 3]""");

        Assert.That((await Api.DataAsync($"/api/v1/events/{wrapped}")).GetProperty("payload").GetRawText(), Is.EqualTo(
            """{"a":1}""").Or.EqualTo("""{"a": 1}"""));
        Assert.That((await Api.DataAsync($"/api/v1/events/{plain}")).GetProperty("payload").GetArrayLength(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_rule_that_is_disabled_meanwhile_gets_no_event_and_one_enabled_again_does()
    {
        var key = await Api.TriggerWithWebhookAsync("pipe.switched");
        await Api.RuleAsync("pipe.switch", "pipe.switched", Array.Empty<object>());

        await Api.PostAsync("/api/v1/rules/pipe.switch/disable", null);
        await Api.DeliverAsync(key, "{}");
        await Api.PostAsync("/api/v1/rules/pipe.switch/enable", null);
        var second = await Api.DeliverAsync(key, "{}");

        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=pipe.switch&status=completed")).Count == 1,
            "the second one runs");
        var enforcement = (await Api.ListAsync("/api/v1/enforcements?rule_ref=pipe.switch")).Single();
        Assert.That(enforcement.GetProperty("event").GetInt64(), Is.EqualTo(second));
    }

    [Test]
    public async Task The_first_start_is_not_empty_and_its_timer_brings_events()
    {
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=core.heartbeat&status=completed")).Count > 0,
            "the timer's first event led to an execution");

        var tick = (await Api.ListAsync("/api/v1/events?trigger_ref=core.interval"))[^1];
        Assert.That(tick.GetProperty("rule_ref").GetString(), Is.EqualTo("core.heartbeat"));
    }

    [TestCase("/api/v1/events/1/history")]
    [TestCase("/api/v1/enforcements/1/history")]
    public async Task There_is_no_event_or_enforcement_history_anywhere(string path)
    {
        var (status, body) = await Api.SendRawAsync(HttpMethod.Get, path, null, null);

        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound), body);
        Assert.That(body, Does.Contain("error"));
    }

    [TestCase("/api/v1/history/event")]
    [TestCase("/api/v1/history/enforcement")]
    public async Task The_history_routes_know_execution_and_worker_only(string path)
    {
        var (status, body) = await Api.SendRawAsync(HttpMethod.Get, path, null, null);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest), body);
        Assert.That(body, Does.Contain("expected one of: execution, worker"));
    }
}
