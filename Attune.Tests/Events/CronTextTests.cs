using System.Globalization;
using System.Text.Json;
using Attune.Modules.Events.Timers;

namespace Attune.Tests.Events;

/// <summary>What cron expressions mean, and what is none: no clock, no database.</summary>
[TestFixture]
public sealed class CronTextTests
{
    private const int Shown = 700;

    // Weekdays fall on the same dates again after 28 years.
    private const int CalendarRepeats = 28 * 1461 / 4;

    private static readonly DateTimeOffset Start = new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero);

    // 27 August 2027 is a Friday.
    [TestCase("* * 27 * MON", "2027-08-26T23:59:59Z", "2027-08-27T00:00:00Z")]
    [TestCase("* * 27 * MON", "2027-08-27T23:59:00Z", "2027-08-30T00:00:00Z")]
    [TestCase("0 0 13 * FRI", "2027-06-12T00:00:00Z", "2027-06-13T00:00:00Z")]
    [TestCase("0 0 1-31 * MON", "2027-06-01T00:00:00Z", "2027-06-02T00:00:00Z")]
    [TestCase("0 0 30 2 MON", "2027-06-01T00:00:00Z", "2028-02-07T00:00:00Z")]
    [TestCase("0 0 LW * SUN", "2027-06-28T00:00:00Z", "2027-06-30T00:00:00Z")]
    [TestCase("0 0 27 * MON#1", "2027-06-08T00:00:00Z", "2027-06-27T00:00:00Z")]
    [TestCase("0 0 0 27 * MON", "2027-06-24T00:00:00Z", "2027-06-27T00:00:00Z")]
    public void Either_of_the_two_days_is_enough_when_both_are_restricted(string expression, string after, string expected) =>
        Assert.That(Cron(expression).Next(At(after)), Is.EqualTo(At(expected)));

    [TestCase("0 0 */2 * MON", "2027-06-01T00:00:00Z", "2027-06-07T00:00:00Z")]
    [TestCase("0 0 1 * */2", "2027-06-01T00:00:00Z", "2027-07-01T00:00:00Z")]
    [TestCase("0 0 * * MON", "2027-06-01T00:00:00Z", "2027-06-07T00:00:00Z")]
    [TestCase("0 0 ? * MON", "2027-06-01T00:00:00Z", "2027-06-07T00:00:00Z")]
    [TestCase("0 0 15 * ?", "2027-06-01T00:00:00Z", "2027-06-15T00:00:00Z")]
    [TestCase("0 0 ? * *", "2027-06-01T00:00:00Z", "2027-06-02T00:00:00Z")]
    public void A_day_that_begins_with_a_star_or_is_left_open_only_narrows_the_other(string expression, string after, string expected) =>
        Assert.That(Cron(expression).Next(At(after)), Is.EqualTo(At(expected)));

    [TestCase("0 0 L * *", "2027-06-30T00:00:00Z 2027-07-31T00:00:00Z")]
    [TestCase("0 0 L 2 *", "2028-02-29T00:00:00Z 2029-02-28T00:00:00Z")]
    [TestCase("0 0 L-3 * *", "2027-06-27T00:00:00Z 2027-07-28T00:00:00Z")]
    [TestCase("0 0 LW * *", "2027-06-30T00:00:00Z 2027-07-30T00:00:00Z")]
    [TestCase("0 0 15W * *", "2027-06-15T00:00:00Z 2027-07-15T00:00:00Z 2027-08-16T00:00:00Z")]
    [TestCase("0 0 1W 8 *", "2027-08-02T00:00:00Z")]
    [TestCase("0 0 1W 1 *", "2028-01-03T00:00:00Z")]
    [TestCase("0 0 L,15 * *", "2027-06-15T00:00:00Z 2027-06-30T00:00:00Z")]
    [TestCase("0 0 * * MON#1,MON#3", "2027-06-07T00:00:00Z 2027-06-21T00:00:00Z 2027-07-05T00:00:00Z")]
    [TestCase("0 0 * * 5#5", "2027-07-30T00:00:00Z 2027-10-29T00:00:00Z")]
    [TestCase("0 0 * * FRIL", "2027-06-25T00:00:00Z 2027-07-30T00:00:00Z")]
    [TestCase("0 0 * * 7L", "2027-06-27T00:00:00Z 2027-07-25T00:00:00Z")]
    [TestCase("0 0 * * 5l", "2027-06-25T00:00:00Z")]
    [TestCase("0 0 * * mon#2", "2027-06-14T00:00:00Z")]
    [TestCase("0 0 * * 7", "2027-06-06T00:00:00Z 2027-06-13T00:00:00Z")]
    [TestCase(
        "0 0 * * FRI-MON", "2027-06-04T00:00:00Z 2027-06-05T00:00:00Z 2027-06-06T00:00:00Z 2027-06-07T00:00:00Z 2027-06-11T00:00:00Z")]
    [TestCase("0 0 * * 6-7", "2027-06-05T00:00:00Z 2027-06-06T00:00:00Z 2027-06-12T00:00:00Z")]
    [TestCase(
        "0 0 1 NOV-FEB *", "2027-11-01T00:00:00Z 2027-12-01T00:00:00Z 2028-01-01T00:00:00Z 2028-02-01T00:00:00Z 2028-11-01T00:00:00Z")]
    [TestCase("0 22-2/2 1 7 *", "2027-07-01T00:00:00Z 2027-07-01T02:00:00Z 2027-07-01T22:00:00Z")]
    [TestCase("5/25 0 1 7 *", "2027-07-01T00:05:00Z 2027-07-01T00:30:00Z 2027-07-01T00:55:00Z 2028-07-01T00:05:00Z")]
    [TestCase("1,3-7/2 0 1 7 *", "2027-07-01T00:01:00Z 2027-07-01T00:03:00Z 2027-07-01T00:05:00Z 2027-07-01T00:07:00Z")]
    [TestCase("*/30,7 0 1 7 *", "2027-07-01T00:00:00Z 2027-07-01T00:07:00Z 2027-07-01T00:30:00Z")]
    [TestCase("30 0 12 1 7 *", "2027-07-01T12:00:30Z 2028-07-01T12:00:30Z")]
    [TestCase("0\t0  1 7 *", "2027-07-01T00:00:00Z")]
    [TestCase("@hourly", "2027-06-01T01:00:00Z 2027-06-01T02:00:00Z")]
    [TestCase("@daily", "2027-06-02T00:00:00Z 2027-06-03T00:00:00Z")]
    [TestCase("@Midnight", "2027-06-02T00:00:00Z")]
    [TestCase("@weekly", "2027-06-06T00:00:00Z 2027-06-13T00:00:00Z")]
    [TestCase("@monthly", "2027-07-01T00:00:00Z 2027-08-01T00:00:00Z")]
    [TestCase("@yearly", "2028-01-01T00:00:00Z 2029-01-01T00:00:00Z")]
    [TestCase("@annually", "2028-01-01T00:00:00Z")]
    public void An_expression_ticks_when_it_says(string expression, string expected)
    {
        var ticks = new List<DateTimeOffset>();
        foreach (var _ in expected.Split(' '))
        {
            ticks.Add(Cron(expression).Next(ticks.Count == 0 ? Start : ticks[^1])!.Value);
        }

        Assert.That(ticks, Is.EqualTo(expected.Split(' ').Select(At)));
    }

    [TestCase("0 0 31 2 *", "would never tick")]
    [TestCase("0 0 30 2 *", "would never tick")]
    [TestCase("0 0 31 4,6,9,11 *", "would never tick")]
    [TestCase("0 0 30,31 2 ?", "would never tick")]
    [TestCase("0 0 31W 2 *", "would never tick")]
    [TestCase("0 0 L-30 2 *", "would never tick")]
    [TestCase("@reboot", "@reboot")]
    [TestCase("@every 5m", "core.interval")]
    [TestCase("@fortnightly", "@daily")]
    [TestCase("? * * * *", "? as its minute")]
    [TestCase("0 ? * * *", "? as its hour")]
    [TestCase("0 0 * ? *", "? as its month")]
    [TestCase("? 0 0 * * *", "? as its second")]
    [TestCase("0 0 ? * ?", "must not be ?")]
    [TestCase("0 0 ?/2 * *", "day of the month")]
    [TestCase("0 0 1,? * *", "day of the month")]
    [TestCase("0 12 1 1 ? 2027", "cannot say a year")]
    [TestCase("0 0 12 1 1 ? 2027", "cannot say a year")]
    [TestCase("CRON_TZ=Europe/Berlin 0 0 * * *", "timezone")]
    [TestCase("0 0 * * L", "FRIL")]
    [TestCase("0 0 * * MONDAY", "first three letters")]
    [TestCase("0 0 * JANUARY *", "first three letters")]
    [TestCase("0 0 * * MON-FRI#2", "weekday")]
    [TestCase("0 0 * * MON#6", "weekday")]
    [TestCase("0 0 * * MON#0", "weekday")]
    [TestCase("0 0 * * 8", "weekday")]
    [TestCase("0 0 W * *", "day of the month")]
    [TestCase("0 0 32W * *", "day of the month")]
    [TestCase("0 0 1-5W * *", "day of the month")]
    [TestCase("0 0 L-31 * *", "day of the month")]
    [TestCase("0 0 0 * *", "day of the month")]
    [TestCase("0 0 32 * *", "day of the month")]
    [TestCase("0 0 * 13 *", "month")]
    [TestCase("0 24 * * *", "hour")]
    [TestCase("60 * * * *", "minute")]
    [TestCase("60 * * * * *", "second")]
    [TestCase("-1 * * * *", "minute")]
    [TestCase("1.5 * * * *", "minute")]
    [TestCase("*/90 * * * *", "1 to 59")]
    [TestCase("*/0 * * * *", "1 to 59")]
    [TestCase("1/2/3 * * * *", "step")]
    [TestCase("*- * * * *", "minute")]
    [TestCase("1- * * * *", "minute")]
    [TestCase("1,,2 * * * *", "minute")]
    [TestCase("MON * * * *", "minute")]
    [TestCase("H * * * *", "minute")]
    [TestCase("٣ * * * *", "minute")]
    [TestCase("* * * *", "five fields")]
    [TestCase("* * * * * * * *", "five fields")]
    [TestCase("tomorrow", "five fields")]
    [TestCase("   ", "five fields")]
    public void An_expression_that_is_none_is_refused_with_its_reason(string expression, string reason)
    {
        var refused = Assert.Throws<RefusedException>(() => Cron(expression));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "trigger_params.expression")));
        Assert.That(refused.Message, Does.Contain(reason));
    }

    [Test]
    public void An_expression_that_combines_very_many_kinds_of_days_is_refused()
    {
        var days = string.Join(',', Enumerable.Range(1, 20).Select(day => $"{day}W"));

        Assert.That(() => Cron($"0 0 */2,{days} * MON#1,TUE#1,WED#1,THU#1"), Throws.TypeOf<RefusedException>()
            .With.Message.Contains("kinds of days"));
    }

    [Test]
    public void Each_way_to_say_days_ticks_on_the_days_that_crontab_would(
        [Values("*", "?", "*/2", "1", "27", "1,15", "10-20/3", "25-5", "5/7", "31", "29", "L", "L-3", "LW", "15W", "L-2W", "1W", "L,15",
            "15W,1", "31W")] string ofMonth,
        [Values("*", "2", "FEB,4", "NOV-FEB", "*/5")] string month)
    {
        string[] weekdays =
        [
            "*", "?", "MON", "1", "7", "0", "MON-FRI", "FRI-MON", "5-7", "MON,WED", "MON#1", "5#5", "5L", "SUNL", "MON#1,MON#3", "2#2,FRI",
            "*/2", "7#2", "SAT,SUN", "1-7/2",
        ];
        foreach (var ofWeek in weekdays.Where(ofWeek => (ofMonth, ofWeek) != ("?", "?")))
        {
            var expression = $"0 0 {ofMonth} {month} {ofWeek}";
            var days = Days(ofMonth, month, ofWeek, Shown);
            if (days.Count == 0 && Days(ofMonth, month, ofWeek, CalendarRepeats).Count == 0)
            {
                Assert.That(() => Cron(expression), Throws.TypeOf<RefusedException>(), expression);
                continue;
            }

            var schedule = Cron(expression);
            var ticks = new List<DateTimeOffset>();
            for (var next = schedule.Next(Start); next <= Start.AddDays(Shown); next = schedule.Next(next.Value))
            {
                ticks.Add(next.Value);
            }

            Assert.That(ticks, Is.EqualTo(days), expression);
        }
    }

    private static List<DateTimeOffset> Days(string ofMonth, string month, string ofWeek, int count) =>
    [
        .. Enumerable.Range(1, count).Select(day => Start.AddDays(day)).Where(
            day => WallClock.IsDay(ofMonth, month, ofWeek, day.UtcDateTime)),
    ];

    private static TimerSchedule Cron(string expression) =>
        TimerSchedule.Parse("core.cron", JsonSerializer.SerializeToElement(new { expression }));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
