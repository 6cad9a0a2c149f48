using System.Text.RegularExpressions;
using Cronos;

namespace Attune.Modules.Events.Timers;

/// <summary>
/// A cron expression as crontab means it: when both the day of the month and the weekday are restricted, either is enough. A field
/// that begins with a star restricts nothing by this measure, <c>*/2</c> included, and then both have to agree. The library wants both
/// to agree always, so it is given several expressions, any of which is enough; this also lets <c>L</c>, <c>W</c> and <c>#</c> stand
/// in lists.
/// </summary>
/// <param name="Expressions">Six fields each; there is at least one, and each comes.</param>
/// <param name="IsRepeating">Of every so many hours, minutes or seconds, and not of times of the day.</param>
internal sealed partial record CronText(IReadOnlyList<CronExpression> Expressions, bool IsRepeating)
{
    // More would be asked for their next time, each of them, whenever timers are looked at.
    private const int MostExpressions = 64;

    private static readonly char[] Several = ['*', '-', '/'];

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 0 1 1 *",
        ["@annually"] = "0 0 0 1 1 *",
        ["@monthly"] = "0 0 0 1 * *",
        ["@weekly"] = "0 0 0 * * 0",
        ["@daily"] = "0 0 0 * * *",
        ["@midnight"] = "0 0 0 * * *",
        ["@hourly"] = "0 0 * * * *",
        ["@every_minute"] = "0 * * * * *",
        ["@every_second"] = "* * * * * *",
    };

    /// <param name="text">Five fields, six with seconds first, or a macro.</param>
    /// <exception cref="FormatException">It is none; the message says which field, and what was expected.</exception>
    public static CronText Parse(string text)
    {
        var fields = Fields(text.ToUpperInvariant());
        var clock = string.Join(
            ' ', Plain(CronField.Second, fields[0]), Plain(CronField.Minute, fields[1]), Plain(CronField.Hour, fields[2]));
        var month = Plain(CronField.Month, fields[4]);
        var expressions = Days(fields[3], fields[5])
            .Select(days => CronExpression.Parse($"{clock} {days.OfMonth} {month} {days.OfWeek}", CronFormat.IncludeSeconds))
            .Where(expression => expression.GetNextOccurrence(DateTime.UnixEpoch) is not null)
            .ToList();
        return expressions.Count > 0
            ? new(expressions, fields[..3].Any(field => field.IndexOfAny(Several) >= 0))
            : throw new FormatException("names days that no month of it has, and would never tick");
    }

    private static string[] Fields(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields switch
        {
            ["@REBOOT"] => throw new FormatException(
                "cannot be @reboot: timers tick by the clock, and hosts come and go without stopping them"),
            ["@EVERY", ..] => throw new FormatException("cannot be @every: that is a timer of core.interval"),
            [['@', ..] macro] => Macros.TryGetValue(macro, out var meant)
                ? meant.Split(' ')
                : throw new FormatException($"has no macro but {string.Join(", ", Macros.Keys)}"),
            _ when text.Contains("TZ=", StringComparison.Ordinal) => throw new FormatException(
                "cannot name a time zone: that is the parameter timezone"),
            [_, _, _, _, _] => ["0", .. fields],
            [_, _, _, _, _, _, _] or [_, _, _, _, _, ['1' or '2', _, _, _]] => throw new FormatException(
                "cannot say a year: six fields are a second, then the five; a single moment is a timer of core.date_time"),
            [_, _, _, _, _, _] => fields,
            _ => throw new FormatException(
                "must have the five fields minute, hour, day of the month, month and weekday, or six with seconds first"),
        };
    }

    private static string Plain(CronField field, string text) => text.Contains('?', StringComparison.Ordinal)
        ? throw new FormatException($"has a ? as its {field.Name}; only a day of the month or a weekday can be left to the other")
        : field.List(text.Split(','))!;

    private static List<(string OfMonth, string OfWeek)> Days(string ofMonth, string ofWeek)
    {
        if (ofMonth == "?" && ofWeek == "?")
        {
            throw new FormatException("leaves the day of the month to the weekday and the weekday to it; one of them must not be ?");
        }

        var (month, week) = (DaysOfMonth(ofMonth), Weekdays(ofWeek));
        List<(string OfMonth, string OfWeek)> days = IsOpen(ofMonth) || IsOpen(ofWeek)
            ? [.. month.SelectMany(_ => week, (day, weekday) => (day, weekday))]
            : [.. month.Select(day => (day, "*")), .. week.Select(weekday => ("*", weekday))];
        return days.Count <= MostExpressions ? days : throw new FormatException(
            $"combines {days.Count} kinds of days; {MostExpressions} are possible");
    }

    private static bool IsOpen(string days) => days[0] is '*' or '?';

    private static List<string> DaysOfMonth(string text) => Terms(CronField.DayOfMonth, text, element =>
        FromTheEnd.Match(element) is { Success: true } last
            ? !last.Groups[1].Success || CronField.Number(last.Groups[1].Value, 0, 30) is not null
            : element is [.. var day, 'W'] && CronField.Number(day, 1, 31) is not null);

    private static List<string> Weekdays(string text) => Terms(CronField.Weekday, text, element => element switch
    {
        [.. { Length: > 0 } day, 'L'] => CronField.Weekday.Value(day, element) >= 0,
        [.. var day, '#', >= '1' and <= '5'] => CronField.Weekday.Value(day, element) >= 0,
        _ => false,
    });

    // What has a value of its own in every month stands alone; the rest is one list.
    private static List<string> Terms(CronField field, string text, Func<string, bool> isOfTheMonth)
    {
        if (text == "?")
        {
            return ["*"];
        }

        var elements = text.Split(',').Distinct().ToLookup(isOfTheMonth);
        return field.List(elements[false]) switch
        {
            "*" => ["*"],
            { } list => [list, .. elements[true]],
            _ => [.. elements[true]],
        };
    }

    [GeneratedRegex(@"^L(?:-(\d{1,2}))?W?\z", RegexOptions.CultureInvariant)]
    private static partial Regex FromTheEnd { get; }
}
