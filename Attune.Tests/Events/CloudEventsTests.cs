using System.Text;
using System.Text.Json;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

/// <summary>The three modes of the HTTP binding, as the specification has them.</summary>
[TestFixture]
public sealed class CloudEventsTests
{
    private static readonly (string, string?)[] Required =
        [("ce-specversion", "1.0"), ("ce-id", "A234-1234"), ("ce-source", "/mycontext"), ("ce-type", "com.example.some")];

    private static WebhookBody Binary(string body, params (string, string?)[] headers) =>
        WebhookBodyTests.Read(Encoding.UTF8.GetBytes(body), [.. Required, .. headers]);

    private static WebhookBody Structured(string body, string type = "application/cloudevents+json; charset=UTF-8") =>
        WebhookBodyTests.Read(Encoding.UTF8.GetBytes(body), ("Content-Type", type));

    private static string Attributes(WebhookBody body, int index = 0) => body.Items[index].CloudEvent!.Attributes.GetRawText();

    private static RefusedException Refusal(Action read) => Assert.Throws<RefusedException>(() => read())!;

    [Test]
    public void Headers_say_what_the_body_is()
    {
        var body = Binary(
            """{"n": 1}""", ("ce-time", "2018-04-05T03:56:24Z"), ("Ce-Subject", "Euro%20%E2%82%AC%20%F0%9F%98%80"), ("ce-quoted", "\"a \\\"b\\\"\""),
            ("ce-partitionkey", "p"), ("Content-Type", "application/json"));

        Assert.That(body.Payload!.Value.GetRawText(), Is.EqualTo("""{"n": 1}"""));
        var attributes = body.Items[0].CloudEvent!.Attributes;
        Assert.That(attributes.GetProperty("subject").GetString(), Is.EqualTo("Euro € 😀"));
        Assert.That(attributes.GetProperty("quoted").GetString(), Is.EqualTo("a \"b\""));
        Assert.That(attributes.EnumerateObject().Select(one => one.Name), Is.EquivalentTo(
            (string[])["id", "source", "type", "time", "subject", "quoted", "datacontenttype", "partitionkey"]));
    }

    [Test]
    public void Data_may_be_of_any_type_or_missing()
    {
        Assert.That(Binary("").Payload, Is.Null);
        Assert.That(
            Binary("a=1&b=x", ("Content-Type", "application/x-www-form-urlencoded")).Payload!.Value.GetRawText(),
            Is.EqualTo("""{"a":"1","b":"x"}"""));
        Assert.That(Binary("text", ("Content-Type", "text/plain")).Payload!.Value.GetString(), Is.EqualTo("text"));
        var bytes = WebhookBodyTests.Read([0xFF, 0xD8, 0], [.. Required, ("Content-Type", "image/jpeg")]);
        Assert.That((bytes.Payload!.Value.GetString(), bytes.Items[0].CloudEvent!.Attributes.GetProperty("data_encoding").GetString()),
            Is.EqualTo(("/9gA", "base64")));
    }

    [TestCase("""{"x": 1}""", """{"x": 1}""")]
    [TestCase("\"text\"", "\"text\"")]
    [TestCase("null", "null")]
    public void A_structured_event_has_its_data_as_payload(string data, string payload)
    {
        var body = Structured(
            $$"""{"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "subject": null, "n": 5, "ok": true, "data": {{data}} }""");

        Assert.That(body.Payload!.Value.GetRawText(), Is.EqualTo(payload));
        Assert.That(Attributes(body), Is.EqualTo("""{"id":"1","source":"/s","type":"t","n":5,"ok":true}"""));
    }

    [TestCase("\"application/json\"", "eyJhIjoxfQ==", """{"a":1}""")]
    [TestCase("\"text/plain\"", "aGk=", "\"hi\"")]
    [TestCase("\"image/png\"", "iVBORw==", "\"iVBORw==\"")]
    [TestCase("null", "eyJhIjoxfQ==", """{"a":1}""")]
    public void Data_in_Base64_is_read_by_its_type(string type, string data, string payload) =>
        Assert.That(
            Structured($$"""{"specversion":"1.0","id":"1","source":"/s","type":"t","datacontenttype":{{type}},"data_base64":"{{data}}"}""")
                .Payload!.Value.GetRawText(),
            Is.EqualTo(payload));

    [Test]
    public void A_batch_is_one_event_each()
    {
        var body = Structured(
            """[{"specversion":"1.0","id":"1","source":"/s","type":"t"}, {"specversion":"1.0","id":"2","source":"/s","type":"t","data":[2]}]""",
            "application/cloudevents-batch+json");

        Assert.That((body.IsBatch, body.Items.Count), Is.EqualTo((true, 2)));
        Assert.That((body.Items[0].Payload, body.Items[1].Payload!.Value.GetRawText()), Is.EqualTo(((JsonElement?)null, "[2]")));
        Assert.That(Structured("[]", "application/cloudevents-batch+json").Items, Is.Empty);
    }

    [TestCase("""{"specversion":"1.0","source":"/s"}""", "id", "lacks id, type")]
    [TestCase("""{"specversion":"1.0","id":null,"source":"/s","type":"t"}""", "id", "lacks id")]
    [TestCase("""{"specversion":"1.0","id":"","source":"/s","type":"t"}""", "id", "must be text")]
    [TestCase("""{"specversion":"1.0","id":5,"source":"/s","type":"t"}""", "id", "must be text")]
    [TestCase("""{"specversion":"0.3","id":"1","source":"/s","type":"t"}""", "specversion", "must be 1.0")]
    [TestCase("""{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"yesterday"}""", "time", "RFC 3339")]
    [TestCase("""{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-13-01T00:00:00Z"}""", "time", "RFC 3339")]
    [TestCase("""{"specversion":"1.0","id":"1","source":"/s","type":"t","ext":{"a":1}}""", "ext", "text, a number")]
    [TestCase("""{"specversion":"1.0","id":"1","source":"/s","type":"t","my_ext":"a"}""", "my_ext", "small letters")]
    [TestCase("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":1,"data_base64":"aGk="}""", "data_base64", "together")]
    [TestCase("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":"!"}""", "data_base64", "Base64")]
    [TestCase("[]", null, "object")]
    public void An_event_that_is_none_is_malformed_and_told_what_it_lacks(string body, string? field, string words)
    {
        var refused = Refusal(() => Structured(body));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Malformed, field)));
        Assert.That(refused.Message, Does.Contain(words));
    }

    [Test]
    public void Headers_and_batches_name_what_is_missing_by_its_place()
    {
        var headers = Refusal(() => WebhookBodyTests.Read([], ("ce-specversion", "1.0"), ("ce-id", "1")));
        var batch = Refusal(() => Structured(
            """[{"specversion":"1.0","id":"1","source":"/s","type":"t"}, {}]""", "application/cloudevents-batch+json"));

        Assert.That((headers.Field, headers.Message), Is.EqualTo(("ce-source", "The CloudEvent lacks ce-source, ce-type.")));
        Assert.That(batch.Field, Is.EqualTo("[1].specversion"));
        Assert.That(Refusal(() => Structured("{}", "application/cloudevents-batch+json")).Kind, Is.EqualTo(RefusalKind.Malformed));
    }

    [Test]
    public void Source_and_id_are_the_key_and_a_trace_changes_nothing()
    {
        var request = WebhookBodyTests.Request([.. Required, ("X-GitHub-Delivery", "other"), ("ce-traceparent", "00-a")]);
        var body = WebhookBody.Read("{}"u8, request, new(1024), 1024);

        var origin = WebhookOrigin.Of(request, body, body.Items[0], WebhookSettings.Parse(JsonElement.Parse("{}")));

        Assert.That((origin.Key, origin.Delivery, origin.Event), Is.EqualTo(("/mycontext A234-1234", "A234-1234", "com.example.some")));
        Assert.That(body.Items[0].CloudEvent!.Identity.GetRawText(), Is.EqualTo(Attributes(Binary("{}"))));
    }
}
