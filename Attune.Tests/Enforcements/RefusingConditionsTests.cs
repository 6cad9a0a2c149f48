using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Conditions;

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
    [TestCase("""[{"field": "a", "operator": "exists"}, {"field": "b", "operator": "exists"}, {"field": "c", "operator": "?"}]""", "conditions[2].operator")]
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
    public void What_is_no_condition_is_refused_and_the_place_is_named(string conditions, string field)
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
