using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Attune.Host;
using Microsoft.Extensions.Configuration;

namespace Attune.Tests.Events;

public sealed class EventsOverHttpTests(DatabaseEngine engine) : EventsTest(engine)
{
    private AttuneHost _host = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartHostAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = ConnectionString,
            ["urls"] = "http://127.0.0.1:0",
        };
        _host = await AttuneHost.StartAsync(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), Cancellation);
        _client = new HttpClient { BaseAddress = new Uri($"{_host.Addresses.First()}/api/v1/") };
    }

    [OneTimeTearDown]
    public async Task StopHostAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(25)]
    public async Task A_body_as_github_sends_it_becomes_the_payload(int commits)
    {
        var (trigger, key) = await NewWebhookAsync();
        var body = GitHubBody.Push(commits);

        var receipt = await DataAsync(await PostWebhookAsync(
            key, body, ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "d-1"), ("User-Agent", "GitHub-Hookshot/1")));
        var read = await DataAsync(await _client.GetAsync($"events/{receipt.GetProperty("event_id")}", Cancellation));

        Assert.That(receipt.GetProperty("trigger_ref").GetString(), Is.EqualTo(trigger));
        Assert.That(receipt.GetProperty("received_at").GetString(), Is.EqualTo(read.GetProperty("created").GetString()));
        Assert.That(JsonElement.DeepEquals(read.GetProperty("payload"), JsonElement.Parse(body)), $"{body.Length} bytes");
        var config = read.GetProperty("config");
        Assert.That(Texts(config, "source", "event", "event_header", "delivery", "user_agent", "source_ip"),
            Is.EqualTo((string[])["webhook", "push", "X-GitHub-Event", "d-1", "GitHub-Hookshot/1", "127.0.0.1"]));
        Assert.That(read.GetProperty("source_ref").GetString(), Is.EqualTo("webhook"));
    }

    [Test]
    public async Task Thirty_kilobytes_of_a_push_as_a_form_arrive_whole()
    {
        var (_, key) = await NewWebhookAsync();
        var body = GitHubBody.Push(30);
        using var form = new FormUrlEncodedContent([new("payload", Encoding.UTF8.GetString(body))]);

        var receipt = await DataAsync(await _client.PostAsync($"webhooks/{key}", form, Cancellation));
        var read = await DataAsync(await _client.GetAsync($"events/{receipt.GetProperty("event_id")}", Cancellation));

        Assert.That(body, Has.Length.GreaterThan(30_000));
        Assert.That(JsonElement.DeepEquals(read.GetProperty("payload"), JsonElement.Parse(body)));
    }

    [Test]
    public async Task A_delivery_that_is_made_again_is_the_same_event()
    {
        var (trigger, key) = await NewWebhookAsync();
        var (_, other) = await NewWebhookAsync();

        var first = await DataAsync(await PostWebhookAsync(key, "{}"u8.ToArray(), ("X-GitHub-Delivery", "again")));
        var second = await DataAsync(await PostWebhookAsync(key, "{}"u8.ToArray(), ("X-GitHub-Delivery", "again")));
        var third = await DataAsync(await PostWebhookAsync(other, "{}"u8.ToArray(), ("X-GitHub-Delivery", "again")));

        Assert.That(Ids(first, second), Is.All.EqualTo(first.GetProperty("event_id").GetInt64()));
        Assert.That(third.GetProperty("event_id").GetInt64(), Is.Not.EqualTo(first.GetProperty("event_id").GetInt64()));
        Assert.That(await CountAsync(trigger), Is.EqualTo(1));

        static IEnumerable<long> Ids(params JsonElement[] receipts) => receipts.Select(one => one.GetProperty("event_id").GetInt64());
    }

    [Test]
    public async Task The_key_of_a_webhook_is_in_no_event()
    {
        var (_, key) = await NewWebhookAsync();

        var receipt = await DataAsync(await PostWebhookAsync(key, """{"payload": {}, "headers": {"Host": "x"}}"""u8.ToArray()));

        var read = await (await _client.GetAsync($"events/{receipt.GetProperty("event_id")}", Cancellation)).Content.ReadAsStringAsync(
            Cancellation);
        Assert.That(read, Does.Not.Contain(key));
    }

    [Test]
    public async Task A_webhook_that_is_not_there_is_not_found()
    {
        var (trigger, key) = await NewWebhookAsync();
        await Triggers.DisableWebhookAsync(trigger, Cancellation);

        foreach (var gone in (string[])[key, "wh_00000000000000000000000000000000", "x", new string('x', 2_000)])
        {
            var (status, error) = await ErrorAsync(await PostWebhookAsync(gone, "{}"u8.ToArray()));

            Assert.That((status, error.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.NotFound, "NOT_FOUND")));
        }
    }

    [Test]
    public async Task A_webhook_of_a_disabled_trigger_says_so()
    {
        var (trigger, key) = await NewWebhookAsync();
        await Triggers.UpdateAsync(trigger, new() { Enabled = false }, Cancellation);

        var (status, error) = await ErrorAsync(await PostWebhookAsync(key, "{}"u8.ToArray()));

        Assert.That(status, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(error.GetProperty("error").GetString(), Does.Contain("is disabled"));
    }

    [TestCase("not json", HttpStatusCode.BadRequest)]
    [TestCase("""{"a": """, HttpStatusCode.BadRequest)]
    [TestCase("""{"a": 1e999999}""", HttpStatusCode.UnprocessableEntity)]
    public async Task A_body_that_cannot_be_an_event_is_refused(string body, HttpStatusCode expected)
    {
        var (trigger, key) = await NewWebhookAsync();

        var (status, error) = await ErrorAsync(await PostWebhookAsync(key, Encoding.UTF8.GetBytes(body)));

        Assert.That(status, Is.EqualTo(expected));
        Assert.That(error.GetProperty("error").GetString(), Is.Not.Empty);
        Assert.That(await CountAsync(trigger), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_body_beyond_the_limit_is_too_large_whether_its_length_is_said_or_not(bool chunked)
    {
        var (_, key) = await NewWebhookAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"webhooks/{key}")
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes($"\"{new string('x', 1024 * 1024)}\"")),
        };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;

        using var response = await _client.SendAsync(request, Cancellation);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task An_event_is_created_and_read_back()
    {
        var trigger = await NewTriggerAsync();

        var response = await PostAsync("events",
            $$"""{"trigger_ref": "{{trigger.Ref}}", "payload": {"n": [1, 2]}, "config": {"c": 1}, "source_ref": "a.program"}""");
        var created = await DataAsync(response);
        var read = await DataAsync(await _client.GetAsync(response.Headers.Location, Cancellation));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(created.EnumerateObject().Select(field => field.Name), Is.EquivalentTo((string[])
            [
                "id", "trigger", "trigger_ref", "config", "payload", "source", "source_ref", "rule", "rule_ref", "only_rules", "replay_of",
                "created",
            ]));
        Assert.That(JsonElement.DeepEquals(created, read), $"{created}\n{read}");
    }

    [Test]
    public async Task The_same_idempotency_key_answers_with_the_same_event()
    {
        var trigger = await NewTriggerAsync();
        var body = $$"""{"payload": {"n": 1}, "trigger_type": "{{trigger.Ref}}"}""";

        var first = await PostAsync("events", body, ("Idempotency-Key", "over http"));
        var second = await PostAsync("events", body, ("Idempotency-Key", "over http"));

        Assert.That((first.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.OK)));
        Assert.That(JsonElement.DeepEquals(await DataAsync(first), await DataAsync(second)));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(1));
    }

    [TestCase("""{"trigger_ref": "REF", "payload": {"n": 1e0, "m": null}}""", HttpStatusCode.OK)]
    [TestCase("""{"trigger_ref": "REF", "payload": {"n": 2, "m": null}}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"trigger_ref": "REF", "payload": {"n": 1, "m": null}, "config": {}}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"trigger_ref": "REF"}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"trigger_ref": "core.webhook", "payload": {"n": 1, "m": null}}""", HttpStatusCode.UnprocessableEntity)]
    public async Task A_key_that_is_used_for_another_event_is_refused(string again, HttpStatusCode expected)
    {
        var trigger = await NewTriggerAsync();
        await PostAsync(
            "events", $$"""{"payload": {"m": null, "n": 1}, "trigger_ref": "{{trigger.Ref}}"}""", ("Idempotency-Key", trigger.Ref));

        var (status, answer) = await ErrorAsync(await PostAsync(
            "events", again.Replace("REF", trigger.Ref, StringComparison.Ordinal), ("Idempotency-Key", trigger.Ref)));

        Assert.That(status, Is.EqualTo(expected), answer.ToString());
        Assert.That(
            answer.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null,
            Is.EqualTo(expected == HttpStatusCode.OK ? null : "Idempotency-Key"));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("  ")]
    public async Task A_key_that_is_empty_protects_from_nothing_and_is_refused(string key)
    {
        var (status, error) = await ErrorAsync(await PostAsync("events", """{"trigger_ref": "core.webhook"}""", ("Idempotency-Key", key)));

        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(error.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo("Idempotency-Key"));
    }

    [Test]
    public async Task A_key_of_yesterday_is_the_same_event_until_its_24_hours_are_over()
    {
        var trigger = await NewTriggerAsync();
        var body = $$"""{"trigger_ref": "{{trigger.Ref}}", "source_ref": "a.program", "payload": {"n": 1.0} }""";
        var other = body.Replace("1.0", "2", StringComparison.Ordinal);

        // Written one second before midnight, whatever the time is now; it lies in the partition of that day.
        await ExecuteAsync(
            """
            WITH kept AS (
                INSERT INTO event (trigger, trigger_ref, payload, source_ref, created)
                VALUES (@Id, @Ref, '{"n": 1}', 'a.program', date_trunc('day', now()) - INTERVAL '1 second')
                RETURNING id, created)
            INSERT INTO event_key (source, key, event, event_created, created)
            SELECT 'api:a.program', 'before midnight', id, created, created FROM kept
            """, new { trigger.Id, trigger.Ref });

        var within = await PostAsync("events", body, ("Idempotency-Key", "before midnight"));
        var another = await PostAsync("events", other, ("Idempotency-Key", "before midnight"));
        await ExecuteAsync("UPDATE event_key SET created = now() - INTERVAL '24 hours' WHERE key = 'before midnight'");
        var past = await PostAsync("events", body, ("Idempotency-Key", "before midnight"));

        Assert.That((within.StatusCode, another.StatusCode, past.StatusCode), Is.EqualTo(
            (HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Created)), "its key has no digest");
        Assert.That((await DataAsync(within)).GetProperty("payload").GetRawText(), Is.EqualTo("""{"n":1}"""));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(2));
    }

    [Test]
    public async Task A_source_of_any_length_may_have_keys_and_a_key_that_is_too_long_is_refused_by_its_name()
    {
        var trigger = await NewTriggerAsync();
        var body = $$"""{"trigger_ref": "{{trigger.Ref}}", "source_ref": "{{new string('s', 255)}}"}""";

        Assert.That(
            (await PostAsync("events", body, ("Idempotency-Key", new string('k', 255)))).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await PostAsync("events", body, ("Idempotency-Key", new string('k', 255)))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var (status, error) = await ErrorAsync(await PostAsync("events", body, ("Idempotency-Key", new string('k', 256))));

        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(error.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo("Idempotency-Key"));
    }

    [Test]
    public async Task An_event_can_be_meant_for_one_rule()
    {
        var trigger = await NewTriggerAsync();
        var rule = await ScalarAsync<long>("SELECT id FROM rule WHERE ref = 'core.heartbeat'");

        var created = await DataAsync(
            await PostAsync("events", $$"""{"trigger_instance_id": "rule_{{rule}}", "trigger_ref": "{{trigger.Ref}}"}"""));

        Assert.That(
            (created.GetProperty("rule").GetInt64(), created.GetProperty("rule_ref").GetString()), Is.EqualTo((rule, "core.heartbeat")));
    }

    [TestCase("1e308")]
    [TestCase("-2.5E-400")]
    [TestCase("1e5000")]
    public async Task A_small_body_may_have_a_large_number(string number)
    {
        var (trigger, key) = await NewWebhookAsync();

        var posted = await DataAsync(await PostAsync("events", $$"""{"trigger_ref": "{{trigger}}", "payload": {"n": {{number}} } }"""));

        Assert.That((await PostWebhookAsync(key, Encoding.UTF8.GetBytes(number))).IsSuccessStatusCode);
        Assert.That(posted.GetProperty("payload").GetProperty("n").GetRawText(), Is.EqualTo(number));
        Assert.That(await CountAsync(trigger), Is.EqualTo(2));
    }

    [TestCase("""{"trigger_ref": ""}""", HttpStatusCode.UnprocessableEntity, "trigger_ref")]
    [TestCase("""{}""", HttpStatusCode.UnprocessableEntity, "trigger_ref")]
    [TestCase("""{"trigger_ref": 5}""", HttpStatusCode.UnprocessableEntity, "trigger_ref")]
    [TestCase("""{"trigger_ref": "no.such"}""", HttpStatusCode.NotFound, "trigger_ref")]
    [TestCase("""{"trigger_ref": "core.webhook", "source_ref": []}""", HttpStatusCode.UnprocessableEntity, "source_ref")]
    [TestCase("""{"trigger_ref": "core.webhook", "trigger_instance_id": "rule_999999"}""", HttpStatusCode.UnprocessableEntity,
        "trigger_instance_id")]
    [TestCase("""{"trigger_ref": "core.webhook", "trigger_instance_id": "5"}""", HttpStatusCode.UnprocessableEntity, "trigger_instance_id")]
    [TestCase("""[]""", HttpStatusCode.BadRequest, null)]
    [TestCase("""{""", HttpStatusCode.BadRequest, null)]
    public async Task A_body_that_is_no_event_is_refused_with_its_field(string body, HttpStatusCode expected, string? field)
    {
        var (status, error) = await ErrorAsync(await PostAsync("events", body));

        Assert.That(status, Is.EqualTo(expected));
        Assert.That(error.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null, Is.EqualTo(field));
    }

    [TestCase("trigger=x", "trigger")]
    [TestCase("source=1.5", "source")]
    [TestCase("since=yesterday", "since")]
    [TestCase("until=31.01.2026", "until")]
    [TestCase("cursor=%21", "cursor")]
    [TestCase("trigger_ref=%00", "trigger_ref")]
    public async Task A_filter_that_cannot_be_read_is_named(string query, string field)
    {
        var (status, error) = await ErrorAsync(await _client.GetAsync($"events?{query}", Cancellation));

        Assert.That(
            (status, error.GetProperty("details").GetProperty("field").GetString()), Is.EqualTo((HttpStatusCode.BadRequest, field)));
    }

    [Test]
    public async Task A_list_has_pages_filters_and_no_payloads()
    {
        var trigger = await NewTriggerAsync();
        await Ledger.AppendAsync(new NewEventFaker(trigger.Ref).Generate(7), Cancellation);

        var first = await JsonAsync(
            await _client.GetAsync($"events?trigger_ref={trigger.Ref}&per_page=5&include_total=true", Cancellation));
        var second = await JsonAsync(await _client.GetAsync(
            $"events?trigger_ref={trigger.Ref}&per_page=5&cursor={first.GetProperty("pagination").GetProperty("next_cursor").GetString()}",
            Cancellation));
        var numbered = await JsonAsync(await _client.GetAsync($"events?trigger={trigger.Id}&per_page=5&page=2", Cancellation));

        Assert.That(first.GetProperty("data").GetArrayLength(), Is.EqualTo(5));
        Assert.That(first.GetProperty("pagination").GetProperty("total_items").GetInt32(), Is.EqualTo(7));
        Assert.That(second.GetProperty("data").GetArrayLength(), Is.EqualTo(2));
        Assert.That(second.GetProperty("data").GetRawText(), Is.EqualTo(numbered.GetProperty("data").GetRawText()));
        Assert.That(first.GetProperty("data")[0].EnumerateObject().Select(field => field.Name), Is.EquivalentTo((string[])
            ["id", "trigger", "trigger_ref", "source", "source_ref", "rule", "rule_ref", "replay_of", "has_payload", "created"]));
    }

    [Test]
    public async Task An_event_that_is_not_there_is_not_found()
    {
        var (status, error) = await ErrorAsync(await _client.GetAsync("events/987654321", Cancellation));

        Assert.That(
            (status, error.GetProperty("error").GetString()), Is.EqualTo((HttpStatusCode.NotFound, "Event with ID 987654321 not found")));
    }

    [Test]
    public async Task Nothing_changes_or_deletes_an_event_and_it_has_no_history()
    {
        var written = await Ledger.AppendAsync(new Attune.Modules.Events.NewEvent { TriggerRef = "core.webhook" }, Cancellation);

        Assert.That(
            (await _client.DeleteAsync($"events/{written.Id}", Cancellation)).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((await _client.PutAsync($"events/{written.Id}", Json("{}"), Cancellation)).StatusCode, Is.EqualTo(
            HttpStatusCode.MethodNotAllowed));
        Assert.That((await _client.GetAsync($"events/{written.Id}/history", Cancellation)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_trigger_lives_through_its_routes()
    {
        var made = await PostAsync("triggers", """{"ref": "http.lived", "label": "Lived", "param_schema": {"n": {"type": "integer"}}}""");
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(
            (await PostAsync("triggers", """{"ref": "http.lived", "label": "Again"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await DataAsync(await PostAsync("triggers/http.lived/disable", ""))).GetProperty("enabled").GetBoolean(), Is.False);
        Assert.That(await RefsAsync("triggers/enabled"), Has.No.Member("http.lived"));
        Assert.That((await DataAsync(await PostAsync("triggers/http.lived/enable", ""))).GetProperty("enabled").GetBoolean(), Is.True);
        Assert.That(await RefsAsync("triggers/enabled"), Has.Member("http.lived"));
        Assert.That(await RefsAsync("packs/http/triggers"), Is.EqualTo((string[])["http.lived"]));
        Assert.That(
            (await DataAsync(await _client.PutAsync("triggers/http.lived", Json("""{"label": "Renamed"}"""), Cancellation))).GetProperty(
                "label").GetString(),
            Is.EqualTo("Renamed"));

        Assert.That((await PostAsync("triggers/http.lived/webhooks/regenerate", "")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        var key = (await DataAsync(await PostAsync("triggers/http.lived/webhooks/enable", ""))).GetProperty("webhook_key").GetString();
        var another = (await DataAsync(await PostAsync("triggers/http.lived/webhooks/regenerate", ""))).GetProperty(
            "webhook_key").GetString();
        Assert.That(another, Is.Not.EqualTo(key));
        Assert.That(
            (await DataAsync(await PostAsync("triggers/http.lived/webhooks/disable", ""))).TryGetProperty("webhook_key", out _), Is.False);

        Assert.That((await _client.DeleteAsync("triggers/http.lived", Cancellation)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var (status, error) = await ErrorAsync(await _client.GetAsync("triggers/http.lived", Cancellation));
        Assert.That(
            (status, error.GetProperty("error").GetString()), Is.EqualTo((HttpStatusCode.NotFound, "Trigger 'http.lived' not found")));
    }

    private async Task<(string Trigger, string Key)> NewWebhookAsync()
    {
        var trigger = await NewTriggerAsync();
        return (trigger.Ref, (await Triggers.EnableWebhookAsync(trigger.Ref, Cancellation))!.WebhookKey!);
    }

    private async Task<HttpResponseMessage> PostWebhookAsync(string key, byte[] body, params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await SendAsync($"webhooks/{key}", content, headers);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using var content = Json(json);
        return await SendAsync(path, content, headers);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request, Cancellation);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation));

    private static async Task<JsonElement> DataAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.That(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}");
        return JsonElement.Parse(text).GetProperty("data");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Error)> ErrorAsync(HttpResponseMessage response) =>
        (response.StatusCode, await JsonAsync(response));

    private async Task<IEnumerable<string?>> RefsAsync(string path) =>
        (await JsonAsync(await _client.GetAsync(path, Cancellation))).GetProperty("data").EnumerateArray().Select(
            one => one.GetProperty("ref").GetString());

    private static IEnumerable<string?> Texts(JsonElement json, params string[] names) =>
        names.Select(name => json.GetProperty(name).GetString());
}
