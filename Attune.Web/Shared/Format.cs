using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Attune.Web.Shared;

/// <summary>How instants, durations and numbers read on a page.</summary>
public static class Format
{
    /// <summary>An instant to the second, in a zone.</summary>
    public static string Instant(DateTimeOffset at, TimeZoneInfo zone) => In(at, zone, "yyyy-MM-dd HH:mm:ss");

    /// <summary>An instant to the millisecond, in a zone.</summary>
    public static string Precise(DateTimeOffset at, TimeZoneInfo zone) => In(at, zone, "yyyy-MM-dd HH:mm:ss.fff");

    /// <summary>The hour and minute of an instant, in a zone.</summary>
    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) => In(at, zone, "HH:mm");

    /// <summary>An instant as the database keeps it, for tooltips and copying.</summary>
    public static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same instant in the reader's zone and in UTC.</summary>
    public static string Tooltip(DateTimeOffset at, TimeZoneInfo zone)
    {
        var there = TimeZoneInfo.ConvertTime(at, zone);
        var local = there.ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);
        return there.Offset == TimeSpan.Zero ? Iso(at) : $"{local}\n{Iso(at)}";
    }

    /// <summary>How long ago something was. <c>ago</c> in attune.js goes on counting in the browser, and says the same.</summary>
    public static string Ago(TimeSpan age) => age switch
    {
        { TotalSeconds: < 5 } => "just now",
        { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds} s ago",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min ago",
        { TotalDays: < 1 } => $"{(int)age.TotalHours} h ago",
        _ => $"{(int)age.TotalDays} d ago",
    };

    /// <summary>How long something took, in the two largest units that matter.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => "0 ms",
        { TotalMilliseconds: < 1 } => "< 1 ms",
        { TotalMilliseconds: < 999.5 } => Invariant($"{duration.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 59.95 } => Invariant($"{duration.TotalSeconds:0.0#} s"),
        { TotalHours: < 1 } => $"{(int)duration.TotalMinutes} min {duration.Seconds} s",
        { TotalDays: < 1 } => $"{(int)duration.TotalHours} h {duration.Minutes} min",
        _ => $"{(int)duration.TotalDays} d {duration.Hours} h",
    };

    /// <summary>A whole time in words: <c>90 days</c>, <c>6 hours</c>.</summary>
    public static string Words(TimeSpan time) => time switch
    {
        { TotalHours: < 1 } => Count((long)time.TotalMinutes, "minute"),
        { TotalDays: <= 1 } => Count((long)time.TotalHours, "hour"),
        _ => Count((long)time.TotalDays, "day"),
    };

    /// <summary>An id or a version as it is copied and as an address carries it.</summary>
    [return: NotNullIfNotNull(nameof(id))]
    public static string? Id(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A count with its thousands apart.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Any number, to as many digits as are worth reading.</summary>
    public static string Measure(double number) => Math.Abs(number) switch
    {
        0 => "0",
        < 0.001 or >= 1e15 => number.ToString("0.###e+0", CultureInfo.InvariantCulture),
        < 1 => number.ToString("0.####", CultureInfo.InvariantCulture),
        < 1_000 => number.ToString("0.##", CultureInfo.InvariantCulture),
        _ => number.ToString("#,0.#", CultureInfo.InvariantCulture),
    };

    /// <summary>A count where there is little room: <c>1.5k</c>, <c>2M</c>.</summary>
    public static string Brief(long number) => number switch
    {
        < 10_000 => Number(number),
        < 1_000_000 => Invariant($"{number / 1000.0:0.#}k"),
        < 1_000_000_000 => Invariant($"{number / 1_000_000.0:0.#}M"),
        _ => Invariant($"{number / 1_000_000_000.0:0.#}G"),
    };

    /// <summary>A count with its noun, in the singular where it is one.</summary>
    public static string Count(long number, string noun) => $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>A size in bytes, to three digits.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => Invariant($"{bytes} B"),
        < 1_000_000 => Invariant($"{bytes / 1000.0:0.#} kB"),
        _ => Invariant($"{bytes / 1_000_000.0:0.#} MB"),
    };

    // In the hour that a clock goes through twice the offset tells which of the two it was.
    private static string In(DateTimeOffset at, TimeZoneInfo zone, string format)
    {
        var there = TimeZoneInfo.ConvertTime(at, zone);
        return there.ToString(zone.IsAmbiguousTime(there) ? $"{format} zzz" : format, CultureInfo.InvariantCulture);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
