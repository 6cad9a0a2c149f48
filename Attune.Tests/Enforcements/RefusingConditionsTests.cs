using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class RefusingConditionsTests
{
    [TestCase("""{}""", "conditions")]
    [TestCase("""{"field": "a", "operator": "equals", "value": 1}""", "conditions")]
    [TestCase("""{"expression": "event.payload.a == 1"}""", "conditions")]
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
    public void Conditions_that_are_none_are_refused_and_the_place_is_named(string conditions, string field)
    {
        var refused = Assert.Throws<RefusedException>(() => RuleConditions.Parse(JsonElement.Parse(conditions), ConditionJoin.All))!;

        Assert.That(refused.Field, Is.EqualTo(field));
        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Invalid));
        Assert.That(refused.Message, Does.StartWith(field));
    }

    [TestCase("(a.{0,10}){0,10}zz")]
    [TestCase("(a.{0,40}){0,40}zz")]
    [TestCase("(a.{0,30})*zz$")]
    [TestCase(@"([^,]{0,20},?){0,20};$")]
    [TestCase(@"(\\w{1,20}\\s?){1,20};$")]
    public void A_pattern_whose_states_would_fill_the_memory_is_refused(string pattern)
    {
        var refused = Assert.Throws<RefusedException>(() => Try(pattern))!;

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "conditions[0].value")));
    }

    [TestCase("^refs/heads/(main|release/.*)$")]
    [TestCase("^(a+)+$")]
    [TestCase(@"\\b(error|fail)\\b.{0,100}\\btimeout\\b")]
    [TestCase(@"[\\w.]{1,64}@[\\w.]{1,255}\\.com")]
    [TestCase("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\\\.){1,8}[a-z]{2,63}$")]
    [TestCase("a.{0,100}b.{0,100}c.{0,100}zz")]
    [TestCase("^[A-Za-z0-9+/]{1,1000}={0,2}$")]
    [TestCase(@"(\\w+\\s?){100}$")]
    public void A_pattern_that_only_looks_costly_is_taken(string pattern) => Assert.That(() => Try(pattern), Throws.Nothing);

    private static void Try(string pattern) => PatternTrial.Check(RuleConditions.Parse(
        JsonElement.Parse($$"""[{"field": "a", "operator": "matches", "value": "{{pattern}}"}]"""), ConditionJoin.All));

    [Test]
    public void A_message_lists_the_operators_that_there_are()
    {
        var refused = Assert.Throws<RefusedException>(() => RuleConditions.Parse(
            JsonElement.Parse("""[{"field": "a", "operator": "is"}]"""), ConditionJoin.All))!;

        Assert.That(refused.Message, Does.Contain("equals, not_equals, contains").And.Contain("not_exists"));
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
