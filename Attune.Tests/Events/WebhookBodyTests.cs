using System.Text;
using System.Text.Json;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class WebhookBodyTests
{
    private const string Form = "application/x-www-form-urlencoded";

    private const int Most = 1024 * 1024;

    private static WebhookBody Read(string body, string? contentType = "application/json") =>
        WebhookBody.Read(Encoding.UTF8.GetBytes(body), contentType, Most);

    [TestCase("""{"action": "opened"}""")]
    [TestCase("""[1, 2]""")]
    [TestCase("""  "text"  """)]
    [TestCase("null")]
    public void Any_json_is_a_payload(string body) =>
        Assert.That(Read(body).Payload.GetRawText(), Is.EqualTo(body.Trim()));

    [TestCase("application/json; charset=utf-8")]
    [TestCase("application/vnd.github+json")]
    [TestCase("application/cloudevents+json")]
    [TestCase("text/plain")]
    [TestCase(Form)]
    [TestCase("APPLICATION/X-WWW-FORM-URLENCODED; charset=UTF-8")]
    [TestCase("")]
    [TestCase(null)]
    public void Json_is_taken_whatever_the_sender_calls_it(string? contentType) =>
        Assert.That(Read("""{"url": "http://a/?b=1&payload=2"}""", contentType).Payload.GetProperty("url").GetString(),
            Is.EqualTo("http://a/?b=1&payload=2"));

    [Test]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.That(WebhookBody.Read([0xEF, 0xBB, 0xBF, .. "{}"u8], null, Most).Payload.ValueKind, Is.EqualTo(JsonValueKind.Object));

    [Test]
    public void A_form_has_its_json_in_the_field_payload()
    {
        var json = """{"zen": "a & b = c + d", "name": "Gr\u00fcn ä 🚀", "n": 100}""";

        var body = Read($"other=1&payload={Uri.EscapeDataString(json).Replace("%20", "+", StringComparison.Ordinal)}&last=", Form);

        Assert.That(body.Payload.GetRawText(), Is.EqualTo(json));
    }

    [TestCase("payload", Form)]
    [TestCase("a=1&b=2", Form)]
    [TestCase("payload=", Form)]
    [TestCase("payload=notjson", Form)]
    [TestCase("payload=%ff%fe", Form)]
    [TestCase("", Form)]
    [TestCase("", "application/json")]
    [TestCase("  \n ", "application/json")]
    [TestCase("hello", "text/plain")]
    [TestCase("{\"a\": }", "application/json")]
    [TestCase("{} {}", "application/json")]
    [TestCase("<xml/>", "application/xml")]
    [TestCase("[1,]", "application/json")]
    public void A_body_that_is_neither_JSON_nor_a_form_is_malformed(string body, string contentType) =>
        Assert.That(
            () => Read(body, contentType), Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.Malformed));

    [Test]
    public void Text_that_is_not_utf8_is_malformed()
    {
        Assert.That(() => WebhookBody.Read([(byte)'"', 0xfc, (byte)'"'], null, Most), Throws.InstanceOf<RefusedException>());
        Assert.That(() => WebhookBody.Read(Encoding.Unicode.GetBytes("{}"), null, Most), Throws.InstanceOf<RefusedException>());
    }

    [TestCase("""{"a": "\u0000"}""")]
    [TestCase("""{"\ud800": 1, "payload": {}}""")]
    [TestCase("""{"payload": {"x": 1e999999}}""")]
    public void A_body_that_cannot_be_stored_is_invalid(string body) =>
        Assert.That(() => Read(body), Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.Invalid));

    [Test]
    public void The_envelope_of_a_relay_is_opened()
    {
        var body = Read(
            """{"payload": {"x": 1}, "headers": {"X-GitHub-Event": "star", "n": 5}, "source_ip": "1.2.3.4", "user_agent": "GitHub"}""");

        Assert.That(body.Payload.GetRawText(), Is.EqualTo("""{"x": 1}"""));
        Assert.That((body.SourceIp, body.UserAgent), Is.EqualTo(("1.2.3.4", "GitHub")));
        Assert.That(body.Header("x-github-event"), Is.EqualTo("star"));
        Assert.That(body.Header("n"), Is.Null);
    }

    [TestCase("""{"payload": {"x": 1}}""")]
    [TestCase("""{"payload": {"x": 1}, "headers": null, "user_agent": null}""")]
    public void An_envelope_may_hold_a_payload_only(string body) =>
        Assert.That(Read(body).Payload.GetRawText(), Is.EqualTo("""{"x": 1}"""));

    [TestCase("""{"payload": {"x": 1}, "action": "created", "deployment": {}}""")]
    [TestCase("""{"payload": {"x": 1}, "headers": "none"}""")]
    [TestCase("""{"payload": {"x": 1}, "source_ip": 5}""")]
    [TestCase("""{"Payload": {"x": 1}}""")]
    [TestCase("""{"headers": {}}""")]
    [TestCase("""[{"payload": 1}]""")]
    public void A_body_that_only_resembles_the_envelope_is_a_payload_itself(string body) =>
        Assert.That(Read(body).Payload.GetRawText(), Is.EqualTo(body));
}
