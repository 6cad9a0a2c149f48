using System.Net;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Enforcements;

/// <summary>Sending again, as a program asks for it.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SendingAgainOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task A_delivery_of_a_webhook_is_sent_again_and_read_by_the_rules_that_read_its_headers()
    {
        var key = await Api.TriggerWithWebhookAsync("again.push");
        await Api.RuleAsync("again.pushes", "again.push", new[] { new { field = "event.config.event", @operator = "equals", value = "push" } });
        var id = await Api.DeliverAsync(key, """{"ref": "main"}""");

        var (status, answer) = await SendAsync($"events/{id}/replay", null);
        var again = answer.GetProperty("data");
        var (_, changed) = await SendAsync($"events/{id}/replay", """{"payload": {"ref": "other"}, "rules": ["again.pushes"]}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), answer.GetRawText());
        Assert.That(again.GetProperty("replay_of").GetInt64(), Is.EqualTo(id));
        Assert.That(changed.GetProperty("data").GetProperty("config").GetProperty("payload_changed").GetBoolean(), Is.True);
        Assert.That(changed.GetProperty("data").GetProperty("only_rules")[0].GetString(), Is.EqualTo("again.pushes"));
        foreach (var sent in new[] { again, changed.GetProperty("data") })
        {
            Assert.That(
                await Api.ListAsync($"/api/v1/enforcements?event={sent.GetProperty("id")}"), Has.Count.EqualTo(1), sent.GetRawText());
        }

        var replays = await Api.ListAsync($"/api/v1/events?replay_of={id}");
        Assert.That(replays.Select(one => one.GetProperty("replay_of").GetInt64()), Is.EqualTo((long[])[id, id]));
        var stored = await Api.DataAsync($"/api/v1/events/{again.GetProperty("id")}");
        Assert.That(JsonElement.DeepEquals(stored, again), Is.True, $"{stored}\n{again}");
        Assert.That((await Api.DataAsync($"/api/v1/events/{id}")).GetProperty("replay_of").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task A_dry_run_answers_what_would_match_and_writes_nothing()
    {
        var id = await EventAsync("again.tried", """{"n": 1}""");
        await Api.RuleAsync(
            "again.twos", "again.tried", new[] { new { field = "n", @operator = "equals", value = 2 } }, new { text = "{{ event.payload.n }}" });

        var (status, answer) = await SendAsync($"events/{id}/replay", """{"payload": {"n": 2}, "dry_run": true}""");

        var tried = answer.GetProperty("data").GetProperty("rules")[0];
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), answer.GetRawText());
        Assert.That((tried.GetProperty("rule_ref").GetString(), tried.GetProperty("matches").GetBoolean(), tried.GetProperty("verdict").GetString(),
            tried.GetProperty("state").GetString(), tried.GetProperty("parameters").GetProperty("text").GetInt32()), Is.EqualTo((
            "again.twos", true, "true", "enabled", 2)));
        Assert.That(await Api.ListAsync($"/api/v1/events?replay_of={id}"), Is.Empty);
    }

    [Test]
    public async Task The_same_idempotency_key_is_the_same_replay()
    {
        var id = await EventAsync("again.keyed", "{}");

        var (first, one) = await SendAsync($"events/{id}/replay", null, "abc");
        var (second, other) = await SendAsync($"events/{id}/replay", null, "abc");
        var (third, refused) = await SendAsync($"events/{id}/replay", """{"payload": 5}""", "abc");

        Assert.That((first, second, third), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity)));
        Assert.That(other.GetProperty("data").GetProperty("id").GetInt64(), Is.EqualTo(one.GetProperty("data").GetProperty("id").GetInt64()));
        Assert.That(refused.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo("Idempotency-Key"));
    }

    [TestCase("events/{0}/replay", """{"rules": []}""", 422, "rules")]
    [TestCase("events/{0}/replay", """{"rules": ["no.such"]}""", 404, "rules[0]")]
    [TestCase("events/{0}/replay", """{"rules": [null]}""", 422, "rules[0]")]
    [TestCase("events/{0}/replay", """{"rules": ["a\u0000b"]}""", 422, "rules[0]")]
    [TestCase("events/{0}/replay", """{"rules": "all"}""", 422, "rules")]
    [TestCase("events/{0}/replay", """{"dry_run": "yes"}""", 422, "dry_run")]
    [TestCase("events/{0}/replay", """{"payload": "a\u0000b"}""", 422, "payload")]
    [TestCase("events/{0}/replay", """{"payload": "a\u0000b", "dry_run": true}""", 422, "payload")]
    [TestCase("events/999999999/replay", null, 404, null)]
    [TestCase("events/-1/replay", """{"dry_run": true}""", 404, null)]
    [TestCase("executions/999999999/rerun", null, 404, null)]
    [TestCase("executions/1/rerun", """{"parameters": []}""", 422, "parameters")]
    [TestCase("jobs", "{}", 422, "kind")]
    [TestCase("jobs", """{"kind": "delete_events", "ids": [1]}""", 422, "kind")]
    [TestCase("jobs", """{"kind": "replay_events"}""", 422, "filter")]
    [TestCase("jobs", """{"kind": "replay_events", "ids": ["a"]}""", 422, "ids[0]")]
    [TestCase("jobs", """{"kind": "replay_events", "filter": {"trigger": "a"}}""", 422, "filter.trigger")]
    [TestCase("jobs", """{"kind": "rerun_executions", "filter": {"status": ["lost"]}}""", 422, "filter.status[0]")]
    [TestCase("jobs", """{"kind": "rerun_executions", "filter": {"until": "soon"}}""", 422, "filter.until")]
    [TestCase("jobs", """{"kind": "replay_events", "filter": {"since": "2020-01-01T00:00:00Z", "until": "2019-01-01T00:00:00Z"}}""", 422, "filter.since")]
    [TestCase("jobs", """{"kind": "replay_events", "ids": [1], "options": {"speed": 1}}""", 422, "options.speed")]
    [TestCase("jobs/999999999/confirm", null, 404, null)]
    [TestCase("jobs/999999999/stop", null, 404, null)]
    [TestCase("jobs/999999999/resume", null, 404, null)]
    public async Task What_cannot_be_sent_again_is_refused_with_its_place(string path, string? body, int expected, string? field)
    {
        var id = await EventAsync("again.refused", "{}");
        await Api.PostAsync("/api/v1/executions/execute", new { action_ref = "core.noop" });

        var (status, answer) = await SendAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id), body);

        Assert.That((int)status, Is.EqualTo(expected), answer.GetRawText());
        Assert.That(
            answer.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null, Is.EqualTo(field),
            answer.GetRawText());
        Assert.That(await Api.ListAsync($"/api/v1/events?replay_of={id}"), Is.Empty);
    }

    [Test]
    public async Task An_execution_is_run_again_with_other_parameters_and_completes()
    {
        var first = (await Api.PostAsync(
            "/api/v1/executions/execute", new { action_ref = "core.echo", parameters = new { n = 1 } })).GetProperty("data").GetProperty("id").GetInt64();
        await CompletedAsync(first);

        var (status, answer) = await SendAsync($"executions/{first}/rerun", """{"parameters": {"n": 2}}""");
        var again = answer.GetProperty("data").GetProperty("id").GetInt64();
        await CompletedAsync(again);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await Api.ListAsync($"/api/v1/executions?rerun_of={first}")).Select(one => one.GetProperty("id").GetInt64()), Is.EqualTo((long[])[again]));
        var done = await Api.DataAsync($"/api/v1/executions/{again}");
        Assert.That(done.GetProperty("config").GetProperty("n").GetInt32(), Is.EqualTo(2));
        Assert.That(done.GetProperty("rerun_of").GetInt64(), Is.EqualTo(first));
    }

    [Test]
    public async Task A_job_runs_from_its_draft_to_its_end_and_its_items_are_paged()
    {
        await Api.PostAsync("/api/v1/triggers", new { @ref = "again.many", label = "Many" });
        await Api.RuleAsync("again.each", "again.many", Array.Empty<object>());
        for (var n = 0; n < 7; n++)
        {
            await Api.PostAsync("/api/v1/events", new { trigger_ref = "again.many", payload = new { n } });
        }

        var (status, draft) = await SendAsync("jobs", """{"kind": "replay_events", "filter": {"trigger_ref": "again.many"}}""");
        var job = draft.GetProperty("data").GetProperty("id").GetInt64();
        var (wrong, _) = await SendAsync($"jobs/{job}/confirm", """{"count": 6}""");
        var (right, confirmed) = await SendAsync($"jobs/{job}/confirm", """{"count": 7}""");
        await Eventually.HoldsAsync(
            async () => (await Api.DataAsync($"/api/v1/jobs/{job}")).GetProperty("state").GetString() == "completed", "the job is completed");

        var done = await Api.DataAsync($"/api/v1/jobs/{job}");
        var first = await Api.GetAsync($"/api/v1/jobs/{job}/items?outcome=done&per_page=4&include_total=true");
        var second = await Api.ListAsync(
            $"/api/v1/jobs/{job}/items?outcome=done&per_page=4&cursor={first.GetProperty("pagination").GetProperty("next_cursor").GetString()}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((status, wrong, right), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.OK)), confirmed.GetRawText());
            Assert.That(draft.GetProperty("data").GetProperty("state").GetString(), Is.EqualTo("draft"));
            Assert.That(draft.GetProperty("data").GetProperty("total").GetInt64(), Is.EqualTo(7));
            Assert.That(draft.GetProperty("data").GetProperty("filter").TryGetProperty("until", out _), Is.True);
            Assert.That((done.GetProperty("done").GetInt64(), done.GetProperty("failed").GetInt64()), Is.EqualTo((7L, 0L)));
            Assert.That(first.GetProperty("pagination").GetProperty("total_items").GetInt64(), Is.EqualTo(7));
            Assert.That(
                first.GetProperty("data").EnumerateArray().Concat(second).Select(item => item.GetProperty("number").GetInt64()),
                Is.EqualTo((long[])[1, 2, 3, 4, 5, 6, 7]));
            Assert.That(await Api.ListAsync($"/api/v1/jobs/{job}/items?outcome=failed"), Is.Empty);
            Assert.That((await Api.ListAsync("/api/v1/jobs")).Select(one => one.GetProperty("id").GetInt64()), Does.Contain(job));
        }

        var payloads = new List<int>();
        foreach (var item in first.GetProperty("data").EnumerateArray().Concat(second))
        {
            var again = await Api.DataAsync($"/api/v1/events/{item.GetProperty("result")}");
            Assert.That(again.GetProperty("replay_of").GetInt64(), Is.EqualTo(item.GetProperty("item").GetInt64()));
            payloads.Add(again.GetProperty("payload").GetProperty("n").GetInt32());
        }

        Assert.That(payloads, Is.EqualTo((int[])[0, 1, 2, 3, 4, 5, 6]));
    }

    private Task CompletedAsync(long execution) => Eventually.HoldsAsync(
        async () => (await Api.DataAsync($"/api/v1/executions/{execution}")).GetProperty("status").GetString() == "completed",
        "the execution is completed");

    private async Task<long> EventAsync(string trigger, string payload)
    {
        if (await Api.Http.GetAsync($"/api/v1/triggers/{trigger}") is { StatusCode: HttpStatusCode.NotFound })
        {
            await Api.PostAsync("/api/v1/triggers", new { @ref = trigger, label = trigger });
        }

        return (await Api.PostAsync("/api/v1/events", new { trigger_ref = trigger, payload = JsonElement.Parse(payload) }))
            .GetProperty("data").GetProperty("id").GetInt64();
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(string path, string? body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{path}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await Api.Http.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
