using System.Text.Json;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class WebhookOriginTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static WebhookOrigin Of(Dictionary<string, string> headers, string body = "{}") =>
        WebhookOrigin.Of(name => headers.GetValueOrDefault(name), WebhookBody.Read(
            System.Text.Encoding.UTF8.GetBytes(body), null, 1024 * 1024), "192.0.2.1", Now);

    [TestCase("X-GitHub-Event", "X-GitHub-Delivery")]
    [TestCase("X-Gitea-Event", "X-Gitea-Delivery")]
    [TestCase("X-Gitlab-Event", "Idempotency-Key")]
    [TestCase("X-Event-Key", "X-Request-UUID")]
    [TestCase("X-Shopify-Topic", "X-Shopify-Webhook-Id")]
    [TestCase("X-Event-Type", "webhook-id")]
    [TestCase("Linear-Event", "Linear-Delivery")]
    public void The_senders_own_words_for_event_and_delivery_are_known(string eventHeader, string deliveryHeader)
    {
        var origin = Of(new() { [eventHeader] = "push", [deliveryHeader] = "72d3162e-cc78-11e3-81ab-4c9367dc0958" });

        Assert.That((origin.EventHeader, origin.Event), Is.EqualTo((eventHeader, "push")));
        Assert.That(
            (origin.Delivery, origin.Key), Is.EqualTo(("72d3162e-cc78-11e3-81ab-4c9367dc0958", "72d3162e-cc78-11e3-81ab-4c9367dc0958")));
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
        var origin = Of(new() { ["User-Agent"] = "relay/1" },
            """
            {"payload": 1, "source_ip": "198.51.100.7", "user_agent": "GitHub-Hookshot/1",
             "headers": {"x-github-event": "star", "X-GitHub-Delivery": "d-1", "Accept": "*/*"}}
            """);

        Assert.That((origin.Event, origin.Key, origin.UserAgent), Is.EqualTo(("star", "d-1", "GitHub-Hookshot/1")));
        Assert.That((origin.SourceIp, origin.RelayedFrom), Is.EqualTo(("192.0.2.1", "198.51.100.7")));
        Assert.That(origin.Headers, Contains.Key("Accept"));
    }

    [Test]
    public void Secrets_among_the_headers_are_left_out()
    {
        var origin = Of([],
            """
            {"payload": 1, "headers": {"Authorization": "Bearer s3cret", "Cookie": "s3cret", "X-Hub-Signature-256": "s3cret", "X-Gitlab-Token": "s3cret",
             "X-Api-Key": "s3cret", "Host": "example.org"}}
            """);

        Assert.That(origin.ToJson().GetRawText(), Does.Not.Contain("s3cret").And.Contain("example.org"));
    }

    [Test]
    public void Headers_are_cleaned_and_bounded()
    {
        var origin = Of(new() { ["X-GitHub-Event"] = "pu\u001b[31msh\u0007\n", ["User-Agent"] = new string(
            'x', 5_000), ["X-GitHub-Delivery"] = " \t " });

        Assert.That(origin.Event, Is.EqualTo("pu[31msh"));
        Assert.That(origin.UserAgent, Has.Length.EqualTo(255).And.EndsWith("…"));
        Assert.That((origin.Delivery, origin.Key), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void The_config_has_what_is_known_and_no_more()
    {
        var json = Of(new() { ["X-GitHub-Event"] = "push", ["X-GitHub-Delivery"] = "d-1" }).ToJson();

        Assert.That(json.EnumerateObject().Select(field => field.Name),
            Is.EquivalentTo((string[])["source", "received_at", "event", "event_header", "delivery", "source_ip"]));
        Assert.That(json.GetProperty("source").GetString(), Is.EqualTo("webhook"));
        Assert.That(json.GetProperty("received_at").GetDateTimeOffset(), Is.EqualTo(Now));
        Assert.That(json.ValueKind, Is.EqualTo(JsonValueKind.Object));
    }
}
