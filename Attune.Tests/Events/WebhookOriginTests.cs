using System.Text.Json;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class WebhookOriginTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static WebhookOrigin Of(
        Dictionary<string, string> headers, string body = "{}", string settings = "{}", params (string Name, string Value)[] query)
    {
        var request = new WebhookRequest(
            "POST", headers, [.. query.Select(one => KeyValuePair.Create(one.Name, one.Value))], "192.0.2.1", Now);
        var read = WebhookBody.Read(System.Text.Encoding.UTF8.GetBytes(body), request, new(1024 * 1024), 1024 * 1024);
        return WebhookOrigin.Of(request, read, read.Items[0], WebhookSettings.Parse(JsonElement.Parse(settings)));
    }

    [TestCase("X-GitHub-Event", "X-GitHub-Delivery")]
    [TestCase("X-Gitea-Event", "X-Gitea-Delivery")]
    [TestCase("X-Gitlab-Event", "Idempotency-Key")]
    [TestCase("X-Event-Key", "X-Request-UUID")]
    [TestCase("X-Shopify-Topic", "X-Shopify-Webhook-Id")]
    [TestCase("X-Shopify-Topic", "Shopify-Webhook-Id")]
    [TestCase("X-Event-Type", "webhook-id")]
    [TestCase("X-Event-Type", "svix-id")]
    [TestCase("Linear-Event", "Linear-Delivery")]
    [TestCase("x-amz-sns-message-type", "x-amz-sns-message-id")]
    public void The_senders_own_words_for_event_and_delivery_are_known(string eventHeader, string deliveryHeader)
    {
        var origin = Of(new() { [eventHeader] = "push", [deliveryHeader] = "72d3162e-cc78-11e3-81ab-4c9367dc0958" });

        Assert.That((origin.EventHeader, origin.Event), Is.EqualTo((eventHeader, "push")));
        Assert.That(
            (origin.Delivery, origin.Key), Is.EqualTo(("72d3162e-cc78-11e3-81ab-4c9367dc0958", "72d3162e-cc78-11e3-81ab-4c9367dc0958")));
    }

    [TestCase("Stripe-Signature", """{"id": "evt_1"}""", "evt_1")]
    [TestCase("X-Slack-Signature", """{"event_id": "Ev1"}""", "Ev1")]
    [TestCase("X-PagerDuty-Signature", """{"event": {"id": "01"}}""", "01")]
    [TestCase("X-Other-Signature", """{"id": "1"}""", null)]
    [TestCase("Stripe-Signature", """{"id": {}}""", null)]
    public void Senders_that_say_it_in_the_payload_are_told_by_their_signature(string header, string body, string? key) =>
        Assert.That(Of(new() { [header] = "t=1" }, body).Key, Is.EqualTo(key));

    [TestCase("{}", "/s 1")]
    [TestCase("""{"idempotency": {"headers": []}}""", null)]
    public void The_id_of_what_is_no_whole_CloudEvent_names_a_delivery_all_the_same(string settings, string? key)
    {
        var origin = Of(new() { ["ce-id"] = "1", ["ce-source"] = "/s" }, settings: settings);

        Assert.That((origin.Key, origin.Cloudevent), Is.EqualTo((key, (JsonElement?)null)));
    }

    [TestCase("""{"payload_path": "id"}""", "from the payload")]
    [TestCase("""{"headers": ["X-Mine", "X-Other"]}""", "other")]
    [TestCase("""{"headers": ["X-Mine"], "payload_path": "list[1].id"}""", "7")]
    [TestCase("""{"headers": [], "payload_path": "list.0.id"}""", null)]
    [TestCase("""{"headers": []}""", null)]
    public void A_webhook_says_where_its_deliveries_say_which_they_are(string idempotency, string? key) =>
        Assert.That(
            Of(
                new() { ["X-Other"] = "other" }, """{"id": "from the payload", "list": [{}, {"id": 7}]}""",
                $$"""{"idempotency": {{idempotency}}}""").Key,
            Is.EqualTo(key));

    [TestCase("""{"idempotency": {"headers": "X-Mine"}}""", "webhook_config.idempotency.headers")]
    [TestCase("""{"idempotency": {"headers": ["a b"]}}""", "webhook_config.idempotency.headers[0]")]
    [TestCase("""{"idempotency": {"payload_path": "a..b"}}""", "webhook_config.idempotency.payload_path")]
    [TestCase("""{"idempotency": {"path": "a"}}""", "webhook_config.idempotency.path")]
    [TestCase("""{"keep_headers": "X-Mine"}""", "webhook_config.keep_headers")]
    [TestCase("""{"keep_headers": ["X-Mine", "Authorization"]}""", "webhook_config.keep_headers[1]")]
    public void Settings_that_make_no_sense_are_refused_by_their_place(string settings, string field) =>
        Assert.That(
            () => WebhookSettings.Parse(JsonElement.Parse(settings)),
            Throws.InstanceOf<RefusedException>().With.Property("Field").EqualTo(field));

    [Test]
    public void Settings_are_stored_and_shown_as_they_were_given()
    {
        const string given = """{"idempotency":{"headers":["X-Mine"],"payload_path":"a.b"},"keep_headers":["X-Topic"]}""";

        var stored = WebhookSettings.Merge(JsonElement.Parse("{}"), JsonElement.Parse(given));

        Assert.That(stored.GetRawText(), Is.EqualTo(given));
        Assert.That(JsonSerializer.Serialize(WebhookSettings.Shown(stored), Json.Options), Is.EqualTo(given));
    }

    [Test]
    public void An_id_that_several_deliveries_share_is_kept_but_is_no_key()
    {
        var gitlab = Of(new() { ["X-Gitlab-Event-UUID"] = "shared" });
        var bitbucket = Of(new() { ["X-Hook-UUID"] = "the webhook's own" });

        Assert.That((gitlab.Delivery, gitlab.Key), Is.EqualTo(("shared", (string?)null)));
        Assert.That((bitbucket.Delivery, bitbucket.Key), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void A_sender_that_says_nothing_has_no_key()
    {
        var origin = Of([]);

        Assert.That((origin.Event, origin.EventHeader, origin.Delivery, origin.Key), Is.EqualTo(
            ((string?)null, (string?)null, (string?)null, (string?)null)));
    }

    [Test]
    public void Headers_that_a_relay_tells_stand_in_for_those_that_are_not_there()
    {
        var origin = Of(new() { ["User-Agent"] = "relay/1", ["X-Relay"] = "1" },
            """
            {"payload": 1, "source_ip": "198.51.100.7", "user_agent": "GitHub-Hookshot/1",
             "headers": {"x-github-event": "star", "X-GitHub-Delivery": "d-1", "Accept": "*/*"}}
            """);

        Assert.That((origin.Event, origin.Key, origin.UserAgent), Is.EqualTo(("star", "d-1", "GitHub-Hookshot/1")));
        Assert.That((origin.SourceIp, origin.RelayedFrom), Is.EqualTo(("192.0.2.1", "198.51.100.7")));
        Assert.That(origin.Headers!.Keys, Is.EquivalentTo((string[])["x-github-event", "x-github-delivery", "accept"]));
    }

    [TestCase("Authorization")]
    [TestCase("Cookie")]
    [TestCase("Proxy-Authorization")]
    [TestCase("X-Hub-Signature-256")]
    [TestCase("X-Gitlab-Token")]
    [TestCase("X-Api-Key")]
    [TestCase("X-Webhook-Secret")]
    [TestCase("X-Password")]
    [TestCase("X-Amz-Security-Token")]
    public void Secrets_among_the_headers_are_left_out(string name)
    {
        var own = Of(new() { [name] = "s3cret", ["X-Kept"] = "1" });
        var told = Of([], $$"""{"payload": 1, "headers": {"{{name}}": "s3cret", "X-Kept": "1"} }""");

        Assert.That(own.ToJson().GetRawText(), Does.Not.Contain("s3cret").And.Contain("\"x-kept\":\"1\""));
        Assert.That(told.ToJson().GetRawText(), Does.Not.Contain("s3cret").And.Contain("\"x-kept\":\"1\""));
    }

    [Test]
    public void The_secret_of_the_webhook_is_kept_wherever_it_is_sent_nowhere()
    {
        var origin = Of(
            new() { ["X-Mine"] = "Shared s3cret", ["X-Kept"] = "1" }, "{}", """{"hmac": {"enabled": false, "secret": "s3cret"}}""",
            ("q", "s3cret"), ("token", "another"), ("api_key", "another"), ("issueKey", "A-1"));

        Assert.That(origin.ToJson().GetRawText(), Does.Not.Contain("s3cret").And.Not.Contain("another").And.Contain("A-1"));
    }

    [Test]
    public void Headers_of_the_way_are_left_out_and_the_senders_are_kept()
    {
        var origin = Of(new()
        {
            ["Connection"] = "X-Hop, close", ["X-Hop"] = "1", ["X-Forwarded-For"] = "1", ["Via"] = "1", ["CF-Ray"] = "1", ["X-Real-IP"] = "1",
            ["Transfer-Encoding"] = "chunked", ["X-Author"] = "ada", ["X-GitHub-Hook-ID"] = "7", ["X-Event-Key"] = "repo:push",
        });

        Assert.That(origin.Headers, Is.EqualTo(new Dictionary<string, string>
        {
            ["x-author"] = "ada", ["x-github-hook-id"] = "7", ["x-event-key"] = "repo:push",
        }));
    }

    [Test]
    public void A_webhook_chooses_its_headers_and_secret_ones_are_never_among_them()
    {
        var origin = Of(
            new() { ["X-Forwarded-Proto"] = "https", ["X-Topic"] = "a", ["X-Other"] = "b" }, "{}",
            """{"keep_headers": ["x-topic", "X-Forwarded-Proto"]}""");

        Assert.That(origin.Headers, Is.EqualTo(new Dictionary<string, string> { ["x-topic"] = "a", ["x-forwarded-proto"] = "https" }));
    }

    [Test]
    public void Headers_are_bounded_in_number_and_bytes()
    {
        var many = Of(Enumerable.Range(0, 200).ToDictionary(i => $"X-{i}", i => "1"));
        var large = Of(Enumerable.Range(0, 50).ToDictionary(i => $"X-{i}", i => new string('x', 5_000)));

        Assert.That(many.Headers, Has.Count.EqualTo(64));
        Assert.That(large.Headers!.Values.Sum(value => value.Length), Is.InRange(6_000, 8_192));
    }

    [Test]
    public void Headers_are_cleaned()
    {
        var origin = Of(new() { ["X-GitHub-Event"] = "pu\u001b[31msh\u0007\n", ["User-Agent"] = new string(
            'x', 5_000), ["X-GitHub-Delivery"] = " \t ", ["X-Half"] = "a\ud800b" });

        Assert.That(origin.Event, Is.EqualTo("pu[31msh"));
        Assert.That(origin.UserAgent, Has.Length.EqualTo(255).And.EndsWith("…"));
        Assert.That((origin.Delivery, origin.Key), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(origin.Headers!["x-half"], Is.EqualTo("a\uFFFDb"));
    }

    [Test]
    public void Parameters_of_the_address_are_text_or_arrays_of_text()
    {
        var origin = Of([], "{}", "{}", ("a", "1"), ("b", "x y"), ("a", "2"), ("nul", "\0"));

        Assert.That(origin.Query!.Value.GetRawText(), Is.EqualTo("""{"a":["1","2"],"b":"x y","nul":"\uFFFD"}"""));
    }

    [Test]
    public void The_config_has_what_is_known_and_no_more()
    {
        var json = Of(new() { ["X-GitHub-Event"] = "push", ["X-GitHub-Delivery"] = "d-1", ["Content-Type"] = "application/json" }).ToJson();

        Assert.That(json.EnumerateObject().Select(field => field.Name), Is.EquivalentTo(
            (string[])["source", "received_at", "event", "event_header", "delivery", "method", "content_type", "headers", "source_ip"]));
        Assert.That((json.GetProperty("source").GetString(), json.GetProperty("method").GetString()), Is.EqualTo(("webhook", "POST")));
        Assert.That(json.GetProperty("received_at").GetDateTimeOffset(), Is.EqualTo(Now));
    }
}
