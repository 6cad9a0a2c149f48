using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Host.Files;

/// <summary>
/// What a plain scalar of YAML 1.2 means, by the core schema: <c>yes</c>, <c>on</c> and dates are text, <c>0123</c> is 123 and
/// <c>1e3</c> a number.
/// </summary>
internal static partial class CoreSchema
{
    /// <summary>The value that is meant; a number as JSON spells it. Null for one that JSON does not have.</summary>
    public static (JsonValueKind Kind, string Text)? Resolve(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (JsonValueKind.Null, ""),
        "true" or "True" or "TRUE" => (JsonValueKind.True, ""),
        "false" or "False" or "FALSE" => (JsonValueKind.False, ""),
        _ when NotFinite.IsMatch(plain) => null,
        _ when Octal.IsMatch(plain) => (JsonValueKind.Number, Based(plain[2..], 8)),
        _ when Hexadecimal.IsMatch(plain) => (JsonValueKind.Number, Based(plain[2..], 16)),
        _ when Number.Match(plain) is { Success: true } number => (JsonValueKind.Number, Spelled(number)),
        _ => (JsonValueKind.String, plain),
    };

    /// <summary>Whether a text is read as something else by this schema or by that of YAML 1.1, which many programs still have.</summary>
    public static bool IsAmbiguous(string text) =>
        Resolve(text) is not { Kind: JsonValueKind.String } || OldBoolean.IsMatch(text) || OldNumber.IsMatch(text);

    /// <summary>Whether a number is read as another one by programs that take a leading zero for octal.</summary>
    public static bool HasLeadingZero(string plain) => LeadingZero.IsMatch(plain);

    private static string Based(string digits, int numberBase) => digits
        .Aggregate(BigInteger.Zero, (value, digit) =>
            (value * numberBase) + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        .ToString(CultureInfo.InvariantCulture);

    // JSON has no +, no zeros before the number, and digits on both sides of the point.
    private static string Spelled(Match number)
    {
        var whole = number.Groups["whole"].Value.TrimStart('0');
        var fraction = number.Groups["fraction"].Value;
        return (number.Groups["sign"].Value == "-" ? "-" : "")
            + (whole.Length == 0 ? "0" : whole)
            + (fraction.Length == 0 ? "" : "." + fraction)
            + number.Groups["exponent"].Value;
    }

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NotFinite { get; }

    [GeneratedRegex(@"^0o[0-7]+\z")]
    private static partial Regex Octal { get; }

    [GeneratedRegex(@"^0x[0-9a-fA-F]+\z")]
    private static partial Regex Hexadecimal { get; }

    [GeneratedRegex(@"^(?<sign>[-+]?)((?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>([eE][-+]?[0-9]+)?)\z")]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"^[-+]?0[0-9]+\z")]
    private static partial Regex LeadingZero { get; }

    [GeneratedRegex(@"^(y|n|yes|no|on|off)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OldBoolean { get; }

    // Digits with _ or : between them, dates and times.
    [GeneratedRegex(@"^[-+.]?[0-9][0-9_:.,eExob+TtZ -]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex OldNumber { get; }
}
