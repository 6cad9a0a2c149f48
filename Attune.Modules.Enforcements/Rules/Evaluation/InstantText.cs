using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Modules.Enforcements.Rules.Evaluation;

/// <summary>
/// Instants as senders write them (RFC 3339 and ISO 8601; UTC where no offset is given), as seconds since the Unix epoch: an exact number
/// with as many digits as the text has, so that they compare as numbers do.
/// </summary>
internal static partial class InstantText
{
    /// <summary>What an instant must be, for a message.</summary>
    public const string Expected = "an instant such as 2026-01-31T12:00:00Z";

    private const int LongestText = 64;

    // A number of this size is milliseconds: as seconds it would be the year 5138.
    private const long FirstMilliseconds = 100_000_000_000;

    /// <summary>The seconds of an instant; null when the text is none.</summary>
    public static JsonElement? Seconds(string text)
    {
        if (text.Length > LongestText || Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var (year, month, day) = (Number("year"), Number("month"), Number("day"));
        var (hour, minute, second) = (Number("hour"), Number("minute"), Number("second"));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return null;
        }

        var (offsetHours, offsetMinutes) = (Number("offsetHours"), Number("offsetMinutes"));
        if (offsetHours > 23 || offsetMinutes > 59)
        {
            return null;
        }

        var offset = ((offsetHours * 60) + offsetMinutes) * 60L * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var whole = ((new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond)
            + (hour * 3600L) + (minute * 60L) + second - offset;
        return Exact(whole, match.Groups["fraction"].Value.TrimEnd('0'));

        int Number(string name) =>
            match.Groups[name] is { Success: true, Length: > 0 } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The seconds of an instant.</summary>
    public static JsonElement Seconds(DateTimeOffset instant)
    {
        var ticks = (instant - DateTimeOffset.UnixEpoch).Ticks;
        var whole = (long)Math.Floor(ticks / (decimal)TimeSpan.TicksPerSecond);
        var rest = ticks - (whole * TimeSpan.TicksPerSecond);
        return Exact(whole, rest.ToString("D7", CultureInfo.InvariantCulture).TrimEnd('0'));
    }

    /// <summary>The seconds of a number: seconds since the Unix epoch, or milliseconds where it is 100,000,000,000 or more.</summary>
    public static JsonElement? Seconds(JsonElement number) =>
        !number.TryGetDecimal(out var value) ? null
        : Math.Abs(value) < FirstMilliseconds ? number
        : JsonElement.Parse((value / 1000).ToString(CultureInfo.InvariantCulture));

    // Before the epoch the fraction counts back: -1 s and 0.25 s are -0.75 s.
    private static JsonElement Exact(long whole, string fraction)
    {
        if (fraction.Length == 0)
        {
            return JsonElement.Parse(whole.ToString(CultureInfo.InvariantCulture));
        }

        if (whole >= 0)
        {
            return JsonElement.Parse($"{whole.ToString(CultureInfo.InvariantCulture)}.{fraction}");
        }

        var scale = System.Numerics.BigInteger.Pow(10, fraction.Length);
        var back = (-(System.Numerics.BigInteger)whole * scale) - System.Numerics.BigInteger.Parse(fraction, CultureInfo.InvariantCulture);
        var digits = back.ToString(CultureInfo.InvariantCulture).PadLeft(fraction.Length + 1, '0');
        return JsonElement.Parse($"-{digits[..^fraction.Length]}.{digits[^fraction.Length..]}");
    }

    [GeneratedRegex(
        @"^(?:(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)|(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?=T))(?:[Tt ](?:(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,30}))?)?|(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d))(?:[Zz]|(?<sign>[+-])(?<offsetHours>\d\d)(?::?(?<offsetMinutes>\d\d))?)?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
