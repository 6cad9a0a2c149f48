using System.Numerics;
using CsCheck;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>
/// Random conditions and payloads, from few names and few values, so that paths lead somewhere and comparisons meet their equals.
/// </summary>
internal static class Pairs
{
    /// <summary>The operators that are met; the others are those of <see cref="Trees"/>.</summary>
    public static readonly string[] Operators =
    [
        "equals", "not_equals", "contains", "not_contains", "starts_with", "ends_with", "matches", "greater_than", "greater_or_equal",
        "less_than", "less_or_equal", "in", "not_in", "exists", "not_exists",
    ];

    private static readonly string[] Names = ["a", "b", "0", "1", "é"];
    private static readonly string[] Texts = ["", "a", "ab", "b", "B", "aab", "é", "e\u0301", "3", "true", "😀", "￿"];

    private static readonly BigInteger Long = BigInteger.Pow(10, 28) + 2345678901234567;

    private static readonly Gen<NumberNode> Number = Gen.Select(
        Gen.OneOfConst<(BigInteger Digits, int Power)>(
            (0, 0), (0, 7), (1, 0), (-1, 0), (3, 0), (30, -1), (25, -1), (-25, -1), (10, 0), (1, 1), (1, 30), (-1, 30), (1, -30),
            (9007199254740992, 0), (9007199254740993, 0), (long.MaxValue, 0), ((BigInteger)long.MaxValue + 1, 0), (long.MinValue, 0),
            (Long, 0), (Long - 1, 0), (Long, -28), (1, 300), (1, -300)),
        Gen.Int[0, 4],
        (value, spelling) => new NumberNode(value.Digits, value.Power, spelling));

    private static readonly Gen<Node> Text = Gen.OneOfConst(Texts).Select(text => (Node)new TextNode(text));

    private static readonly Gen<Node> Leaf = Gen.Frequency(
        (4, Number.Select(number => (Node)number)),
        (4, Text),
        (1, Gen.Bool.Select(value => (Node)new TruthNode(value))),
        (1, Gen.Const((Node)new NullNode())));

    private static readonly Gen<Node> Value = Tree(2);

    private static readonly Gen<Node?> Payload = Gen.Frequency(
        (20, Members(Tree(2)).Select(node => (Node?)node)),
        (2, Value.Select(node => (Node?)node)),
        (1, Gen.Const((Node?)null)));

    private static readonly Gen<string[]> Path = Gen.Frequency(
        (15, Gen.OneOfConst(Names).Array[1]),
        (5, Gen.OneOfConst(Names).Array[2]),
        (4, Gen.OneOfConst([.. Names, "2", "01", "-1", "missing", "99999999999999999999"]).Array[1, 3]),
        (2, Gen.Const(Array.Empty<string>())));

    private static readonly Gen<(string Name, Node? Expected)> Operation = Gen.OneOf(
        With(Value, "equals", "not_equals", "contains", "not_contains"),
        With(Leaf, "equals", "not_equals", "contains", "not_contains"),
        With(Text, "starts_with", "ends_with"),
        With(Gen.OneOfConst(Patterns.All.Keys.ToArray()).Select(pattern => (Node)new TextNode(pattern)), "matches"),
        With(Gen.OneOf(Number.Select(number => (Node)number), Text), "greater_than", "greater_or_equal", "less_than", "less_or_equal"),
        With(Gen.OneOf(Value, Leaf, Leaf).Array[0, 4].Select(items => (Node)new ListNode(items)), "in", "not_in"),
        Gen.OneOfConst("exists", "not_exists").Select(name => (name, (Node?)null)));

    private static readonly Gen<ConditionNode> Condition = Gen.Select(
        Gen.OneOfConst("", "event.payload."), Path, Operation,
        (prefix, path, operation) => new ConditionNode(prefix, path, operation.Name, operation.Expected));

    /// <summary>Any conditions, of up to four, with any payload; three of four look where there is something that they can test.</summary>
    public static Gen<Pair> All { get; } = Gen.Select(
        Gen.Bool,
        Gen.Frequency((1, Gen.Const(0)), (8, Gen.Int[1, 2]), (4, Gen.Int[3, 4]))
            .SelectMany(count => Gen.Select(Condition, Gen.Int[0, 3], Gen.Int[0, 999], Number, Text).Array[count]),
        Payload,
        (isAny, conditions, payload) => new Pair(isAny,
        [
            .. conditions.Select(
                one => one.Item2 == 0 ? one.Item1 : Aimed(one.Item1, [.. Places(payload, [])], one.Item3, one.Item4, one.Item5)),
        ], payload));

    // At one of the places that the operator can test; what it compares with is found there, or is another of the same type.
    private static ConditionNode Aimed(
        ConditionNode condition, List<(string[] Path, Node Node)> places, int choice, NumberNode number, Node text)
    {
        var fitting = places.FindAll(place => Fits(condition.Operator, place.Node));
        if (fitting.Count == 0)
        {
            return condition;
        }

        var (path, actual) = fitting[choice % fitting.Count];
        var aimed = condition with { Path = path };
        var same = choice % 3 == 0;
        return (condition.Operator, actual) switch
        {
            ("equals" or "not_equals", _) when same => aimed with { Expected = Respelled(actual) },
            ("in" or "not_in", _) when same =>
                aimed with { Expected = new ListNode([.. ((ListNode)condition.Expected!).Items, Respelled(actual)]) },
            ("contains" or "not_contains", ListNode { Items: [.., var last] }) when same => aimed with { Expected = Respelled(last) },
            ("contains" or "not_contains", TextNode) => aimed with { Expected = text },
            ("greater_than" or "greater_or_equal" or "less_than" or "less_or_equal", NumberNode) =>
                aimed with { Expected = same ? Respelled(actual) : number },
            ("greater_than" or "greater_or_equal" or "less_than" or "less_or_equal" or "starts_with" or "ends_with", TextNode) =>
                aimed with { Expected = same ? actual : text },
            _ => aimed,
        };
    }

    private static bool Fits(string @operator, Node node) => @operator switch
    {
        "contains" or "not_contains" => node is TextNode or ListNode,
        "starts_with" or "ends_with" or "matches" => node is TextNode,
        "greater_than" or "greater_or_equal" or "less_than" or "less_or_equal" => node is TextNode or NumberNode,
        _ => true,
    };

    // Of a key that is there twice, the last one is found.
    private static IEnumerable<(string[] Path, Node Node)> Places(Node? node, string[] path) => node is null ? [] :
    [
        (path, node),
        .. node switch
        {
            ObjectNode group =>
                group.Members.Reverse().DistinctBy(member => member.Key).SelectMany(member => Places(member.Value, [.. path, member.Key])),
            ListNode list => list.Items.SelectMany((item, index) => Places(item, [.. path, $"{index}"])),
            _ => [],
        },
    ];

    // The same value in other words.
    private static Node Respelled(Node node) => node switch
    {
        NumberNode number => number with { Spelling = (number.Spelling + 1) % 5 },
        ListNode list => new ListNode([.. list.Items.Select(Respelled)]),
        ObjectNode group => new ObjectNode(
            [.. group.Members.Reverse().DistinctBy(member => member.Key).Select(member => (member.Key, Respelled(member.Value)))]),
        _ => node,
    };

    private static Gen<(string, Node?)> With(Gen<Node> expected, params string[] names) =>
        Gen.Select(Gen.OneOfConst(names), expected, (name, value) => (name, (Node?)value));

    private static Gen<Node> Tree(int depth) => depth == 0
        ? Leaf
        : Gen.Frequency(
            (6, Leaf),
            (2, Tree(depth - 1).Array[0, 3].Select(items => (Node)new ListNode(items))),
            (2, Members(Tree(depth - 1))));

    private static Gen<Node> Members(Gen<Node> value) =>
        Gen.Select(Gen.OneOfConst(Names), value, (name, node) => (name, node)).Array[0, 8].Select(members => (Node)new ObjectNode(members));
}
