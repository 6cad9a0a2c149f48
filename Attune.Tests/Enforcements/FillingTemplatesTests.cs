using System.Text;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Rules.Templates;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class FillingTemplatesTests
{
    private static readonly WrittenFacts Written =
        new(42, new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123456));

    private static readonly EventFacts Facts = new()
    {
        TriggerRef = "shop.order_placed",
        SourceRef = "webhook",
        Payload = JsonElement.Parse("""
            {"name": "Ada", "count": 3, "price": 19.90, "paid": true, "none": null, "tags": ["a", "b"], "address": {"city": "Köln"},
             "lines": [{"sku": "A-1"}, {"sku": "B-2"}], "evil": "{{ pack.config.secret }} {{ event.id }}", "quote": "say \"hi\"", "big": 1e300,
             "whole": 9007199254740993, "zero": "%00", "labels": {"app.kubernetes.io/name": "web"}, "no": false, "empty": "",
             "odd": { "\ud83d\ude00" : ["\u0001\n\"\\\u00e9\u2028<&'+", 1.50, 1e3, true, null, {}, []] }}
            """),
        Config = JsonElement.Parse("""{"method": "POST", "headers": {"x-github-event": "push"}}"""),
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
    [TestCase("{{ event.source_ref }}", "\"webhook\"")]
    [TestCase("{{ event.config.headers[\"x-github-event\"] }}", "\"push\"")]
    [TestCase("{{ event.config.headers.X-GitHub-Event }}", "\"push\"")]
    [TestCase("{{ event.payload.labels['app.kubernetes.io/name'] }}", "\"web\"")]
    [TestCase("{{ event.payload.lines[0].sku }}", "\"A-1\"")]
    [TestCase("{{ event.payload.whole }}", "9007199254740993")]
    // Filters keep types where Liquid does.
    [TestCase("{{ event.payload.missing | default: 5 }}", "5")]
    [TestCase("{{ event.payload.missing | default: 'none' }}", "\"none\"")]
    [TestCase("{{ event.payload.missing | default: event.payload.name }}", "\"Ada\"")]
    [TestCase("{{ event.payload.empty | default: \"x\" }}", "\"x\"")]
    [TestCase("{{ event.payload.no | default: true }}", "true")]
    [TestCase("{{ event.payload.no | default: true, allow_false: true }}", "false")]
    [TestCase("{{ event.payload.name | upcase }}", "\"ADA\"")]
    [TestCase("{{ event.payload.name | downcase | append: '!' }}", "\"ada!\"")]
    [TestCase("{{ event.payload.tags | join: ', ' }}", "\"a, b\"")]
    [TestCase("{{ event.payload.tags | first }}", "\"a\"")]
    [TestCase("{{ event.payload.tags | last }}", "\"b\"")]
    [TestCase("{{ event.payload.tags | size }}", "2")]
    [TestCase("{{ event.payload.name | size }}", "3")]
    [TestCase("{{ event.payload.tags | reverse }}", """["b","a"]""")]
    [TestCase("{{ event.payload.lines | map: 'sku' | join: '+' }}", "\"A-1+B-2\"")]
    [TestCase("{{ event.payload.lines | first }}", """{"sku":"A-1"}""")]
    [TestCase("{{ event.payload.address | json }}", """ "{\"city\":\"Köln\"}" """)]
    [TestCase("{{ event.payload.tags | json }}", """ "[\"a\",\"b\"]" """)]
    [TestCase("{{ event.payload.count | plus: 1 }}", "4")]
    [TestCase("{{ event.payload.count | times: 1.5 }}", "4.5")]
    [TestCase("{{ 'a b&c' | url_encode }}", "\"a+b%26c\"")]
    [TestCase("{{ event.payload.zero | url_decode }}", "\"\uFFFD\"")]
    [TestCase("{{ event.created | date: '%Y-%m-%d' }}", "\"2026-01-31\"")]
    [TestCase("on {{ event.created | date: '%d.%m.' }}", "\"on 31.01.\"")]
    [TestCase("{{ 'now' | date: '%Y' }}", "\"now\"")]
    [TestCase("{{ event.payload.name | truncate: 2, '' }}", "\"Ad\"")]
    [TestCase("{{ event | size }}", "4")]
    // What is meant for somebody else stays.
    [TestCase("{% raw %}${{ github.sha }}{% endraw %}", "\"${{ github.sha }}\"")]
    [TestCase("{%raw%}{{.XYZ}}{%endraw%} {{ event.payload.name }}", "\"{{.XYZ}} Ada\"")]
    [TestCase("{{ '{{' }}", "\"{{\"")]
    [TestCase("{{ '}}' }}!", "\"}}!\"")]
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

        var filled = JsonElement.Parse(template.Render(Scope(new() { TriggerRef = "a.b" }) with { PackConfig = null }).Finish(Written));

        Assert.That(JsonValues.AreEqual(filled, JsonElement.Parse("""{"a": null, "b": null, "c": "<>"}""")), filled.GetRawText());
    }

    [TestCase("""{"message": "{{ event.payload.x "}""", "action_params.message")]
    [TestCase("""{"message": "{{ }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ evnt.payload.x }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload..x }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload[ }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.list[*].x }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.x | nope }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.x | default }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.x | upcase: 1 }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.x | default: 'a', wrong: 1 }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.x | }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ event.payload.x, 1 }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ 'x }}"}""", "action_params.message")]
    [TestCase("""{"message": "{% if x %}y{% endif %}"}""", "action_params.message")]
    [TestCase("""{"message": "{% raw %}{{ x }}"}""", "action_params.message")]
    [TestCase("""{"message": "${{ github.sha }}"}""", "action_params.message")]
    [TestCase("""{"message": "{{ key.TOKEN }}"}""", "action_params.message")]
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
    public void A_mistake_is_told_with_its_character()
    {
        var refused = Assert.Throws<RefusedException>(
            () => ParameterTemplate.Parse(JsonElement.Parse("""{"a": "Hello {{ event.payload.x | shout }}"}"""), "action_params"))!;

        Assert.That(refused.Message, Does.StartWith("action_params.a, character 28: there is no filter shout; those there are:"));
    }

    // What they come to is counted as it is stored: control characters are escaped, and a number may be long.
    [TestCase(200, 'x', 1_000_000)]
    [TestCase(90, '\u0001', 173_000)]
    public void Parameters_that_would_come_to_more_than_can_be_kept_are_given_up(int times, char character, int length)
    {
        var many = string.Concat(Enumerable.Repeat("{{ event.payload }}", times));
        var parsed = ParameterTemplate.Parse(JsonElement.Parse($$"""{"x": "{{many}}"}"""), "action_params");
        var large = JsonSerializer.SerializeToElement(new string(character, length));

        var error = Assert.Throws<BudgetExceededException>(() => parsed.Render(Scope(Facts with { Payload = large })))!;

        Assert.That(error.Kind, Is.EqualTo(BudgetKind.Bytes));
    }

    [Test]
    public void Whole_values_count_as_they_are_stored_as_well()
    {
        var list = string.Join(',', Enumerable.Repeat("\"{{ event.payload }}\"", 200));
        var parsed = ParameterTemplate.Parse(JsonElement.Parse($$"""{"x": [{{list}}]}"""), "action_params");

        var error = Assert.Throws<BudgetExceededException>(
            () => parsed.Render(Scope(Facts with { Payload = JsonElement.Parse("1e100000") })))!;

        Assert.That(error.Kind, Is.EqualTo(BudgetKind.Bytes));
    }

    [TestCase("{{ event.payload | replace: 'x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' }}")]
    [TestCase("{{ event.payload | replace: '', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' }}")]
    [TestCase("{{ event.payload | split: '' | join: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' }}")]
    public void A_filter_that_would_make_too_much_of_a_text_is_given_up(string template)
    {
        var parsed = ParameterTemplate.Parse(
            JsonElement.Parse($$"""{"x": {{JsonSerializer.Serialize(template)}}}"""), "action_params");
        var large = JsonSerializer.SerializeToElement(new string('x', 1_000_000));

        Assert.That(() => parsed.Render(Scope(Facts with { Payload = large })), Throws.TypeOf<BudgetExceededException>());
    }

    [TestCase("{{ event.payload.name | divided_by: 0 }}")]
    [TestCase("{{ 79228162514264337593543950335 | times: 2 }}")]
    public void A_filter_that_cannot_do_what_it_is_asked_is_a_fault_of_the_rule(string template) => Assert.That(
        () => Fill($$"""{"x": {{JsonSerializer.Serialize(template)}}}"""),
        Throws.InvalidOperationException.With.Message.StartsWith("The filter "));

    [Test]
    public void A_value_that_is_named_often_is_looked_up_once()
    {
        var keys = string.Join(',', Enumerable.Range(0, 95_000).Select(number => $"\"k{number}\":1"));
        var many = string.Concat(Enumerable.Repeat("{{event.payload.zz}}", 12_000));
        var parsed = ParameterTemplate.Parse(JsonElement.Parse($$"""{"x": "{{many}}"}"""), "action_params");
        var scope = Scope(Facts with { Payload = JsonElement.Parse($$"""{{{keys}}}""") });

        parsed.Render(scope);

        Assert.That(scope.Budget.Steps, Is.LessThan(100_000));
    }

    // What an event says is encoded for where it stands in an address.
    [TestCase("https://host/repos/{{ event.payload }}/close", "../admin/x?y=", "https://host/repos/..%2Fadmin%2Fx%3Fy%3D/close")]
    [TestCase("https://host/{{ event.payload }}", "a b#c", "https://host/a%20b%23c")]
    [TestCase("https://host/s?q={{ event.payload }}&r=1", "a&r=2#x", "https://host/s?q=a%26r%3D2%23x&r=1")]
    [TestCase("https://host/s#{{ event.payload }}", "a#b", "https://host/s#a%23b")]
    [TestCase("https://{{ event.payload }}.example.com/", "eu-1", "https://eu-1.example.com/")]
    [TestCase("https://{{ event.payload }}/hook", "api.example.com", "https://api.example.com/hook")]
    [TestCase("https://host/{{ event.payload | raw }}", "a/b?c=d", "https://host/a/b?c=d")]
    [TestCase("https://host/s?q={{ event.payload | url_encode }}", "a&b", "https://host/s?q=a%26b")]
    [TestCase("https://host/{{ pack.config.where }}/{{ event.payload }}", "a/b", "https://host/v1/x/a%2Fb")]
    [TestCase("{{ pack.config.base }}/repos/{{ event.payload }}", "../x", "https://base/api/repos/..%2Fx")]
    [TestCase("{{ event.payload }}", "https://anywhere/a?b=c", "https://anywhere/a?b=c")]
    [TestCase("/items/{{ event.payload }}/x", "../admin?y=#z", "/items/..%2Fadmin%3Fy%3D%23z/x")]
    [TestCase("/{{ event.payload }}", "/evil.com/x", "/%2Fevil.com%2Fx")]
    [TestCase("items/{{ event.payload }}?q={{ event.payload }}", "a/b&c", "items/a%2Fb%26c?q=a%2Fb%26c")]
    [TestCase("item-{{ event.payload }}/x", "://evil.com/", "item-%3A%2F%2Fevil.com%2F/x")]
    [TestCase("{{ pack.config.host }}/repos/{{ event.payload }}", "../x?y", "api.example.com/repos/..%2Fx%3Fy")]
    [TestCase("//host/{{ event.payload }}", "../x", "//host/..%2Fx")]
    [TestCase("https://host/{{ event.id }}?at={{ event.created }}", "", "https://host/42?at=2026-01-31T12%3A00%3A00.123456%2B00%3A00")]
    public void An_address_has_the_parts_that_the_rule_wrote(string template, string said, string expected)
    {
        var filled = Fill($$"""{"url": {{JsonSerializer.Serialize(template)}}}""", Facts with { Payload = JsonSerializer.SerializeToElement(said) });

        Assert.That(filled.GetProperty("url").GetString(), Is.EqualTo(expected));
    }

    [TestCase("https://{{ event.payload }}.example.com/", "evil.com/")]
    [TestCase("https://{{ event.payload }}.example.com/", "evil.com")]
    [TestCase("https://example.com{{ event.payload }}/", ".evil.com")]
    [TestCase("https://{{ event.payload }}/hook", "user@evil.com")]
    [TestCase("https://host/a/{{ event.payload }}/b", "..")]
    [TestCase("//{{ event.payload }}.example.com/", "evil.com/")]
    [TestCase("https://host/a/{{ event.payload }}", ".")]
    [TestCase("https://host/a/.{{ event.payload }}/b", ".")]
    [TestCase("https://host/a/{{ event.payload }}?x=1", "..")]
    public void What_an_event_says_cannot_change_host_or_path(string template, string said) => Assert.That(
        () => Fill($$"""{"url": {{JsonSerializer.Serialize(template)}}}""", Facts with { Payload = JsonSerializer.SerializeToElement(said) }),
        Throws.InvalidOperationException);

    private static TemplateScope Scope(EventFacts facts) => new()
    {
        Facts = facts,
        RuleId = 7,
        RuleRef = "shop.greet",
        PackConfig = JsonElement.Parse(
            """{"channel": "ops", "secret": "hunter2", "retry": {"times": 3}, "base": "https://base/api", "where": "v1/x", "host": "api.example.com"}"""),
        Budget = new(EvaluationBudget.MostSteps, CancellationToken.None),
    };

    private static JsonElement Fill(string parameters) => Fill(parameters, Facts);

    private static JsonElement Fill(string parameters, EventFacts facts) => JsonElement.Parse(
        ParameterTemplate.Parse(JsonElement.Parse(parameters), "action_params").Render(Scope(facts)).Finish(Written));

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
