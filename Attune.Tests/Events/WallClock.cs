namespace Attune.Tests.Events;

/// <summary>Watches a clock on the wall minute by minute, as somebody would who knew of no time zones: an oracle for cron timers.</summary>
internal static class WallClock
{
    private static readonly Dictionary<string, int> Names = new()
    {
        ["SUN"] = 0, ["MON"] = 1, ["TUE"] = 2, ["WED"] = 3, ["THU"] = 4, ["FRI"] = 5, ["SAT"] = 6, ["FEB"] = 2, ["NOV"] = 11,
    };

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<DateTimeOffset> Ticks(string expression, string zone, DateTimeOffset after, DateTimeOffset until)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var fields = expression.Split(' ');
        var isRepeating = fields[..2].Any(field => field.Contains('*', StringComparison.Ordinal));
        var minutes = Enumerable.Range(0, 60).Select(minute => Takes(fields[0], minute, 0, 59)).ToArray();
        var hours = Enumerable.Range(0, 24).Select(hour => Takes(fields[1], hour, 0, 23)).ToArray();
        var ticks = new List<DateTimeOffset>();
        var furthest = Shown(after - TimeSpan.FromDays(2));
        var now = furthest;
        for (var at = after - TimeSpan.FromDays(2) + Minute; at <= until; at += Minute)
        {
            (var before, now) = (now, Shown(at));
            var isDue = IsMeant(now) && (isRepeating || now > furthest);

            // The clocks were put forward: what they left out is due.
            for (var leftOut = before + Minute; leftOut < now; leftOut += Minute)
            {
                isDue |= IsMeant(leftOut);
            }

            furthest = now > furthest ? now : furthest;
            if (isDue && at > after)
            {
                ticks.Add(at);
            }
        }

        return ticks;

        DateTime Shown(DateTimeOffset instant) => instant.UtcDateTime + clock.GetUtcOffset(instant);

        bool IsMeant(DateTime wall) => minutes[wall.Minute] && hours[wall.Hour] && IsDay(fields[2], fields[3], fields[4], wall);
    }

    /// <summary>Whether crontab would run something on a day.</summary>
    public static bool IsDay(string ofMonth, string month, string ofWeek, DateTime day)
    {
        var (isDate, isWeekday) = (
            ofMonth == "?" || ofMonth.Split(',').Any(element => IsDate(element, day)),
            ofWeek == "?" || ofWeek.Split(',').Any(element => IsWeekday(element, day)));
        var bothAreRestricted = !"*?".Contains(ofMonth[0], StringComparison.Ordinal) && !"*?".Contains(ofWeek[0], StringComparison.Ordinal);
        return Takes(month, day.Month, 1, 12) && (bothAreRestricted ? isDate || isWeekday : isDate && isWeekday);
    }

    private static bool IsDate(string element, DateTime day)
    {
        var last = DateTime.DaysInMonth(day.Year, day.Month);
        var number = element.TrimStart('L').TrimEnd('W');
        if (element[0] != 'L' && element[^1] != 'W')
        {
            return Takes(element, day.Day, 1, 31);
        }

        var meant = element[0] == 'L' ? last + (number.Length == 0 ? 0 : Number(number)) : Number(number);
        if (element[^1] == 'W')
        {
            meant = meant < 1 || meant > last ? 0 : ((int[])[0, -1, 1, -2, 2]).Select(away => meant + away)
                .First(near => near >= 1 && near <= last && new DateTime(day.Year, day.Month, near).DayOfWeek
                    is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        }

        return day.Day == meant;
    }

    private static bool IsWeekday(string element, DateTime day)
    {
        var isLast = element.Length > 1 && element[^1] == 'L';
        var parts = element.TrimEnd(isLast ? 'L' : ' ').Split('#');
        return Takes(parts[0], (int)day.DayOfWeek, 0, 6)
            && (!isLast || day.AddDays(7).Month != day.Month)
            && (parts.Length == 1 || (day.Day + 6) / 7 == Number(parts[1]));
    }

    private static bool Takes(string field, int value, int least, int most) => field.Split(',').Any(element =>
    {
        var parts = element.Split('/');
        var ends = parts[0] == "*" ? [least, most] : parts[0].Split('-').Select(Number).ToArray();
        var (at, end) = (ends[0], ends.Length > 1 ? ends[1] : parts.Length > 1 ? most : ends[0]);
        var length = most - least + 1;
        for (var left = (((end - at) % length) + length) % length; ; left -= parts.Length > 1 ? Number(parts[1]) : 1)
        {
            if (left < 0)
            {
                return false;
            }

            if ((((end - left - value) % length) + length) % length == 0)
            {
                return true;
            }
        }
    });

    private static int Number(string text) => Names.TryGetValue(text, out var number)
        ? number : int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
