using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class RefusingConditionsTests
{
    [TestCase("\"always\"", "conditions")]
    [TestCase("null", "conditions")]
    [TestCase("[1]", "conditions[0]")]
    [TestCase("[[]]", "conditions[0]")]
    [TestCase("[{}]", "conditions[0].field")]
    [TestCase("""[{"field": 1, "operator": "exists"}]""", "conditions[0].field")]
    [TestCase("""[{"field": "", "operator": "exists"}]""", "conditions[0].field")]
    [TestCase("""[{"field": "a..b", "operator": "exists"}]""", "conditions[0].field")]
    [TestCase("""[{"field": ".a", "operator": "exists"}]""", "conditions[0].field")]
    [TestCase("""[{"field": "event.payload.", "operator": "exists"}]""", "conditions[0].field")]
    [TestCase("""[{"field": "a"}]""", "conditions[0].operator")]
    [TestCase("""[{"field": "a", "operator": "like", "value": 1}]""", "conditions[0].operator")]
    [TestCase("""[{"field": "a", "operator": "EQUALS", "value": 1}]""", "conditions[0].operator")]
    [TestCase("""[{"field": "a", "operator": 1, "value": 1}]""", "conditions[0].operator")]
    [TestCase("""[{"field": "a", "operator": "exists"}, {"field": "b", "operator": "exists"}, {"field": "c", "operator": "?"}]""",
        "conditions[2].operator")]
    [TestCase("""[{"field": "a", "operator": "equals"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "starts_with", "value": 1}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "greater_than", "value": true}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "less_than", "value": null}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "in", "value": "abc"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "exists", "value": false}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "matches", "value": "("}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "matches", "value": "(a)\\1"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "matches", "value": "(?<=a)b"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "matches", "value": "((a{100}){100}){100}"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "exists", "negate": true}]""", "conditions[0].negate")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": "\u0000"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": "\ud800"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": 1e999999}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a\u0000", "operator": "exists"}]""", "conditions[0].field")]
    [TestCase("""{"when": 1}""", "conditions.when")]
    [TestCase("""{"all": []}""", "conditions.all")]
    [TestCase("""{"any": 1}""", "conditions.any")]
    [TestCase("""{"not": []}""", "conditions.not")]
    [TestCase("""{"all": [{"field": "a", "operator": "exists"}], "any": []}""", "conditions.any")]
    [TestCase("""{"all": [{"any": [{"not": {"field": "a", "operator": "is"}}]}]}""", "conditions.all[0].any[0].not.operator")]
    [TestCase("""[{"all": [{"field": "a", "operator": "exists"}], "field": "b"}]""", "conditions[0].field")]
    [TestCase("""{"expression": 1}""", "conditions.expression")]
    [TestCase("""{"expression": "a == 1", "all": []}""", "conditions.expression")]
    [TestCase("""{"field": "a", "operator": "exists", "value": true, "other_field": "b"}""", "conditions.other_field")]
    [TestCase("""[{"field": "a", "operator": "matches", "other_field": "b"}]""", "conditions[0].other_field")]
    [TestCase("""[{"field": "a", "operator": "equals", "other_field": "b[*]"}]""", "conditions[0].other_field")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": 1, "other_field": "b"}]""", "conditions[0].other_field")]
    [TestCase("""[{"field": "a", "operator": "greater_than", "value": 1, "ignore_case": true}]""", "conditions[0].ignore_case")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": 1, "ignore_case": "yes"}]""", "conditions[0].ignore_case")]
    [TestCase("""[{"field": "a", "operator": "contains", "value": 1, "as": "number"}]""", "conditions[0].as")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": 1, "as": "integer"}]""", "conditions[0].as")]
    [TestCase("""[{"field": "a", "operator": "greater_than", "value": "x", "as": "number"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "greater_than", "value": "2026-02-30T00:00:00Z", "as": "time"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": 1, "quantifier": "all"}]""", "conditions[0].quantifier")]
    [TestCase("""[{"field": "a[*]", "operator": "equals", "value": 1, "quantifier": "most"}]""", "conditions[0].quantifier")]
    [TestCase("""[{"field": "a", "operator": "between", "value": [1]}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "between", "value": [2, 1]}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "between", "value": [1, "2"]}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "before", "value": "yesterday"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "within", "value": "P1Y"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "within", "value": "PT"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "in_network", "value": "10.0.0.1/8"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "in_network", "value": []}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "in_network", "value": "010.0.0.1"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "equals", "value": "{{ event.payload.b }}"}]""", "conditions[0].value")]
    [TestCase("""[{"field": "a", "operator": "in", "value": ["x", {"y": "{{ z }}"}]}]""", "conditions[0].value[1].y")]
    public void Conditions_that_are_none_are_refused_and_the_place_is_named(string conditions, string field)
    {
        var refused = Assert.Throws<RefusedException>(() => RuleConditions.Parse(JsonElement.Parse(conditions), ConditionJoin.All))!;

        Assert.That(refused.Field, Is.EqualTo(field));
        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Invalid));
        Assert.That(refused.Message, Does.StartWith(field));
    }

    [Test]
    public void A_message_lists_the_operators_that_there_are()
    {
        var refused = Assert.Throws<RefusedException>(() => RuleConditions.Parse(
            JsonElement.Parse("""[{"field": "a", "operator": "is"}]"""), ConditionJoin.All))!;

        Assert.That(refused.Message, Does.Contain("equals, not_equals, contains").And.Contain("not_exists"));
    }

    [TestCase("alerts[", "character 7")]
    [TestCase("$..a", "character 3")]
    [TestCase("a..b", "character 3")]
    [TestCase("a.", "character 3")]
    [TestCase(".a", "character 1")]
    [TestCase("a[-1]", "character 3")]
    [TestCase("a[1:2]", "character 3")]
    [TestCase("a[]", "character 3")]
    [TestCase("a[?(@.x)]", "character 3")]
    [TestCase("a[0", "character 2")]
    [TestCase("a]", "character 2")]
    [TestCase("a[\"b]", "character 3")]
    [TestCase("a[\"b\"x]", "character 6")]
    [TestCase("a['\\q']", "character 3")]
    [TestCase("a[0]b", "character 5")]
    [TestCase("alerts.*.status", "character 8")]
    [TestCase("{{ event.payload.a }}", "character 1")]
    [TestCase("a | upcase", "character 3")]
    [TestCase("/a/b", "character 1")]
    [TestCase("a.length()", "character 9")]
    [TestCase("a?.b", "character 2")]
    [TestCase("a ", "character 1")]
    [TestCase("event.created.year", "character 14")]
    [TestCase("event.payloads..x", "character 16")]
    [TestCase("a[*][*][*][*]", "character 14")]
    public void A_path_that_looks_like_another_language_is_refused_at_its_character(string field, string character)
    {
        var refused = Assert.Throws<RefusedException>(() => RuleConditions.Parse(
            JsonElement.Parse($$"""[{"field": {{JsonSerializer.Serialize(field)}}, "operator": "exists"}]"""), ConditionJoin.All))!;

        Assert.That(refused.Field, Is.EqualTo("conditions[0].field"));
        Assert.That(refused.Message, Does.Contain($"at {character} of "));
    }

    [Test]
    public void Groups_in_too_many_groups_are_refused()
    {
        var conditions = """{"field": "a", "operator": "exists"}""";
        for (var depth = 0; depth <= RuleConditions.MostDepth; depth++)
        {
            conditions = $$"""{"not": {{conditions}}}""";
        }

        Assert.That(() => RuleConditions.Parse(JsonElement.Parse(conditions), ConditionJoin.All), Throws.TypeOf<RefusedException>());
    }

    [Test]
    public void Too_many_conditions_are_refused()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"field": "a", "operator": "exists"}""", RuleConditions.MostConditions + 1));

        var refused = Assert.Throws<RefusedException>(() => RuleConditions.Parse(JsonElement.Parse($"[{many}]"), ConditionJoin.All))!;

        Assert.That(refused.Field, Is.EqualTo("conditions"));
    }

    [Test]
    public void A_value_nested_too_deep_is_refused()
    {
        var deep = new string('[', 60) + new string(']', 60);
        var conditions = JsonElement.Parse($$"""[{"field": "a", "operator": "equals", "value": {{deep}}}]""");

        Assert.That(() => RuleConditions.Parse(conditions, ConditionJoin.All), Throws.TypeOf<RefusedException>());
    }
}
