namespace Attune.Tests.Events;

/// <summary>Watches a clock on the wall minute by minute, as somebody would who knew of no time zones: an oracle for cron timers.</summary>
internal static class WallClock
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<DateTimeOffset> Ticks(string expression, string zone, DateTimeOffset after, DateTimeOffset until)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var fields = expression.Split(' ');
        var isRepeating = fields[..2].Any(field => field.Contains('*', StringComparison.Ordinal));
        var ticks = new List<DateTimeOffset>();
        var furthest = Shown(after - TimeSpan.FromDays(2));
        for (var at = after - TimeSpan.FromDays(2) + Minute; at <= until; at += Minute)
        {
            var (before, now) = (Shown(at - Minute), Shown(at));
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

        bool IsMeant(DateTime wall) => Takes(fields[0], wall.Minute) && Takes(fields[1], wall.Hour) && Takes(fields[2], wall.Day);
    }

    private static bool Takes(string field, int value) => field switch
    {
        "*" => true,
        ['*', '/', .. var step] => value % int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) == 0,
        _ => value == int.Parse(field, System.Globalization.CultureInfo.InvariantCulture),
    };
}
