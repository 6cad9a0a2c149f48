using System.Collections.Concurrent;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using CsCheck;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>Whole trees of conditions: what they come to, and their text form.</summary>
[TestFixture]
public sealed class LanguageProperties
{
    private const int Enough = 100_000;

    [Test]
    public void The_evaluator_and_the_explanation_say_of_trees_what_the_description_says()
    {
        var met = new ConcurrentDictionary<(string Operator, Verdict Verdict), int>();

        Trees.All.Sample(pair =>
        {
            var payload = JsonElement.Parse(pair.Payload.Json);
            var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Tree.Json), ConditionJoin.All);
            var explained = conditions.Explain(payload);
            foreach (var leaf in Leaves(explained))
            {
                met.AddOrUpdate((leaf.Operator!, leaf.Verdict), 1, (_, count) => count + 1);
                if (leaf.Verdict == Verdict.Unknown && leaf.Reason is null && leaf.Quantifier is null)
                {
                    return false;
                }
            }

            var expected = NaiveLanguage.Evaluate(pair.Tree, pair.Payload) switch
            {
                true => Verdict.True,
                false => Verdict.False,
                null => Verdict.Unknown,
            };
            return conditions.Try(payload) == expected && conditions.Join(explained) == expected && InTwoSteps(conditions, payload) == expected;
        }, iter: Enough, print: pair => pair.ToString());

        // Pairs that never meet would prove nothing.
        foreach (var name in ConditionOperators.Names.Split(", "))
        {
            Assert.That(met.GetValueOrDefault((name, Verdict.True)), Is.GreaterThan(Enough / 5000), $"{name} came to true");
            Assert.That(met.GetValueOrDefault((name, Verdict.False)), Is.GreaterThan(Enough / 5000), $"{name} came to false");
        }
    }

    [Test]
    public void Conditions_come_back_from_their_text_form_as_they_were() => Trees.All.Sample(pair =>
    {
        var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Tree.Json), ConditionJoin.All);
        var text = conditions.ToText();

        var read = RuleConditions.ParseText(text, "expression");

        return read.JoinedBy == conditions.JoinedBy && read.ToText() == text && Bare(read).SequenceEqual(Bare(conditions));
    }, iter: 20_000, print: pair => pair.Tree.Json);

    [Test]
    public void Conditions_come_back_from_what_is_stored_as_they_were() => Trees.All.Sample(pair =>
    {
        var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Tree.Json), ConditionJoin.All);

        var read = RuleConditions.Parse(conditions.Stored, conditions.JoinedBy);

        return read.ToText() == conditions.ToText() && JsonValues.AreEqual(read.Stored, conditions.Stored);
    }, iter: 10_000, print: pair => pair.Tree.Json);

    // As the engine does it: first without the event's instant, then with it.
    private static Verdict InTwoSteps(RuleConditions conditions, JsonElement payload)
    {
        var facts = new Attune.Modules.Enforcements.Rules.Evaluation.EventFacts { TriggerRef = "core.test", Payload = payload };
        var known = conditions.NewKnown();
        return conditions.Evaluate(new EvaluationContext(facts, null, new(1_000_000, CancellationToken.None)) { Known = known })
            ?? conditions.Evaluate(new EvaluationContext(facts, Trying.Created, new(1_000_000, CancellationToken.None)) { Known = known })
            ?? throw new InvalidOperationException("The event has an instant.");
    }

    private static IEnumerable<ExplainedCondition> Leaves(IEnumerable<ExplainedCondition> conditions) =>
        conditions.SelectMany(one => one.Conditions is { } inside ? Leaves(inside) : [one]);

    // What a condition says, whatever the spelling of its paths.
    private static IEnumerable<string> Bare(RuleConditions conditions) => conditions.Items.SelectMany(item => item.Leaves).Select(leaf =>
        $"{leaf.Text.Field.FullText} {leaf.Text.Operator.Name} {(leaf.Text.Value is { } value ? RenderedJson.Text(value.WriteTo) : "")} {leaf.Text.Other?.FullText} "
        + $"{leaf.Text.IgnoreCase} {leaf.Text.Cast} {leaf.Text.Quantifier}");
}
