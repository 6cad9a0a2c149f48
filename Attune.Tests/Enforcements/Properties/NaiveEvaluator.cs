using System.Globalization;
using System.Numerics;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>
/// What conditions mean, written down a second time from the description and as plainly as can be: no JSON, no short cuts,
/// true, false or null for unknown.
/// </summary>
internal static class NaiveEvaluator
{
    public static bool? Evaluate(Pair pair)
    {
        var verdicts = pair.Conditions.Select(condition => Evaluate(condition, pair.Payload)).ToList();
        if (verdicts.Count == 0)
        {
            return true;
        }

        if (pair.IsAny)
        {
            return verdicts.Contains(true) ? true : verdicts.Contains(null) ? null : false;
        }

        return verdicts.Contains(false) ? false : verdicts.Contains(null) ? null : true;
    }

    public static bool? Evaluate(ConditionNode condition, Node? payload)
    {
        var actual = Find(payload, condition.Path);
        switch (condition.Operator)
        {
            case "exists":
                return actual is not null;
            case "not_exists":
                return actual is null;
        }

        if (actual is null)
        {
            return null;
        }

        var expected = condition.Expected!;
        return condition.Operator switch
        {
            "equals" => Same(actual, expected),
            "not_equals" => !Same(actual, expected),
            "contains" => Contains(actual, expected),
            "not_contains" => !Contains(actual, expected),
            "starts_with" => actual is TextNode text ? Starts(text.Value, ((TextNode)expected).Value) : null,
            "ends_with" => actual is TextNode text ? Starts(Reversed(text.Value), Reversed(((TextNode)expected).Value)) : null,
            "matches" => actual is TextNode text ? Patterns.All[((TextNode)expected).Value](text.Value) : null,
            "greater_than" => Order(actual, expected) is { } order ? order > 0 : null,
            "greater_or_equal" => Order(actual, expected) is { } order ? order >= 0 : null,
            "less_than" => Order(actual, expected) is { } order ? order < 0 : null,
            "less_or_equal" => Order(actual, expected) is { } order ? order <= 0 : null,
            "in" => ((ListNode)expected).Items.Any(item => Same(item, actual)),
            "not_in" => !((ListNode)expected).Items.Any(item => Same(item, actual)),
            var other => throw new InvalidOperationException(other),
        };
    }

    public static Node? Find(Node? at, IReadOnlyList<string> path)
    {
        foreach (var part in path)
        {
            at = at switch
            {
                ObjectNode group => group.Members.LastOrDefault(member => member.Key == part).Value,
                ListNode list when part.All(char.IsAsciiDigit) && Place(part) < list.Items.Count => list.Items[(int)Place(part)],
                _ => null,
            };
        }

        return at;
    }

    private static BigInteger Place(string part) => BigInteger.Parse(part, CultureInfo.InvariantCulture);

    private static bool? Contains(Node actual, Node expected) => (actual, expected) switch
    {
        (ListNode list, _) => list.Items.Any(item => Same(item, expected)),
        (TextNode whole, TextNode part) => Enumerable.Range(0, whole.Value.Length + 1).Any(at => Starts(whole.Value[at..], part.Value)),
        _ => null,
    };

    private static bool Same(Node left, Node right) => (left, right) switch
    {
        (NullNode, NullNode) => true,
        (TruthNode one, TruthNode other) => one.Value == other.Value,
        (TextNode one, TextNode other) => Order(one.Value, other.Value) == 0,
        (NumberNode one, NumberNode other) => Order(one, other) == 0,
        (ListNode one, ListNode other) =>
            one.Items.Count == other.Items.Count && Enumerable.Range(0, one.Items.Count).All(at => Same(one.Items[at], other.Items[at])),
        (ObjectNode one, ObjectNode other) =>
            Keys(one).SetEquals(Keys(other)) && Keys(one).All(key => Same(Find(one, [key])!, Find(other, [key])!)),
        _ => false,
    };

    private static HashSet<string> Keys(ObjectNode group) => [.. group.Members.Select(member => member.Key)];

    private static int? Order(Node left, Node right) => (left, right) switch
    {
        (NumberNode one, NumberNode other) => Order(one, other),
        (TextNode one, TextNode other) => Order(one.Value, other.Value),
        _ => null,
    };

    private static int Order(NumberNode left, NumberNode right)
    {
        var power = Math.Min(left.Power, right.Power);
        var one = left.Digits * BigInteger.Pow(10, left.Power - power);
        var other = right.Digits * BigInteger.Pow(10, right.Power - power);
        return one.CompareTo(other);
    }

    // By the numbers of the characters, one after another.
    private static int Order(string left, string right)
    {
        for (var at = 0; at < left.Length && at < right.Length; at++)
        {
            if (left[at] != right[at])
            {
                return left[at] - right[at];
            }
        }

        return left.Length - right.Length;
    }

    private static bool Starts(string whole, string part) =>
        part.Length <= whole.Length && Enumerable.Range(0, part.Length).All(at => whole[at] == part[at]);

    private static string Reversed(string text) => new([.. text.Reverse()]);
}

/// <summary>Patterns, and what each means without regular expressions.</summary>
internal static class Patterns
{
    public static IReadOnlyDictionary<string, Func<string, bool>> All { get; } = new Dictionary<string, Func<string, bool>>
    {
        ["^a"] = static text => text is ['a', ..],
        ["b$"] = static text => text is [.., 'b'],
        ["^$"] = static text => text.Length == 0,
        ["(?i)^B"] = static text => text is ['b' or 'B', ..],
        ["^[0-9]+$"] = static text => text.Length > 0 && text.All(char.IsAsciiDigit),
        ["a.*b"] = static text => text.IndexOf('a') is >= 0 and var at && text.LastIndexOf('b') > at,
    };
}
