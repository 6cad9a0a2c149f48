using System.Text;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Templates;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class FillingTemplatesTests
{
    private static readonly TemplateScope Scope = new()
    {
        EventId = 42,
        TriggerRef = "shop.order_placed",
        Created = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123456),
        Payload = JsonElement.Parse("""
            {"name": "Ada", "count": 3, "price": 19.90, "paid": true, "none": null, "tags": ["a", "b"], "address": {"city": "Köln"},
             "lines": [{"sku": "A-1"}, {"sku": "B-2"}], "evil": "{{ pack.config.secret }} {{ event.id }}", "quote": "say \"hi\"", "big": 1e300,
             "odd": { "\ud83d\ude00" : ["\u0001\n\"\\\u00e9\u2028<&'+", 1.50, 1e3, true, null, {}, []] }}
            """),
        RuleId = 7,
        RuleRef = "shop.greet",
        PackConfig = JsonElement.Parse("""{"channel": "ops", "secret": "hunter2", "retry": {"times": 3}}"""),
    };

    // A text that is one token keeps the type of the value.
    [TestCase("{{ event.payload.name }}", "\"Ada\"")]
    [TestCase("{{event.payload.count}}", "3")]
    [TestCase("{{ event.payload.price }}", "19.90")]
    [TestCase("{{ event.payload.paid }}", "true")]
    [TestCase("{{ event.payload.none }}", "null")]
    [TestCase("{{ event.payload.missing }}", "null")]
    [TestCase("{{ event.payload.tags }}", """["a","b"]""")]
    [TestCase("{{ event.payload.address }}", """{"city":"Köln"}""")]
    [TestCase("{{ event.payload.lines.1.sku }}", "\"B-2\"")]
    [TestCase("{{ event.payload.lines.2.sku }}", "null")]
    [TestCase("{{ event.payload.big }}", "1e300")]
    [TestCase("{{ event.id }}", "42")]
    [TestCase("{{ event.trigger }}", "\"shop.order_placed\"")]
    [TestCase("{{ event.created }}", "\"2026-01-31T12:00:00.123456+00:00\"")]
    [TestCase("{{ pack.config.channel }}", "\"ops\"")]
    [TestCase("{{ pack.config.retry.times }}", "3")]
    [TestCase("{{ pack.config.missing }}", "null")]
    [TestCase("{{ system.rule.id }}", "7")]
    [TestCase("{{ system.rule.ref }}", "\"shop.greet\"")]
    [TestCase("{{ system.timestamp }}", "\"2026-01-31T12:00:00.123456+00:00\"")]
    // Tokens within other text become text.
    [TestCase("Hello {{ event.payload.name }}!", "\"Hello Ada!\"")]
    [TestCase("{{ event.payload.count }} of {{ event.payload.price }}", "\"3 of 19.90\"")]
    [TestCase("[{{ event.payload.none }}{{ event.payload.missing }}]", "\"[]\"")]
    [TestCase("paid: {{ event.payload.paid }}", "\"paid: true\"")]
    [TestCase("in {{ event.payload.address }}", """ "in {\"city\":\"Köln\"}" """)]
    [TestCase("<{{ event.payload.odd }}>", """ "<{\"😀\":[\"\\u0001\\n\\\"\\\\é\u2028<&'+\",1.50,1e3,true,null,{},[]]}>" """)]
    [TestCase("{{event.payload.count}}}", "\"3}\"")]
    [TestCase("{{ event.payload.big }}!", "\"1e300!\"")]
    [TestCase("{{ event.payload.tags }} ", """ "[\"a\",\"b\"] " """)]
    [TestCase(" {{ event.id }}", "\" 42\"")]
    [TestCase("{{ event.id }}{{ event.id }}", "\"4242\"")]
    [TestCase("no token, only } and }} and {", "\"no token, only } and }} and {\"")]
    public void A_text_comes_to(string template, string expected) =>
        Assert.That(Text(Fill($$"""{"x": {{JsonSerializer.Serialize(template)}}}""").GetProperty("x")), Is.EqualTo(
            Text(JsonElement.Parse(expected))));

    [Test]
    public void A_template_within_a_payload_is_never_expanded()
    {
        var filled = Fill(
            """{"a": "{{ event.payload.evil }}", "b": "{{ event.payload.evil }} {{ event.id }} {{ pack.config.channel }}"}""");

        Assert.That(filled.GetProperty("a").GetString(), Is.EqualTo("{{ pack.config.secret }} {{ event.id }}"));
        Assert.That(filled.GetProperty("b").GetString(), Is.EqualTo("{{ pack.config.secret }} {{ event.id }} 42 ops"));
    }

    [Test]
    public void Templates_are_filled_in_at_any_depth_and_all_else_stays()
    {
        var filled = Fill("""
            {"to": ["{{ event.payload.name }}", {"city": "{{ event.payload.address.city }}"}], "n": 1.50, "flag": null, "{{ event.id }}": "key"}
            """);

        Assert.That(
            JsonValues.AreEqual(
                filled, JsonElement.Parse("""{"to": ["Ada", {"city": "Köln"}], "n": 1.50, "flag": null, "{{ event.id }}": "key"}""")),
            filled.GetRawText());
    }

    [Test]
    public void The_event_itself_is_an_object()
    {
        var filled = Fill("""{"x": "{{ event }}"}""").GetProperty("x");

        Assert.That(filled.GetProperty("id").GetInt64(), Is.EqualTo(42));
        Assert.That(filled.GetProperty("trigger").GetString(), Is.EqualTo("shop.order_placed"));
        Assert.That(filled.GetProperty("payload").GetProperty("name").GetString(), Is.EqualTo("Ada"));
        Assert.That(filled.GetProperty("created").GetString(), Is.EqualTo("2026-01-31T12:00:00.123456+00:00"));
    }

    [Test]
    public void Without_a_payload_or_a_pack_there_is_null()
    {
        var template = ParameterTemplate.Parse(
            JsonElement.Parse("""{"a": "{{ event.payload }}", "b": "{{ event.payload.x }}", "c": "<{{ pack.config.x }}>"}"""),
            "action_params");

        var filled = JsonElement.Parse(template.Render(Scope with { Payload = null, PackConfig = null }));

        Assert.That(JsonValues.AreEqual(filled, JsonElement.Parse("""{"a": null, "b": null, "c": "<>"}""")), filled.GetRawText());
    }

    [TestCase("""{"message": "{{ event.payload.x "}""", "action_params.message")]
    [TestCase("""{"message": "{{ }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ evnt.payload.x }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload..x }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload. }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.source }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ pack.ref }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ system.env }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ {{ event.id }} }}"}""", "action_params.message")]
    [TestCase("""{"a": [{"b": "fine"}, {"b": "{{ x }}"}]}""", "action_params.a[1].b")]
    [TestCase("""{"a": "\u0000"}""", "action_params.a")]
    [TestCase("""[]""", "action_params")]
    [TestCase("\"text\"", "action_params")]
    public void A_bad_template_is_refused_and_the_place_is_named(string parameters, string field)
    {
        var refused = Assert.Throws<RefusedException>(() => ParameterTemplate.Parse(JsonElement.Parse(parameters), "action_params"))!;

        Assert.That(refused.Field, Is.EqualTo(field));
    }

    [Test]
    public void Parameters_that_would_come_to_more_than_can_be_kept_are_given_up()
    {
        var many = string.Concat(Enumerable.Repeat("{{ event.payload }}", 200));
        var template = ParameterTemplate.Parse(JsonElement.Parse($$"""{"x": "{{many}}"}"""), "action_params");
        var large = JsonElement.Parse($"\"{new string('x', 1_000_000)}\"");

        Assert.That(() => template.Render(Scope with { Payload = large }), Throws.TypeOf<TemplateTooLargeException>());
    }

    private static JsonElement Fill(string parameters) =>
        JsonElement.Parse(ParameterTemplate.Parse(JsonElement.Parse(parameters), "action_params").Render(Scope));

    private static string Text(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
