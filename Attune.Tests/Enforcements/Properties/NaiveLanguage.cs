using System.Globalization;
using System.Numerics;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>What the language means, written down a second time: groups, quantifiers, casts and the operators that the first half lacks.</summary>
internal static class NaiveLanguage
{
    public static bool? Evaluate(Tree tree, Node payload) => tree switch
    {
        Tree.Group group => Joined(group.IsAny, group.Items.Select(item => Evaluate(item, payload)).ToList()),
        Tree.Not not => !Evaluate(not.Item, payload),
        Tree.Leaf leaf => Evaluate(leaf, payload),
        _ => throw new InvalidOperationException(),
    };

    private static bool? Joined(bool isAny, List<bool?> verdicts) => isAny
        ? verdicts.Contains(true) ? true : verdicts.Contains(null) ? null : false
        : verdicts.Contains(false) ? false : verdicts.Contains(null) ? null : true;

    private static bool? Evaluate(Tree.Leaf leaf, Node payload)
    {
        var expected = leaf.Other is null ? leaf.Expected : All(payload, leaf.Other)[0];
        var verdicts = All(payload, leaf.Path).Select(actual => Test(leaf, actual, expected)).ToList();
        return leaf.Quantifier switch
        {
            "all" => Joined(false, verdicts),
            "none" => !Joined(true, verdicts),
            _ => Joined(true, verdicts),
        };
    }

    // Each place that the path leads to; null where nothing is.
    private static List<Node?> All(Node? at, IEnumerable<Step> path)
    {
        var places = new List<Node?> { at };
        foreach (var step in path)
        {
            places = [.. places.SelectMany(place => Next(place, step))];
        }

        return places;
    }

    private static IEnumerable<Node?> Next(Node? at, Step step) => (at, step) switch
    {
        (null, _) => [null],
        (ListNode list, Step.Each) => list.Items,
        (ObjectNode group, Step.Each) => group.Members.Select(member => member.Key).Distinct().Select(key => Member(group, key)),
        (_, Step.Each) => [null],
        (ObjectNode group, Step.Name name) => [Member(group, name.Key)],
        (ObjectNode group, Step.Quoted quoted) => [Member(group, quoted.Key)],
        (ListNode list, Step.Index index) => [list.Items.ElementAtOrDefault(index.At)],
        (ListNode list, Step.Name name) when name.Key.All(char.IsAsciiDigit) => [list.Items.ElementAtOrDefault(int.Parse(name.Key, CultureInfo.InvariantCulture))],
        _ => [null],
    };

    private static Node? Member(ObjectNode group, string key) => group.Members.LastOrDefault(member => member.Key == key).Value;

    private static bool? Test(Tree.Leaf leaf, Node? actual, Node? expected)
    {
        switch (leaf.Operator)
        {
            case "exists":
                return actual is not null;
            case "not_exists":
                return actual is null;
        }

        if (actual is null || (leaf.Other is not null && expected is null))
        {
            return null;
        }

        if (leaf.Operator.StartsWith("not_", StringComparison.Ordinal))
        {
            return !Test(leaf with { Operator = leaf.Operator[4..] }, actual, expected);
        }

        if (leaf.As is { } cast)
        {
            actual = Cast(actual, cast);
            expected = expected is ListNode list && leaf.Other is null
                ? new ListNode([.. list.Items.Select(item => Cast(item, cast)!)]) : Cast(expected!, cast);
            if (actual is null || expected is null)
            {
                return null;
            }
        }

        return Known(leaf, actual, expected);
    }

    private static bool? Known(Tree.Leaf leaf, Node actual, Node? expected)
    {
        switch (leaf.Operator)
        {
            case "is_empty":
                return actual switch
                {
                    NullNode => true,
                    TextNode text => text.Value.Length == 0,
                    ListNode list => list.Items.Count == 0,
                    ObjectNode group => group.Members.Count == 0,
                    _ => null,
                };
            case "between":
                var (least, greatest) = (((ListNode)expected!).Items[0], ((ListNode)expected).Items[1]);
                return Plain("greater_or_equal", actual, least) == false ? false
                    : Plain("less_or_equal", actual, greatest) is { } below && Plain("greater_or_equal", actual, least) is { } above
                        ? below && above : null;
            case "before" or "after":
                return Instant(actual) is { } one && Instant(expected!) is { } other
                    ? leaf.Operator == "before" ? one < other : one > other : null;
            case "within":
                return Instant(actual) is { } at
                    ? BigInteger.Abs(at - Readings.Created) <= Readings.Durations[((TextNode)expected!).Value] : null;
            case "in_network":
                return actual is TextNode address && Readings.Addresses.TryGetValue(address.Value, out var number)
                    ? IsIn(number, Readings.Networks[((TextNode)expected!).Value]) : null;
            case "in" when expected is not ListNode:
                return null;
            case "starts_with" or "ends_with" when expected is not TextNode:
                return null;
            default:
                return leaf.IgnoreCase
                    ? Plain(leaf.Operator, LowerItems(leaf, actual, "contains"), LowerItems(leaf, expected!, "in"))
                    : Plain(leaf.Operator, actual, expected!);
        }
    }

    private static bool? Plain(string name, Node actual, Node expected) =>
        NaiveEvaluator.Evaluate(new ConditionNode("", [], name, expected), actual);

    private static bool IsIn((int Bits, BigInteger Number) address, (int Bits, BigInteger Number, int Prefix) network) =>
        address.Bits == network.Bits
        && address.Number >> (network.Bits - network.Prefix) == network.Number >> (network.Bits - network.Prefix);

    // Only texts that are compared themselves, or as items of a list, are compared without their case.
    private static Node Lower(Node node) => node switch
    {
        TextNode text => new TextNode(text.Value.ToUpperInvariant()),
        _ => node,
    };

    private static Node LowerItems(Tree.Leaf leaf, Node node, string listed) =>
        leaf.Operator == listed && node is ListNode list ? new ListNode([.. list.Items.Select(Lower)]) : Lower(node);

    private static BigInteger? Instant(Node node) => node switch
    {
        TextNode text when Readings.Instants.TryGetValue(text.Value, out var microseconds) => microseconds,
        NumberNode number => Scaled(number, Scaled(number, 0) is { } whole && BigInteger.Abs(whole) >= 100_000_000_000 ? 3 : 6),
        _ => null,
    };

    // The numbers of these trees come out whole in microseconds.
    private static BigInteger Scaled(NumberNode number, int power) => number.Power + power >= 0
        ? number.Digits * BigInteger.Pow(10, number.Power + power)
        : number.Digits / BigInteger.Pow(10, -number.Power - power);

    private static Node? Cast(Node node, string cast) => (cast, node) switch
    {
        ("number", NumberNode) => node,
        ("number", TextNode text) => Readings.Numbers.GetValueOrDefault(text.Value),
        ("time", _) => Instant(node) is { } at ? new NumberNode(at, -6, 0) : null,
        ("text", TextNode) => node,
        ("text", NumberNode number) => new TextNode(Written(number)),
        ("text", TruthNode truth) => new TextNode(truth.Value ? "true" : "false"),
        _ => null,
    };

    private static string Written(NumberNode number)
    {
        var text = (number with { Spelling = 0 }).Json;
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }
}
