using System.Numerics;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>Texts that stand for something else, and what, worked out by hand.</summary>
internal static class Readings
{
    /// <summary>The event's instant: 2026-01-31T12:00:00Z, in microseconds since the epoch.</summary>
    public const long Created = 1_769_860_800_000_000;

    public static IReadOnlyDictionary<string, NumberNode> Numbers { get; } = new Dictionary<string, NumberNode>
    {
        ["3"] = new(3, 0, 0),
        [" 3 "] = new(3, 0, 0),
        ["+3"] = new(3, 0, 0),
        ["2.50"] = new(25, -1, 0),
        ["1e1"] = new(10, 0, 0),
        ["-7"] = new(-7, 0, 0),
        ["10"] = new(10, 0, 0),
    };

    /// <summary>Instants in microseconds since the epoch.</summary>
    public static IReadOnlyDictionary<string, long> Instants { get; } = new Dictionary<string, long>
    {
        ["2026-01-31T12:00:00Z"] = Created,
        ["2026-01-31T13:00:00+01:00"] = Created,
        ["2026-01-31t07:30:00-04:30"] = Created,
        ["2026-01-31 12:00:00.250000Z"] = Created + 250_000,
        ["20260131T120500Z"] = Created + (5 * 60_000_000L),
        ["2026-01-31T12:05"] = Created + (5 * 60_000_000L),
        ["2026-01-31"] = Created - (12 * 3600_000_000L),
        ["1969-12-31T23:59:59.75Z"] = -250_000,
        ["2026-01-31T11:59:60Z"] = Created,
    };

    /// <summary>Durations in microseconds.</summary>
    public static IReadOnlyDictionary<string, long> Durations { get; } = new Dictionary<string, long>
    {
        ["PT5M"] = 300_000_000,
        ["4m59s"] = 299_000_000,
        ["PT0.25S"] = 250_000,
        ["249ms"] = 249_000,
        ["P1DT12H"] = 36 * 3600_000_000L,
        ["12h"] = 12 * 3600_000_000L,
    };

    public static IReadOnlyDictionary<string, (int Bits, BigInteger Number)> Addresses { get; } = new Dictionary<string, (int, BigInteger)>
    {
        ["10.0.0.1"] = (32, 0x0A000001),
        ["10.255.0.1"] = (32, 0x0AFF0001),
        ["192.0.2.7"] = (32, 0xC0000207),
        ["::ffff:10.0.0.1"] = (32, 0x0A000001),
        ["2001:db8::1"] = (128, (BigInteger.Parse("20010db8", System.Globalization.NumberStyles.HexNumber) << 96) + 1),
        ["::1"] = (128, 1),
    };

    public static IReadOnlyDictionary<string, (int Bits, BigInteger Number, int Prefix)> Networks { get; } =
        new Dictionary<string, (int, BigInteger, int)>
        {
            ["10.0.0.0/8"] = (32, 0x0A000000, 8),
            ["10.0.0.0/24"] = (32, 0x0A000000, 24),
            ["192.0.2.7"] = (32, 0xC0000207, 32),
            ["0.0.0.0/0"] = (32, 0, 0),
            ["::ffff:10.0.0.0/104"] = (32, 0x0A000000, 8),
            ["2001:db8::/32"] = (128, BigInteger.Parse("20010db8", System.Globalization.NumberStyles.HexNumber) << 96, 32),
            ["::/0"] = (128, 0, 0),
        };

    public static IReadOnlyList<Node> Ordered { get; } =
        [new NumberNode(-7, 0, 0), new NumberNode(0, 0, 1), new NumberNode(25, -1, 0), new NumberNode(3, 0, 2), new NumberNode(10, 0, 0)];

    public static IReadOnlyList<Node> OrderedTexts { get; } =
        [new TextNode(""), new TextNode("10"), new TextNode("A"), new TextNode("a"), new TextNode("ab")];
}
