using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Search;
using Attune.Tests.Enforcements.Properties;
using CsCheck;
using Dapper;

namespace Attune.Tests.Search;

/// <summary>What a search finds is what conditions hold for, asked of each stored row by an evaluator that was written independently.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SearchProperties(DatabaseEngine engine) : SearchTest(engine)
{
    private const int Rows = 400;
    private const int Searches = 250;

    [Test]
    public async Task A_search_finds_what_the_naive_evaluator_passes_of_flat_conditions()
    {
        var pairs = Pairs.All.Array[20 * Searches].Single();
        var payloads = pairs.Select(pair => pair.Payload).OfType<Node>().Where(IsStorable).Take(Rows).ToList();
        var stored = await WriteAsync("search.pairs", payloads);

        // Half of them are such that the database tells most rows apart.
        var asked = pairs.Where(pair => pair.Conditions.Count > 0).Select(pair => (Pair: pair, Conditions: Of(pair))).ToList();
        var narrowed = asked.Where(one => NecessaryPayload.Of(one.Conditions).Count > 0).Take(Searches / 2).ToList();
        Assert.That(narrowed, Has.Count.GreaterThan(Searches / 4));

        foreach (var (pair, conditions) in asked.Take(Searches / 2).Concat(narrowed))
        {
            var found = await SearchAsync(conditions.ToText(), new() { TriggerRef = "search.pairs" });

            Assert.That(
                found.Hits.Select(hit => hit.Id).Order(),
                Is.EqualTo(stored.Where(row => NaiveEvaluator.Evaluate(pair with { Payload = row.Payload }) == true).Select(row => row.Id).Order()),
                $"{conditions.ToText()} of {pair}");
            Assert.That(found.Progress.Rows, Is.EqualTo(stored.Count));
        }
    }

    [Test]
    public async Task A_search_finds_what_the_naive_evaluator_passes_of_trees()
    {
        var pairs = Trees.All.Where(pair => !HasWithin(pair.Tree)).Array[Rows].Single();
        var stored = await WriteAsync("search.trees", [.. pairs.Select(pair => pair.Payload).Where(IsStorable)]);
        var found = 0;

        foreach (var pair in pairs.Take(Searches))
        {
            var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Tree.Json), ConditionJoin.All);

            var outcome = await SearchAsync(conditions.ToText(), new() { TriggerRef = "search.trees" });

            Assert.That(
                outcome.Hits.Select(hit => hit.Id).Order(),
                Is.EqualTo(stored.Where(row => NaiveLanguage.Evaluate(pair.Tree, row.Payload) == true).Select(row => row.Id).Order()),
                pair.Tree.Json);
            found += outcome.Hits.Count;
        }

        Assert.That(found, Is.GreaterThan(Searches), "rows found by all searches together");
    }

    [Test]
    public async Task Conditions_that_hold_have_what_is_necessary_in_the_payload()
    {
        var asked = 0;
        foreach (var pair in Pairs.All.Array[60_000].Single())
        {
            var conditions = Of(pair);
            if (pair.Payload is not { } payload || !IsStorable(payload) || NecessaryPayload.Of(conditions) is not { Count: > 0 } necessary
                || NaiveEvaluator.Evaluate(pair) != true)
            {
                continue;
            }

            asked++;
            await using var connection = await Database.OpenConnectionAsync(Cancellation);
            Assert.That(
                await connection.ExecuteScalarAsync<bool>(
                    "SELECT @payload::jsonb @> ALL (@necessary::text[]::jsonb[])", new { payload = payload.Json, necessary = necessary.ToArray() }),
                Is.True, pair.ToString());
        }

        Assert.That(asked, Is.GreaterThan(20));
    }

    private static RuleConditions Of(Pair pair) =>
        RuleConditions.Parse(JsonElement.Parse(pair.Json), pair.IsAny ? ConditionJoin.Any : ConditionJoin.All);

    private static bool HasWithin(Tree tree) => tree switch
    {
        Tree.Group group => group.Items.Any(HasWithin),
        Tree.Not not => HasWithin(not.Item),
        _ => tree is Tree.Leaf { Operator: "within" },
    };

    private static bool IsStorable(Node node) => node.Json.Length < 4_000;

    private async Task<IReadOnlyList<(long Id, Node Payload)>> WriteAsync(string trigger, IReadOnlyList<Node> payloads)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        var ids = (await connection.QueryAsync<long>(
            """
            INSERT INTO event (trigger_ref, payload, created)
            SELECT @trigger, payload::jsonb, now() - number * INTERVAL '11 minutes'
              FROM unnest(@payloads) WITH ORDINALITY AS given(payload, number)
            RETURNING id
            """,
            new { trigger, payloads = payloads.Select(payload => payload.Json).ToArray() })).ToList();
        return [.. ids.Zip(payloads)];
    }
}
