using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Tests.Enforcements;

/// <summary>The rule language as people write it: its text form, and what each part comes to.</summary>
[TestFixture]
public sealed class RuleLanguageTests
{
    private static readonly EventFacts Event = new()
    {
        TriggerRef = "shop.alert",
        SourceRef = "webhook",
        Payload = JsonElement.Parse("""
            {
              "repository": {"full_name": "acme/api"}, "total": 501, "labels": ["web", "Spam"], "amount": "10", "code": 10, "flag": true,
              "meta": {"labels": {"app.kubernetes.io/name": "web", "a b": 1, "tier": "front"}}, "limit": 500, "empty": [], "none": null,
              "alerts": [{"status": "firing", "severity": "critical", "at": "2026-01-31T11:58:00Z"}, {"status": "resolved"}, {"status": "firing"}],
              "user": {"name": "Ada", "owner": "ada", "ip": "10.1.2.3"}, "started": "2026-01-31T13:57:30.5+02:00", "unix": 1769860500,
              "event": {"type": "message"}, "all": 1, "0": "zero", "matrix": [[1, 2], [3]], "$schema": "x"
            }
            """),
        Config = JsonElement.Parse("""
            {"event": "push", "delivery": "d-1", "method": "POST", "content_type": "application/json", "query": {"team": "a"},
             "headers": {"x-github-event": "push"}, "source_ip": "192.0.2.7"}
            """),
    };

    [TestCase("""repository.full_name == "acme/api" and (total > 500 or not labels contains "spam")""", "True")]
    [TestCase("""repository.full_name = 'acme/api' and total > 501""", "False")]
    [TestCase("total >= 501 and total <= 501 and total != 500 and total <> 500", "True")]
    [TestCase("total between 500 and 501", "True")]
    [TestCase("total between 502 and 600", "False")]
    [TestCase("total > limit", "True")]
    [TestCase("total > amount", "Unknown")]
    [TestCase("amount > 5", "Unknown")]
    [TestCase("amount as number > 5", "True")]
    [TestCase("amount as number == code", "True")]
    [TestCase("code as text == \"10\"", "True")]
    [TestCase("""labels contains "spam" ignore_case""", "True")]
    [TestCase("""labels not contains "spam" """, "True")]
    [TestCase("""not labels contains "spam" """, "True")]
    [TestCase("""not not labels contains "web" """, "True")]
    [TestCase("""user.name == user.owner""", "False")]
    [TestCase("""user.name == user.owner ignore_case""", "True")]
    [TestCase("""user.name starts_with "A" and user.name ends with "da" and user.name not starts with "B" """, "True")]
    [TestCase("""user.name matches "^ad" """, "False")]
    [TestCase("""user.name matches "^ad" ignore_case""", "True")]
    [TestCase("""user.name in ["Ada", "Bob"]""", "True")]
    [TestCase("""user.name not in ["Bob"]""", "True")]
    [TestCase("""code in [1, 10.0]""", "True")]
    [TestCase("\"web\" in labels", "True")]
    [TestCase("\"db\" not in labels", "True")]
    [TestCase("500 < total", "True")]
    [TestCase("500 >= total", "False")]
    [TestCase("user.name exists and user.age not exists", "True")]
    [TestCase("empty is empty and empty is_empty and none is_empty", "True")]
    [TestCase("labels is_empty", "False")]
    [TestCase("total is_empty", "Unknown")]
    [TestCase("flag == true and none == null", "True")]
    // Paths.
    [TestCase("""meta.labels["app.kubernetes.io/name"] == "web" """, "True")]
    [TestCase("""meta.labels['a b'] == 1""", "True")]
    [TestCase("alerts[0].status == \"firing\" and alerts.1.status == \"resolved\"", "True")]
    [TestCase("alerts[3].status exists", "False")]
    [TestCase("$.alerts[0].status == \"firing\" and event.payload.total == 501 and event.payload[\"total\"] == 501", "True")]
    [TestCase("$ exists and event.payload exists", "True")]
    [TestCase("event.type == \"message\"", "True")]
    [TestCase("$.all == 1 and all == 1", "True")]
    [TestCase("$.0 == \"zero\"", "True")]
    [TestCase("$schema == \"x\"", "True")]
    // Quantifiers.
    [TestCase("""alerts[*].severity == "critical" """, "True")]
    [TestCase("""any alerts[*].status == "firing" """, "True")]
    [TestCase("""all alerts[*].status == "firing" """, "False")]
    [TestCase("""all alerts[*].severity == "critical" """, "Unknown")]
    [TestCase("""none alerts[*].status == "silenced" """, "True")]
    [TestCase("""none labels[*] contains "x" """, "True")]
    [TestCase("""all empty[*] == 1""", "True")]
    [TestCase("""any empty[*] == 1""", "False")]
    [TestCase("""none empty[*] == 1""", "True")]
    [TestCase("""any missing[*] == 1""", "Unknown")]
    [TestCase("""any meta.labels[*] == "front" """, "True")]
    [TestCase("""any matrix[*][*] == 3 and all matrix[*][*] > 0""", "True")]
    [TestCase("""any alerts[*].severity exists""", "True")]
    [TestCase("""all alerts[*].severity exists""", "False")]
    // Outside the payload.
    [TestCase("""event.config.headers["x-github-event"] == "push" and event.config.method == "POST" """, "True")]
    [TestCase("""event.config.headers["X-GitHub-Event"] == "push" and event.config.headers.X-GitHub-Event exists""", "True")]
    [TestCase("""event.config.query.team == "a" and event.config.content_type starts_with "application/" """, "True")]
    [TestCase("""event.config.source_ip in_network "192.0.2.0/24" """, "True")]
    [TestCase("""event.source_ref == "webhook" """, "True")]
    [TestCase("""event.created == "2026-01-31T12:00:00.000000+00:00" """, "True")]
    // Instants and networks.
    [TestCase("""started after "2026-01-31T11:57:30Z" and started before "2026-01-31T11:57:31Z" """, "True")]
    [TestCase("""started before event.created""", "True")]
    [TestCase("""started within "PT5M" """, "True")]
    [TestCase("""started within "2m" """, "False")]
    [TestCase("""unix as time >= "2026-01-31T11:55:00Z" """, "True")]
    [TestCase("""alerts[*].at within "3m" """, "True")]
    [TestCase("""started as time between "2026-01-31T11:57:30.5Z" and "2026-01-31T12:00:00Z" """, "True")]
    [TestCase("""user.name after "2026-01-31T12:00:00Z" """, "Unknown")]
    [TestCase("""user.ip in_network ["192.168.0.0/16", "10.0.0.0/8"]""", "True")]
    [TestCase("""user.ip in_network "10.1.2.4" """, "False")]
    [TestCase("""user.name in_network "10.0.0.0/8" """, "Unknown")]
    [TestCase("{{ event.payload.total > 500 and event.payload.flag == true }}", "True")]
    public void A_text_comes_to(string text, string expected) => Assert.That(
        RuleConditions.ParseText(text, "expression")
            .Evaluate(new EvaluationContext(Event, Trying.Created, new(EvaluationBudget.MostSteps, CancellationToken.None))).ToString(),
        Is.EqualTo(expected));

    [TestCase("", 0, "is empty")]
    [TestCase("total", 6, "unexpected end")]
    [TestCase("total >", 8, "a value or another path")]
    [TestCase("total > 5 and", 14, "unexpected end")]
    [TestCase("total > 5 total", 11, "unexpected path `total`")]
    [TestCase("(total > 5", 11, "expected `)`")]
    [TestCase("total > 5)", 10, "unexpected `)`")]
    [TestCase("total ~ 5", 7, "a key was expected")]
    [TestCase("total ! 5", 7, "! means nothing")]
    [TestCase("total like 5", 7, "an operator such as ==")]
    [TestCase("a == \"x", 6, "the text is not closed")]
    [TestCase("a == [1, 2", 6, "the list or object is not closed")]
    [TestCase("a == [1 2]", 6, "this is no JSON")]
    [TestCase("a == 01", 6, "this is no number")]
    [TestCase("alerts[ == 1", 7, "the [ is not closed")]
    [TestCase("alerts[x] == 1", 8, "a place such as [0]")]
    [TestCase("$..a == 1", 3, "a part between two dots is empty")]
    [TestCase("b exists and a matches \"(\"", 14, "condition.value")]
    [TestCase("a == \"{{ event.payload.b }}\"", 1, "other_field")]
    [TestCase("a within \"soon\"", 1, "must be a duration")]
    [TestCase("a not between 1 and 2", 15, "between has no form with not")]
    [TestCase("a not greater_than 2", 20, "has no form with not")]
    [TestCase("total as integer > 5", 10, "number, time, text")]
    [TestCase("most alerts[*].status == 1", 6, "an operator such as ==")]
    public void A_text_that_is_none_is_refused_at_its_character(string text, int character, string message)
    {
        var refused = Assert.Throws<RefusedException>(() => RuleConditions.ParseText(text, "conditions.expression"))!;

        Assert.That(refused.Field, Is.EqualTo("conditions.expression"));
        Assert.That(refused.Message, Does.Contain(message));
        Assert.That(refused.Message, character == 0 ? Does.Not.Contain("character") : Does.StartWith(
            $"conditions.expression, character {character}: "));
    }

    [TestCase("user.name", "greater_than", "5", "text, where a number is asked for")]
    [TestCase("total", "starts_with", "\"5\"", "number, where text is asked for")]
    [TestCase("alerts", "greater_than", "5", "list, where a number is asked for")]
    [TestCase("user", "contains", "5", "object, where a list or text is asked for")]
    [TestCase("user.name", "contains", "5", "text, where a list is asked for")]
    [TestCase("flag", "is_empty", "null", "true or false, where text, a list, an object or null is asked for")]
    [TestCase("none", "after", "\"2026-01-31T12:00:00Z\"", "null, where an instant is asked for")]
    [TestCase("user.name", "in_network", "\"10.0.0.0/8\"", "text, where an address is asked for")]
    [TestCase("missing", "equals", "5", "nothing is at this path")]
    public void An_explanation_says_why_a_condition_is_unknown(string field, string name, string value, string reason)
    {
        var conditions = RuleConditions.Parse(
            JsonElement.Parse($$"""[{"field": "{{field}}", "operator": "{{name}}", "value": {{value}}}]"""), ConditionJoin.All);

        var explained = conditions.Explain(Event.Payload)[0];

        Assert.That((explained.Verdict, explained.Reason), Is.EqualTo((Verdict.Unknown, reason)));
    }

    [TestCase("""{"field": "a", "operator": "exists"}""", "all", "a exists", "all")]
    [TestCase("""{"any": [{"field": "a", "operator": "exists"}, {"field": "b", "operator": "exists"}]}""", "all", "a exists or b exists", "any")]
    [TestCase("""{"not": {"field": "a", "operator": "exists"}}""", "any", "not a exists", "all")]
    [TestCase("""{"expression": "a exists or not (b exists and c exists)"}""", "all", "a exists or not (b exists and c exists)", "any")]
    [TestCase("""{"all": [{"any": [{"field": "a", "operator": "exists"}]}, {"field": "b", "operator": "exists"}]}""", "any",
        "a exists and b exists", "all")]
    [TestCase("{}", "any", "", "any")]
    [TestCase("[]", "all", "", "all")]
    public void Every_shape_is_stored_as_an_array_that_is_joined(string conditions, string join, string text, string joined)
    {
        var parsed = RuleConditions.Parse(JsonElement.Parse(conditions), Enum.Parse<ConditionJoin>(join, ignoreCase: true));

        Assert.That(parsed.ToText(), Is.EqualTo(text));
        Assert.That(parsed.JoinedBy.ToString(), Is.EqualTo(joined).IgnoreCase);
        Assert.That(parsed.Stored.ValueKind, Is.EqualTo(JsonValueKind.Array));
    }

    [TestCase("""{"all": [{"not": {"field": "a.b", "operator": "exists"}}, {"field": "not", "operator": "exists"}]}""", "not a.b exists and $.not exists")]
    [TestCase("""[{"field": "0.a", "operator": "exists"}, {"field": "a b", "operator": "exists"}, {"field": "event.type", "operator": "exists"}]""",
        """$.0.a exists and $["a b"] exists and $.event.type exists""")]
    public void A_path_that_could_be_taken_for_something_else_is_written_from_its_root(string conditions, string text) => Assert.That(
        RuleConditions.Parse(JsonElement.Parse(conditions), ConditionJoin.All).ToText(), Is.EqualTo(text));

    [Test]
    public void Text_of_any_depth_is_read_or_refused_and_nothing_else()
    {
        var deep = $"{new string('(', 9_000)}a exists{new string(')', 9_000)}";
        var denied = $"{string.Concat(Enumerable.Repeat("not ", 4_500))}a exists";

        Assert.That(() => RuleConditions.ParseText(deep, "expression"), Throws.TypeOf<RefusedException>());
        Assert.That(() => RuleConditions.ParseText(denied, "expression"), Throws.TypeOf<RefusedException>());
    }

    [Test]
    public void Conditions_that_are_too_dear_are_given_up()
    {
        var items = string.Join(',', Enumerable.Range(0, 95_000).Select(number => $$"""{"n": {{number}}}"""));
        var many = string.Join(',', Enumerable.Repeat("""{"field": "list", "operator": "contains", "value": {"n": -1}}""", 100));
        var conditions = RuleConditions.Parse(JsonElement.Parse($"[{many}]"), ConditionJoin.Any);
        var payload = JsonElement.Parse($$"""{"list": [{{items}}]}""");

        Assert.That(() => conditions.Try(payload), Throws.TypeOf<BudgetExceededException>());
        Assert.That(conditions.Explain(payload), Has.Count.EqualTo(100));
    }
}
