using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>A JSON value that knows what it is and how it happens to be spelled; the module under test sees the spelling alone.</summary>
internal abstract record Node
{
    public abstract string Json { get; }
}

internal sealed record NullNode : Node
{
    public override string Json => "null";
}

internal sealed record TruthNode(bool Value) : Node
{
    public override string Json => Value ? "true" : "false";
}

internal sealed record TextNode(string Value) : Node
{
    public override string Json => JsonSerializer.Serialize(Value);
}

/// <summary>A number: so many times a power of ten.</summary>
internal sealed record NumberNode(BigInteger Digits, int Power, int Spelling) : Node
{
    public override string Json => Spelling switch
    {
        1 => Point(Digits * 100, Power - 2),
        2 => $"{Digits}e{Power}",
        3 => $"{Digits * 1000}E{Power - 3}",
        4 => $"{Digits}.0E{(Power < 0 ? "" : "+")}{Power}",
        _ => Point(Digits, Power),
    };

    // Written out, without an exponent.
    private static string Point(BigInteger digits, int power)
    {
        if (power >= 0)
        {
            return (digits * BigInteger.Pow(10, power)).ToString(CultureInfo.InvariantCulture);
        }

        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(1 - power, '0');
        return $"{(digits.Sign < 0 ? "-" : "")}{text[..^-power]}.{text[^-power..]}";
    }
}

internal sealed record ListNode(IReadOnlyList<Node> Items) : Node
{
    public override string Json => $"[{string.Join(", ", Items.Select(item => item.Json))}]";
}

/// <summary>An object. A key may be there twice, and the last one counts.</summary>
internal sealed record ObjectNode(IReadOnlyList<(string Key, Node Value)> Members) : Node
{
    public override string Json =>
        $"{{{string.Join(", ", Members.Select(member => $"{JsonSerializer.Serialize(member.Key)}: {member.Value.Json}"))}}}";
}

/// <summary>A condition before it is spelled.</summary>
internal sealed record ConditionNode(string Prefix, IReadOnlyList<string> Path, string Operator, Node? Expected)
{
    public string Json
    {
        get
        {
            var name = Path.Count == 0 ? "event.payload" : Prefix + string.Join('.', Path);
            var value = Expected is null ? "" : $""", "value": {Expected.Json}""";
            return $$"""{"field": {{JsonSerializer.Serialize(name)}}, "operator": "{{Operator}}"{{value}}}""";
        }
    }
}

/// <summary>A rule's conditions and a payload to try them on; a payload that is null is none.</summary>
internal sealed record Pair(bool IsAny, IReadOnlyList<ConditionNode> Conditions, Node? Payload)
{
    public string Json => $"[{string.Join(", ", Conditions.Select(condition => condition.Json))}]";

    public override string ToString() => $"{(IsAny ? "any" : "all")} {Json} of {Payload?.Json ?? "nothing"}";
}
