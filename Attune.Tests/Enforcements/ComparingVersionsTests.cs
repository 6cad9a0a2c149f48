using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class ComparingVersionsTests
{
    [TestCase("1", "1.0", "")]
    [TestCase("1", "2", "x Changed 1 2")]
    [TestCase("\"1\"", "1", "x Changed \"1\" 1")]
    [TestCase("null", "{}", "x Changed null {}")]
    [TestCase("""{"a": 1, "b": {"c": 2}}""", """{"b": {"c": 3}, "a": 1}""", "x.b.c Changed 2 3")]
    [TestCase("""{"a": 1}""", """{"b": 1}""", "x.a Removed 1 -|x.b Added - 1")]
    [TestCase("""{"a": null}""", """{}""", "x.a Removed null -")]
    [TestCase("[1, 2, 3]", "[0, 1, 2, 3]", "x[0] Added - 0")]
    [TestCase("[1, 2, 3]", "[1, 3]", "x[1] Removed 2 -")]
    [TestCase("[1, 1]", "[1, 1, 1]", "x[2] Added - 1")]
    [TestCase("[]", "[1]", "x[0] Added - 1")]
    [TestCase("""[{"field": "a", "value": 1}, 5]""", """[{"field": "a", "value": 2}, 5]""", "x[0].value Changed 1 2")]
    [TestCase("[[1, 2]]", "[[1, 3]]", "x[0][1] Changed 2 3")]
    public void Values_differ_where(string from, string to, string expected) => Assert.That(
        string.Join('|', JsonDifference.Of("x", JsonElement.Parse(from), JsonElement.Parse(to)).Select(Spelled)),
        Is.EqualTo(expected));

    [Test]
    public void A_version_says_what_it_changed_and_the_first_one_all_of_it()
    {
        var first = new RuleVersion
        {
            Rule = 1, Version = 1, RuleRef = "a.rule", TriggerRef = "a.trigger", TriggerParams = Parsed("{}"),
            Condition = ConditionJoin.All,
            Conditions = Parsed("""[{"field": "kind", "operator": "equals", "value": 1}]"""), ActionRef = "core.echo",
            ActionParams = Parsed("{}"), Created = DateTimeOffset.UnixEpoch,
        };
        var second = first with
        {
            Version = 2, Condition = ConditionJoin.Any, Conditions = Parsed("""[{"field": "kind", "operator": "equals", "value": 2}]"""),
        };

        Assert.That(second.ChangesSince(first).Select(Spelled), Is.EqualTo(
            (string[])["condition Changed \"all\" \"any\"", "conditions[0].value Changed 1 2"]));
        Assert.That(first.ChangesSince(first), Is.Empty);
        Assert.That(first.ChangesSince(null).Select(change => (change.Field, change.Kind)), Is.EqualTo(new[]
        {
            "trigger_ref", "trigger_params", "condition", "conditions", "action_ref", "action_params",
        }.Select(field => (field, ChangeKind.Added))));
    }

    private static string Spelled(FieldChange change) =>
        $"{change.Field} {change.Kind} {change.From?.GetRawText() ?? "-"} {change.To?.GetRawText() ?? "-"}";

    private static JsonElement Parsed(string json) => JsonElement.Parse(json);
}
