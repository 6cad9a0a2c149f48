using System.Globalization;
using System.Text.RegularExpressions;

namespace Attune.Modules.Enforcements.Rules.Evaluation;

/// <summary>
/// Durations as rules write them: ISO 8601 (<c>PT5M</c>, <c>P1DT12H</c>, <c>P2W</c>), or short (<c>90s</c>, <c>1h30m</c>). Years and months
/// have no fixed length, and are refused.
/// </summary>
internal static partial class Durations
{
    /// <summary>What a duration must be, for a message.</summary>
    public const string Expected = "a duration such as PT5M, P1DT12H, 90s or 1h30m";

    /// <summary>The longest: retention is far shorter.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>The duration of a text; null when it is none, is not above zero, or longer than <see cref="Longest"/>.</summary>
    public static TimeSpan? TryParse(string text)
    {
        if (text.Length > 60)
        {
            return null;
        }

        var match = Iso().Match(text);
        match = match.Success ? match : Short().Match(text);
        if (!match.Success || !match.Groups.Values.Skip(1).Any(group => group.Success))
        {
            return null;
        }

        var milliseconds = Part("w", 604_800_000m) + Part("d", 86_400_000m) + Part("h", 3_600_000m) + Part("m", 60_000m)
            + Part("s", 1_000m) + Part("ms", 1m);
        return milliseconds > 0 && milliseconds <= (decimal)Longest.TotalMilliseconds
            ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond))
            : null;

        decimal Part(string name, decimal unit) => match.Groups[name] is { Success: true } group
            ? Math.Min(decimal.Parse(group.Value.Replace(',', '.'), CultureInfo.InvariantCulture), 1_000_000_000m) * unit
            : 0;
    }

    /// <summary>A duration as ISO 8601.</summary>
    public static string Text(TimeSpan duration) => System.Xml.XmlConvert.ToString(duration);

    [GeneratedRegex(
        @"^P(?:(?<w>\d{1,9}(?:[.,]\d{1,9})?)W)?(?:(?<d>\d{1,9}(?:[.,]\d{1,9})?)D)?(?:T(?=\d)(?:(?<h>\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(?<m>\d{1,9}(?:[.,]\d{1,9})?)M)?(?:(?<s>\d{1,9}(?:[.,]\d{1,9})?)S)?)?(?<ms>(?!))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    [GeneratedRegex(
        @"^(?:(?<w>\d{1,9}(?:\.\d{1,9})?)w)?(?:(?<d>\d{1,9}(?:\.\d{1,9})?)d)?(?:(?<h>\d{1,9}(?:\.\d{1,9})?)h)?(?:(?<m>\d{1,9}(?:\.\d{1,9})?)m)?(?:(?<s>\d{1,9}(?:\.\d{1,9})?)s)?(?:(?<ms>\d{1,9}(?:\.\d{1,9})?)ms)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Short();
}
