using System.Text.Json;
using CsCheck;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>A step of a path before it is spelled.</summary>
internal abstract record Step
{
    internal sealed record Name(string Key) : Step;

    internal sealed record Quoted(string Key) : Step;

    internal sealed record Index(int At) : Step;

    internal sealed record Each : Step;
}

/// <summary>A tree of conditions before it is spelled.</summary>
internal abstract record Tree
{
    public abstract string Json { get; }

    internal sealed record Group(bool IsAny, IReadOnlyList<Tree> Items) : Tree
    {
        public override string Json => $$"""{"{{(IsAny ? "any" : "all")}}": [{{string.Join(", ", Items.Select(item => item.Json))}}]}""";
    }

    internal sealed record Not(Tree Item) : Tree
    {
        public override string Json => $$"""{"not": {{Item.Json}}}""";
    }

    internal sealed record Leaf(IReadOnlyList<Step> Path, string Operator) : Tree
    {
        public Node? Expected { get; init; }
        public IReadOnlyList<Step>? Other { get; init; }
        public bool IgnoreCase { get; init; }
        public string? As { get; init; }
        public string? Quantifier { get; init; }

        public override string Json
        {
            get
            {
                var parts = new List<string>
                {
                    $"\"field\": {JsonSerializer.Serialize(Spelled(Path))}", $"\"operator\": \"{Operator}\"",
                };
                if (Other is not null)
                {
                    parts.Add($"\"other_field\": {JsonSerializer.Serialize(Spelled(Other))}");
                }
                else if (Expected is not null)
                {
                    parts.Add($"\"value\": {Expected.Json}");
                }

                parts.AddRange(IgnoreCase ? ["\"ignore_case\": true"] : []);
                parts.AddRange(As is null ? [] : [$"\"as\": \"{As}\""]);
                parts.AddRange(Quantifier is null ? [] : [$"\"quantifier\": \"{Quantifier}\""]);
                return $"{{{string.Join(", ", parts)}}}";
            }
        }
    }

    private static string Spelled(IReadOnlyList<Step> path) => string.Concat(path.Select(step => step switch
    {
        Step.Name name => $".{name.Key}",
        Step.Quoted quoted => $"[{JsonSerializer.Serialize(quoted.Key)}]",
        Step.Index index => $"[{index.At}]",
        _ => "[*]",
    }).Prepend("$"));
}

/// <summary>A tree and a payload to try it on.</summary>
internal sealed record TreePair(Tree Tree, Node Payload)
{
    public override string ToString() => $"{Tree.Json} of {Payload.Json}";
}

/// <summary>Random trees of conditions, with all that the language has, over payloads of few names and few values.</summary>
internal static class Trees
{
    private static readonly string[] Names = ["a", "b", "list", "x.y", "and", "é", "any"];

    private static readonly string[] Texts =
    [
        .. Readings.Numbers.Keys, .. Readings.Instants.Keys, .. Readings.Addresses.Keys, "", "a", "A", "ab", "AB", "Straße", "true", "nan",
    ];

    private static readonly Gen<Node> Text = Gen.OneOfConst(Texts).Select(text => (Node)new TextNode(text));

    private static readonly Gen<Node> Number = Gen.Select(
        Gen.OneOfConst<(int Digits, int Power)>((0, 0), (3, 0), (30, -1), (25, -1), (10, 0), (1, 1), (-7, 0), (1769860800, 0), (1, 12)), Gen.Int[0, 4],
        (value, spelling) => (Node)new NumberNode(value.Digits, value.Power, spelling));

    private static readonly Gen<Node> Scalar = Gen.Frequency(
        (5, Text), (4, Number), (1, Gen.Bool.Select(value => (Node)new TruthNode(value))), (1, Gen.Const((Node)new NullNode())));

    private static readonly Gen<Node> List = Gen.OneOf(Scalar.Array[0, 3], Scalar.Array[0, 3]).Select(items => (Node)new ListNode(items));

    private static readonly Gen<Node> Flat = Gen.OneOf(
        Scalar, Scalar, List,
        Gen.Select(Gen.OneOfConst(Names), Scalar).Array[0, 3].Select(members => (Node)new ObjectNode(members)),
        Gen.Select(Gen.OneOfConst(Names), Gen.OneOf(Scalar, List)).Array[1, 2].Select(members => (Node)new ObjectNode(members))
            .Array[0, 3].Select(items => (Node)new ListNode(items)));

    private static readonly Gen<Node> Payload =
        Gen.Select(Gen.OneOfConst(Names), Flat).Array[2, 6].Select(members => (Node)new ObjectNode(members));

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (6, Gen.OneOfConst("a", "b", "list", "and", "é", "any", "0", "1", "missing").Select(key => (Step)new Step.Name(key))),
        (3, Gen.OneOfConst([.. Names, "0", "a b", "q\"'\\"]).Select(key => (Step)new Step.Quoted(key))),
        (1, Gen.Int[0, 2].Select(at => (Step)new Step.Index(at))),
        (3, Gen.Const((Step)new Step.Each())));

    private static readonly Gen<IReadOnlyList<Step>> Path = Gen.Frequency(
            (4, Gen.OneOfConst(Names).Select(key => (Step[])[new Step.Quoted(key)])),
            (2, AnyStep.Array[1]), (4, AnyStep.Array[2]), (1, AnyStep.Array[3]), (1, Gen.Const(Array.Empty<Step>())))
        .Select(steps => (IReadOnlyList<Step>)steps)
        .Where(steps => steps.Count(step => step is Step.Each) <= 3);

    private static readonly Gen<Tree.Leaf> Plain = Gen.OneOf(
        Leaf(Scalar, ["equals", "not_equals", "contains", "not_contains"], cases: true),
        Leaf(List, ["equals", "not_equals", "in", "not_in"], cases: true),
        Leaf(Text, ["starts_with", "not_starts_with", "ends_with", "not_ends_with"], cases: true),
        Leaf(Gen.OneOfConst([.. Patterns.All.Keys]).Select(pattern => (Node)new TextNode(pattern)), ["matches", "not_matches"]),
        Leaf(Gen.OneOf(Text, Number), ["greater_than", "greater_or_equal", "less_than", "less_or_equal"]),
        Leaf(Gen.OneOf(Between(Readings.Ordered), Between(Readings.OrderedTexts)), ["between"]),
        Leaf(Gen.OneOfConst([.. Readings.Instants.Keys]).Select(text => (Node)new TextNode(text)), ["before", "after"]),
        Leaf(Gen.OneOfConst([.. Readings.Durations.Keys]).Select(text => (Node)new TextNode(text)), ["within"]),
        Leaf(Gen.OneOfConst([.. Readings.Networks.Keys]).Select(text => (Node)new TextNode(text)), ["in_network"]),
        Gen.Select(Path, Gen.OneOfConst("exists", "not_exists", "is_empty")).Select(one => new Tree.Leaf(one.Item1, one.Item2)));

    private static readonly Gen<Tree.Leaf> Cast = Gen.OneOf(
        Leaf(Gen.OneOf(Number, Known(Readings.Numbers.Keys)), ["equals", "not_equals", "greater_than", "less_or_equal"], cast: "number"),
        Leaf(Known(Readings.Instants.Keys), ["equals", "greater_than", "less_or_equal"], cast: "time"),
        Leaf(Text, ["equals", "starts_with", "not_ends_with"], cast: "text"),
        Leaf(Known(Readings.Numbers.Keys).Array[0, 3].Select(items => (Node)new ListNode(items)), ["in", "not_in"], cast: "number"));

    private static readonly Gen<Tree.Leaf> Compared = Gen.Select(
        Path, Path.Where(steps => !steps.Any(step => step is Step.Each)),
        Gen.OneOfConst(
            "equals", "not_equals", "contains", "starts_with", "ends_with", "in", "not_in", "greater_than", "less_or_equal", "before", "after"),
        (path, other, name) => new Tree.Leaf(path, name) { Other = other });

    private static readonly Gen<Tree> Leaves = Gen.Select(
        Gen.Frequency((6, Plain), (2, Cast), (2, Compared)), Gen.OneOfConst(null, "any", "all", "none"),
        (leaf, quantifier) => (Tree)(leaf.Path.Any(step => step is Step.Each) ? leaf with { Quantifier = quantifier } : leaf));

    /// <summary>Any tree, of up to three levels, with any payload.</summary>
    public static Gen<TreePair> All { get; } = Gen.Select(Nested(3), Payload, (tree, payload) => new TreePair(tree, payload));

    private static Gen<Tree> Nested(int depth) => depth == 0
        ? Leaves
        : Gen.Frequency(
            (4, Leaves),
            (2, Gen.Select(Gen.Bool, Nested(depth - 1).Array[2, 3], (isAny, items) => (Tree)new Tree.Group(isAny, items))),
            (1, Nested(depth - 1).Select(item => (Tree)new Tree.Not(item))));

    private static Gen<Node> Known(IEnumerable<string> texts) => Gen.OneOfConst([.. texts]).Select(text => (Node)new TextNode(text));

    private static Gen<Node> Between(IReadOnlyList<Node> ordered) => Gen.Select(Gen.Int[0, ordered.Count - 1], Gen.Int[0, ordered.Count - 1])
        .Select(ends => (Node)new ListNode([ordered[Math.Min(ends.Item1, ends.Item2)], ordered[Math.Max(ends.Item1, ends.Item2)]]));

    private static Gen<Tree.Leaf> Leaf(Gen<Node> expected, string[] operators, bool cases = false, string? cast = null) => Gen.Select(
        Path, Gen.OneOfConst(operators), expected, Gen.Bool,
        (path, name, value, ignoreCase) => new Tree.Leaf(path, name) { Expected = value, IgnoreCase = cases && ignoreCase, As = cast });
}
