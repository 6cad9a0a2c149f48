using System.Globalization;

namespace Attune.Db;

/// <summary>Counts and ages in words, for what is said to people.</summary>
public static class Amounts
{
    /// <summary>A count of rows, which may have stopped at <see cref="Total.CountedAtMost"/>.</summary>
    public static string Counted(long count) =>
        count.ToString("N0", CultureInfo.InvariantCulture) + (count >= Total.CountedAtMost ? " or more" : "");

    /// <summary>A time in its largest unit, such as "1 day", "2.5 hours" or "0 seconds".</summary>
    public static string Age(TimeSpan age) =>
        age.TotalDays >= 1 ? Some(age.TotalDays, "0.#", "day")
        : age.TotalHours >= 1 ? Some(age.TotalHours, "0.#", "hour")
        : age.TotalMinutes >= 1 ? Some(age.TotalMinutes, "0", "minute")
        : Some(Math.Max(0, age.TotalSeconds), "0", "second");

    private static string Some(double count, string format, string unit)
    {
        var text = count.ToString(format, CultureInfo.InvariantCulture);
        return text == "1" ? $"1 {unit}" : $"{text} {unit}s";
    }
}
