using System.Collections.Concurrent;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using CsCheck;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>The evaluator beside another one that was written independently, on random conditions and payloads.</summary>
[TestFixture]
public sealed class ConditionProperties
{
    private const int Enough = 100_000;

    private static readonly string[] AlwaysKnown = ["exists", "not_exists"];

    [Test]
    public void The_evaluator_and_the_explanation_say_what_the_description_says()
    {
        var met = new ConcurrentDictionary<(string Operator, Verdict Verdict), int>();

        Pairs.All.Sample(pair =>
        {
            var payload = pair.Payload is { } node ? JsonElement.Parse(node.Json) : (JsonElement?)null;
            var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Json), pair.IsAny ? ConditionJoin.Any : ConditionJoin.All);
            var explained = conditions.Explain(payload);
            foreach (var one in explained)
            {
                met.AddOrUpdate((one.Operator!, one.Verdict), 1, (_, count) => count + 1);
            }

            var expected = Of(NaiveEvaluator.Evaluate(pair));
            return conditions.Try(payload) == expected
                && conditions.Join(explained) == expected
                && explained.Select(one => one.Verdict).SequenceEqual(
                    pair.Conditions.Select(one => Of(NaiveEvaluator.Evaluate(one, pair.Payload))))
                && conditions.OnlyObstacle(Trying.Context(payload)) == OnlyObstacle(pair);
        }, iter: Enough, print: pair => pair.ToString());

        // Pairs that never meet would prove nothing.
        foreach (var (name, verdict) in Pairs.Operators.SelectMany(name => Enum.GetValues<Verdict>().Select(verdict => (name, verdict))))
        {
            if (verdict != Verdict.Unknown || !AlwaysKnown.Contains(name))
            {
                Assert.That(met.GetValueOrDefault((name, verdict)), Is.GreaterThan(Enough / 100), $"{name} came to {verdict}");
            }
        }
    }

    private static int? OnlyObstacle(Pair pair)
    {
        var others = pair.Conditions.Select((one, index) => (Verdict: NaiveEvaluator.Evaluate(one, pair.Payload), index))
            .Where(one => one.Verdict is not true)
            .ToList();
        return !pair.IsAny && pair.Conditions.Count > 1 && others is [var only] ? only.index : null;
    }

    private static Verdict Of(bool? verdict) => verdict switch { true => Verdict.True, false => Verdict.False, null => Verdict.Unknown };
}
