using System.Globalization;
using Attune.Db.Values;

namespace Attune.Modules.Events.Timers;

/// <summary>One field of a cron expression: which values it has, and how they are written.</summary>
internal sealed class CronField
{
    public static readonly CronField Second = new("second", 0, 59, "a number from 0 to 59");
    public static readonly CronField Minute = new("minute", 0, 59, "a number from 0 to 59");
    public static readonly CronField Hour = new("hour", 0, 23, "a number from 0 to 23");

    public static readonly CronField DayOfMonth = new(
        "day of the month", 1, 31, "a number from 1 to 31, L (the last), L-3, LW (the last from Monday to Friday) or 15W");

    public static readonly CronField Month = new(
        "month", 1, 12, "a number from 1 to 12 or the first three letters of a name",
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);

    public static readonly CronField Weekday = new(
        "weekday", 0, 6, "a number from 0 to 7 (both are Sunday), the first three letters of a name, FRIL (the last Friday) or MON#2",
        ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    private readonly int _first;
    private readonly int _last;
    private readonly string _expected;
    private readonly string[] _names;

    private CronField(string name, int first, int last, string expected, string[]? names = null)
    {
        (Name, _first, _last, _expected, _names) = (name, first, last, expected, names ?? []);
        HighestNumber = names is { Length: 7 } ? 7 : last;
    }

    public string Name { get; }

    /// <summary>The highest number that may be written: Sunday is 7 as well.</summary>
    private int HighestNumber { get; }

    private int Count => _last - _first + 1;

    /// <summary>The values of elements such as <c>5</c>, <c>MON-FRI</c>, <c>*/2</c> or <c>22-2</c>, as a list of numbers.</summary>
    /// <returns>A star for all of them; null when there are no elements.</returns>
    /// <exception cref="FormatException">An element is none.</exception>
    public string? List(IEnumerable<string> elements)
    {
        var values = new SortedSet<int>(elements.SelectMany(Values));
        return values.Count == 0 ? null : values.Count == Count ? "*" : string.Join(',', values);
    }

    /// <summary>A number, or the number of a name.</summary>
    /// <exception cref="FormatException">It is neither, or none that the field has.</exception>
    public int Value(string text, string element) =>
        Array.IndexOf(_names, text) is >= 0 and var name ? _first + name : Number(text, _first, HighestNumber) ?? throw Wrong(element);

    public FormatException Wrong(string element) => new($"has '{StorableText.Excerpt(element)}' as its {Name}, which is {_expected}");

    public static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : null;

    private IEnumerable<int> Values(string element)
    {
        var parts = element.Split('/');
        var step = parts.Length == 1 ? 1
            : parts.Length == 2 && Number(parts[1], 1, HighestNumber) is { } given ? given
            : throw new FormatException(
                $"has '{StorableText.Excerpt(element)}' as its {Name}, where a step is a number from 1 to {HighestNumber}");
        var (from, to) = parts[0].Split('-') switch
        {
            ["*"] => (_first, _last),
            [var one] => (Value(one, element), parts.Length == 2 ? _last : Value(one, element)),
            [var low, var high] => (Value(low, element), Value(high, element)),
            _ => throw Wrong(element),
        };
        if (from > _last)
        {
            (from, to) = (_first, to > _last ? _first : to);
        }

        // A range may go past the end, as from Friday to Monday.
        for (var value = from; value <= (to < from ? to + Count : to); value += step)
        {
            yield return _first + ((value - _first) % Count);
        }
    }
}
