using System.Globalization;
using System.Text.Json;
using Attune.Modules.Events;
using Attune.Modules.Events.Timers;

namespace Attune.Tests.Events;

/// <summary>When timers tick, and what becomes of ticks that were missed: no clock, no database.</summary>
[TestFixture]
public sealed class TimerScheduleTests
{
    private static readonly DateTimeOffset Now = At("2027-01-15T08:00:00Z");

    [TestCase("30 6 * * *", "UTC", "2027-01-15T08:00:00Z", "2027-01-16T06:30:00Z")]
    [TestCase("30 6 * * *", "Europe/Berlin", "2027-01-15T08:00:00Z", "2027-01-16T05:30:00Z")]
    [TestCase("30 6 * * *", "Europe/Berlin", "2027-07-15T08:00:00Z", "2027-07-16T04:30:00Z")]
    [TestCase("30 6 * * MON-FRI", "America/New_York", "2027-01-15T12:00:00Z", "2027-01-18T11:30:00Z")]
    [TestCase("*/10 * * * * *", "UTC", "2027-01-15T08:00:00Z", "2027-01-15T08:00:10Z")]
    [TestCase("0 0 29 2 *", "UTC", "2027-01-15T08:00:00Z", "2028-02-29T00:00:00Z")]
    [TestCase("@hourly", "UTC", "2027-01-15T08:00:00Z", "2027-01-15T09:00:00Z")]
    public void A_cron_timer_ticks_by_the_clocks_of_its_zone(string expression, string zone, string after, string expected) =>
        Assert.That(Cron(expression, zone).Next(At(after)), Is.EqualTo(At(expected)));

    [Test]
    public void A_cron_timer_without_a_zone_goes_by_UTC() =>
        Assert.That(Parse("core.cron", """{"expression": "0 12 * * *"}""").Next(Now), Is.EqualTo(At("2027-01-15T12:00:00Z")));

    // On 28 March 2027 the clocks of Berlin go from 02:00 (+01:00) to 03:00 (+02:00): 01:00 UTC.
    [TestCase(
        "30 2 * * *", "2027-03-28T01:00:00Z", TestName = "In_spring_a_time_that_the_clocks_leave_out_ticks_once_as_soon_as_they_have")]
    [TestCase("0 3 * * *", "2027-03-28T01:00:00Z", TestName = "In_spring_the_first_time_after_the_gap_ticks_once")]
    [TestCase("30 1 * * *", "2027-03-28T00:30:00Z", TestName = "In_spring_a_time_before_the_gap_ticks_as_ever")]
    // On 31 October 2027 they go from 03:00 (+02:00) back to 02:00 (+01:00), also at 01:00 UTC.
    [TestCase("30 2 * * *", "2027-10-31T00:30:00Z", TestName = "In_autumn_a_time_that_comes_twice_ticks_the_first_time_only")]
    [TestCase("0 3 * * *", "2027-10-31T02:00:00Z", TestName = "In_autumn_a_time_after_the_hour_that_comes_twice_ticks_once")]
    public void A_daily_timer_ticks_once_a_day(string expression, string expected)
    {
        var day = At(expected).Date;

        // A day in Berlin begins one or two hours before that of UTC.
        var ticks = Ticks(Cron(expression, "Europe/Berlin"), new(day.AddHours(-2), TimeSpan.Zero), new(day.AddHours(22), TimeSpan.Zero));

        Assert.That(ticks, Is.EqualTo((DateTimeOffset[])[At(expected)]));
    }

    [TestCase("2027-03-28", 23)]
    [TestCase("2027-10-31", 25)]
    [TestCase("2027-06-01", 24)]
    public void An_hourly_timer_ticks_every_hour_that_passes(string date, int expected)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var day = DateTime.Parse(date, CultureInfo.InvariantCulture);
        var ticks = Ticks(Cron("0 * * * *", "Europe/Berlin"), Midnight(day).AddTicks(-1), Midnight(day.AddDays(1)).AddTicks(-1));

        Assert.That(ticks, Has.Count.EqualTo(expected).And.Unique);
        Assert.That(ticks.Zip(ticks.Skip(1), (one, next) => next - one), Is.All.EqualTo(TimeSpan.FromHours(1)));

        DateTimeOffset Midnight(DateTime of) => new(of, zone.GetUtcOffset(of));
    }

    [Test]
    public void A_timer_of_every_half_hour_ticks_on_through_the_hour_that_comes_twice()
    {
        var ticks = Ticks(Cron("*/30 * * * *", "Europe/Berlin"), At("2027-10-30T23:59:59Z"), At("2027-10-31T02:00:00Z"));

        Assert.That(ticks, Is.EqualTo((DateTimeOffset[])
        [
            At("2027-10-31T00:00:00Z"), At("2027-10-31T00:30:00Z"), At("2027-10-31T01:00:00Z"), At("2027-10-31T01:30:00Z"),
            At("2027-10-31T02:00:00Z"),
        ]));
    }

    [Test]
    public void No_zone_brings_a_tick_twice_or_leaves_one_out(
        [Values("Europe/Dublin", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/New_York",
            "Antarctica/Troll")] string zone,
        [Values("0 1 * * *", "15 0 * * *", "45 2 * * *", "30 1 * * *", "0 * * * *", "*/15 * * * *", "*/15 2 * * *", "0 */2 * * *",
            "0 0 1 * *", "30 2 L * SUN#2", "15 0 1 * SAT,5L", "30 1 */2 NOV-FEB SUN")] string expression)
    {
        // The last years that they all changed their clocks in; Apia left a whole day out in 2011.
        var start = At("2009-12-30T00:00:00Z");
        var until = At("2012-01-03T00:00:00Z");

        Assert.That(Ticks(Cron(expression, zone), start, until), Is.EqualTo(WallClock.Ticks(expression, zone, start, until)));
    }

    [Test]
    public void Every_time_zone_that_the_machine_lists_is_taken() => Assert.Multiple(() =>
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones().Where(zone => !zone.Id.Contains(' ', StringComparison.Ordinal)))
        {
            Assert.That(() => Cron("0 12 * * *", zone.Id).Next(Now), Is.GreaterThan(Now), zone.Id);
        }
    });

    [TestCase("utc")]
    [TestCase("posix/Europe/Berlin")]
    public void A_time_zone_whose_name_only_the_machine_knows_ticks_as_the_machine_says(string name)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            Assert.Ignore($"The machine has no {name}.");
        }

        var noon = Cron("0 12 * * *", name).Next(Now)!.Value;

        Assert.That(TimeZoneInfo.ConvertTime(noon, zone).TimeOfDay, Is.EqualTo(TimeSpan.FromHours(12)));
    }

    [TestCase("60.0")]
    [TestCase("6e1")]
    public void A_number_of_seconds_is_a_number_however_it_is_spelt(string seconds) =>
        Assert.That(Parse("core.interval", $$"""{"seconds": {{seconds}}}""").Next(Now), Is.EqualTo(At("2027-01-15T08:01:00Z")));

    [TestCase(1, "2027-01-15T08:00:00Z", "2027-01-15T08:00:01Z")]
    [TestCase(60, "2027-01-15T08:00:00Z", "2027-01-15T08:01:00Z")]
    [TestCase(60, "2027-01-15T07:59:59.999Z", "2027-01-15T08:00:00Z")]
    [TestCase(86_400, "2027-01-15T08:00:00Z", "2027-01-16T00:00:00Z")]
    public void An_interval_is_counted_from_the_epoch_by_every_host_alike(int seconds, string after, string expected) =>
        Assert.That(Interval(seconds).Next(At(after)), Is.EqualTo(At(expected)));

    [Test]
    public void A_moment_within_a_second_comes_with_the_next_one_and_not_too_soon()
    {
        var once = Parse("core.date_time", """{"fire_at": "2027-01-31T09:00:00.25+01:00"}""");

        Assert.That(once.Next(At("2027-01-31T08:00:00.1Z")), Is.EqualTo(At("2027-01-31T08:00:01Z")));
    }

    [Test]
    public void A_moment_comes_once()
    {
        var once = Parse("core.date_time", """{"fire_at": "2027-01-31T09:00:00+01:00"}""");

        Assert.That(once.Next(Now), Is.EqualTo(At("2027-01-31T08:00:00Z")));
        Assert.That(once.Next(At("2027-01-31T08:00:00Z")), Is.Null);
    }

    [TestCase("core.interval", "{}", "seconds")]
    [TestCase("core.interval", """{"seconds": 0}""", "seconds")]
    [TestCase("core.interval", """{"seconds": 1.5}""", "seconds")]
    [TestCase("core.interval", """{"seconds": 31622401}""", "seconds")]
    [TestCase("core.interval", """{"seconds": 5, "missed_ticks": "some"}""", "missed_ticks")]
    [TestCase("core.interval", """{"seconds": 5, "missed_ticks": 1}""", "missed_ticks")]
    [TestCase("core.interval", """{"seconds": 5, "unit": "minutes"}""", "unit")]
    [TestCase("core.cron", "{}", "expression")]
    [TestCase("core.cron", """{"expression": ""}""", "expression")]
    [TestCase("core.cron", """{"expression": 5}""", "expression")]
    [TestCase("core.cron", """{"expression": "* * * *"}""", "expression")]
    [TestCase("core.cron", """{"expression": "60 * * * *"}""", "expression")]
    [TestCase("core.cron", """{"expression": "* * * * * * *"}""", "expression")]
    [TestCase("core.cron", """{"expression": "0 0 30 2 *"}""", "expression")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "timezone": "+01:00"}""", "timezone")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "timezone": "Mars Standard Time"}""", "timezone")]
    [TestCase("core.intervaltimer", """{"unit": "seconds"}""", "interval")]
    [TestCase("core.intervaltimer", """{"unit": "weeks", "interval": 1}""", "unit")]
    [TestCase("core.intervaltimer", """{"unit": "second", "interval": 1}""", "unit")]
    [TestCase("core.intervaltimer", """{"unit": "seconds", "interval": 0}""", "interval")]
    [TestCase("core.intervaltimer", """{"unit": "seconds", "interval": -1}""", "interval")]
    [TestCase("core.intervaltimer", """{"unit": "days", "interval": 367}""", "interval")]
    [TestCase("core.intervaltimer", """{"unit": "days", "interval": "1"}""", "interval")]
    [TestCase("core.intervaltimer", """{"seconds": 5}""", "interval")]
    [TestCase("core.intervaltimer", """{"interval": 5, "seconds": 5}""", "seconds")]
    [TestCase("core.intervaltimer", """{"interval": 5, "type": "cron"}""", "type")]
    [TestCase("core.crontimer", """{"expression": "0 0 31 2 *"}""", "expression")]
    [TestCase("core.crontimer", """{"expression": "0 0 * * *", "timezone": "Berlin"}""", "timezone")]
    [TestCase("core.datetimetimer", """{"fire_at": "tomorrow"}""", "fire_at")]
    [TestCase("core.date_time", """{"fire_at": "2027-01-31T09:00:00", "timezone": "Nowhere"}""", "timezone")]
    [TestCase("core.date_time", """{"fire_at": "0001-01-01T00:00:00", "timezone": "Asia/Tokyo"}""", "fire_at")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "timezone": "Europe/Nowhere"}""", "timezone")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "timezone": "../../../etc/passwd"}""", "timezone")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "timezone": ""}""", "timezone")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "timezone": "localtime"}""", "timezone")]
    [TestCase("core.cron", """{"expression": "0 0 * * *", "time_zone": "Europe/Berlin"}""", "time_zone")]
    [TestCase("core.date_time", "{}", "fire_at")]
    [TestCase("core.date_time", """{"fire_at": "tomorrow"}""", "fire_at")]
    [TestCase("core.date_time", """{"fire_at": "2027-01-31T09:00:00"}""", "fire_at")]
    [TestCase("core.date_time", """{"fire_at": "2027-02-31T09:00:00Z"}""", "fire_at")]
    [TestCase("core.date_time", """{"fire_at": "9999-12-31T23:59:59.9Z"}""", "fire_at")]
    public void Parameters_of_no_timer_are_refused_at_their_place(string trigger, string parameters, string place)
    {
        var refused = Assert.Throws<RefusedException>(() => EventsModule.CheckTimer(trigger, JsonElement.Parse(parameters)));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, $"trigger_params.{place}")));
    }

    [TestCase("core.intervaltimer", """{"unit": "hours", "interval": 2}""", "2027-01-15T10:00:00Z")]
    [TestCase("core.intervaltimer", """{"unit": "minutes", "interval": 5, "type": "interval"}""", "2027-01-15T08:05:00Z")]
    [TestCase("core.intervaltimer", """{"unit": "days", "interval": 1}""", "2027-01-16T00:00:00Z")]
    [TestCase("core.intervaltimer", """{"interval": 30}""", "2027-01-15T08:00:30Z")]
    [TestCase("core.crontimer", """{"expression": "0 30 8 * * 1"}""", "2027-01-18T08:30:00Z")]
    [TestCase("core.crontimer", """{"expression": "30 6 * * *", "timezone": "Europe/Berlin", "type": "cron"}""", "2027-01-16T05:30:00Z")]
    [TestCase("core.datetimetimer", """{"fire_at": "2027-12-31T23:59:59Z", "timezone": "America/New_York"}""", "2027-12-31T23:59:59Z")]
    [TestCase("core.datetimetimer", """{"fire_at": "2027-12-31T23:59:59", "type": "one_shot"}""", "2027-12-31T23:59:59Z")]
    public void The_original_s_timers_tick_as_its_parameters_say(string trigger, string parameters, string expected)
    {
        Assert.That(() => EventsModule.CheckTimer(trigger, JsonElement.Parse(parameters)), Throws.Nothing);
        Assert.That(Parse(trigger, parameters).Next(Now), Is.EqualTo(At(expected)));
    }

    // In Berlin clocks leave out 02:00 to 03:00 on 28 March, and show it twice on 31 October.
    [TestCase("2027-07-01T09:00:00", "2027-07-01T07:00:00Z")]
    [TestCase("2027-03-28T02:30:00", "2027-03-28T01:00:00Z")]
    [TestCase("2027-10-31 02:30", "2027-10-31T00:30:00Z")]
    [TestCase("2027-07-01T09:00:00Z", "2027-07-01T09:00:00Z")]
    [TestCase("2027-07-01T09:00:00-07:00", "2027-07-01T16:00:00Z")]
    public void A_moment_without_an_offset_is_read_by_the_clocks_of_the_zone_that_is_named(string moment, string expected) => Assert.That(
        Parse("core.date_time", $$"""{"fire_at": "{{moment}}", "timezone": "Europe/Berlin"}""").Next(Now), Is.EqualTo(At(expected)));

    [TestCase("Berlin", "Europe/Berlin")]
    [TestCase("Europe/Berln", "Europe/Berlin")]
    [TestCase("New York", "America/New_York")]
    [TestCase("Amercia/New_York", "America/New_York")]
    [TestCase("EST6EDT", "EST5EDT")]
    [TestCase("PST", "such as PST8PDT.")]
    public void A_time_zone_that_is_not_known_is_answered_with_near_ones(string name, string near)
    {
        var refused = Assert.Throws<RefusedException>(() => Cron("0 0 * * *", name));

        Assert.That(refused.Field, Is.EqualTo("trigger_params.timezone"));
        Assert.That(refused.Message, Does.Contain(near));
    }

    [TestCase("W. Europe Standard Time", "2027-01-15T11:00:00Z")]
    [TestCase("eastern standard time", "2027-01-15T17:00:00Z")]
    [TestCase("europe/berlin", "2027-01-15T11:00:00Z")]
    [TestCase("Etc/GMT-1", "2027-01-15T11:00:00Z")]
    public void The_names_of_Windows_and_other_spellings_are_time_zones_too(string name, string noon) =>
        Assert.That(Cron("0 12 * * *", name).Next(Now), Is.EqualTo(At(noon)));

    [Test]
    public void A_moment_that_is_past_is_refused_with_its_place_where_it_has_to_come()
    {
        var past = JsonElement.Parse("""{"fire_at": "2020-01-01T00:00:00Z"}""");

        var refused = Assert.Throws<RefusedException>(() => EventsModule.TicksToCome("core.date_time", past, Now, 3));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "trigger_params.fire_at")));
        Assert.That(() => EventsModule.CheckTimer("core.date_time", past), Throws.Nothing, "an old rule stays what it is");
    }

    [TestCase("core.interval", """{"seconds": 3600}""", "2027-01-15T09:00:00Z 2027-01-15T10:00:00Z 2027-01-15T11:00:00Z")]
    [TestCase("core.date_time", """{"fire_at": "2027-01-15T09:00:00+01:00"}""", "")]
    [TestCase("core.date_time", """{"fire_at": "2027-01-15T09:00:01+01:00"}""", "2027-01-15T08:00:01Z")]
    [TestCase("core.interval", """{"seconds": 0}""", "")]
    [TestCase("core.cron", "[]", "")]
    [TestCase("shop.order_placed", """{"seconds": 5}""", "")]
    public void The_next_ticks_are_told_and_none_of_what_no_timer_can_be_made_of(string trigger, string parameters, string expected) =>
        Assert.That(
            EventsModule.NextTicks(trigger, JsonElement.Parse(parameters), Now, 3),
            Is.EqualTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(At)));

    [Test]
    public void The_parameters_of_another_trigger_are_its_own_affair() =>
        Assert.That(() => EventsModule.CheckTimer("shop.order_placed", JsonElement.Parse("""{"seconds": "many"}""")), Throws.Nothing);

    // Every minute; the last tick that is done with was so many seconds ago. Ticks lie at 0, -60, -120, …
    [TestCase("latest", 0, null, 0)]
    [TestCase("latest", 1, "0", 0)]
    [TestCase("latest", 61, "-60 0", 0)]
    [TestCase("latest", 601, "-60 0", 9)]
    [TestCase("all", 601, "-600 -540 -480 -420 -360 -300 -240 -180 -120 -60 0", 0)]
    [TestCase("none", 601, "-60 0", 9)]
    public void Ticks_up_to_a_minute_late_are_fired_and_others_as_the_rule_says(string missed, int position, string? fired, int letGo)
    {
        var due = DueTicks.Of(Interval(60, missed), Now.AddSeconds(-position), Now);

        Assert.That(Shown(due), Is.EqualTo(fired));
        Assert.That(due?.LetGo ?? 0, Is.EqualTo(letGo));
        Assert.That(due?.Until ?? Now, Is.EqualTo(Now));
    }

    // Every hour, half past: none is on time.
    [TestCase("latest", 5, "-1800", 4)]
    [TestCase("all", 5, "-16200 -12600 -9000 -5400 -1800", 0)]
    [TestCase("none", 5, null, 0)]
    public void When_none_is_on_time_the_last_one_stands_for_those_before_it(string missed, int hours, string? fired, int letGo)
    {
        var now = Now.AddMinutes(30);
        var due = DueTicks.Of(Interval(3_600, missed), now.AddHours(-hours), now);

        Assert.That(Shown(due, now), Is.EqualTo(fired));
        Assert.That(due?.LetGo ?? 0, Is.EqualTo(letGo));
    }

    [Test]
    public void No_more_than_a_thousand_are_fired_a_few_at_a_time_and_the_others_are_counted()
    {
        var now = Now.AddMinutes(30);
        var fired = new List<DateTimeOffset>();
        var (letGo, turns) = (0L, 0);
        for (var (position, hasMore) = (now.AddDays(-100), true); hasMore; turns++)
        {
            var due = DueTicks.Of(Interval(3_600, "all"), position, now)!;
            fired.AddRange(due.Fired);
            letGo += due.LetGo;
            (position, hasMore) = (due.Until, due.HasMore);
            Assert.That(position, Is.EqualTo(due.Fired[^1]));
        }

        Assert.That((fired.Count, letGo, turns), Is.EqualTo((1_000, 1_400L, 50)));
        Assert.That(fired, Is.Ordered.And.Unique);
        Assert.That(fired[^1], Is.EqualTo(Now));
    }

    [Test]
    public void A_timer_that_came_further_than_now_by_a_clock_that_was_ahead_goes_on_with_now()
    {
        var due = DueTicks.Of(Interval(60), Now.AddDays(400), Now.AddSeconds(1))!;

        Assert.That(Shown(due, Now), Is.EqualTo("0"));
        Assert.That(DueTicks.Of(Interval(60), Now.AddSeconds(2), Now.AddSeconds(1)), Is.Null, "a new timer may be a moment ahead");
    }

    [Test]
    public void A_moment_that_was_missed_is_let_go_for_good_where_the_rule_wants_none()
    {
        var once = Parse("core.date_time", """{"fire_at": "2027-01-15T07:00:00Z", "missed_ticks": "none"}""");

        var due = DueTicks.Of(once, Now.AddDays(-1), Now)!;

        Assert.That((due.Fired.Count, due.LetGo, due.Until), Is.EqualTo((0, 1L, At("2027-01-15T07:00:00Z"))));
        Assert.That(DueTicks.Of(once, due.Until, Now), Is.Null);
    }

    private static string? Shown(DueTicks? due, DateTimeOffset? now = null) => due is null
        ? null
        : string.Join(' ', due.Fired.Select(tick => (tick - (now ?? Now)).TotalSeconds.ToString(CultureInfo.InvariantCulture)));

    private static List<DateTimeOffset> Ticks(TimerSchedule schedule, DateTimeOffset after, DateTimeOffset until)
    {
        var ticks = new List<DateTimeOffset>();
        for (var next = schedule.Next(after); next is { } tick && tick <= until; next = schedule.Next(tick))
        {
            Assert.That(tick, Is.GreaterThan(ticks.Count == 0 ? after : ticks[^1]), "time must go on");
            ticks.Add(tick);
        }

        return ticks;
    }

    private static TimerSchedule Interval(int seconds, string missed = "latest") =>
        Parse("core.interval", $$"""{"seconds": {{seconds}}, "missed_ticks": "{{missed}}"}""");

    private static TimerSchedule Cron(string expression, string zone) =>
        Parse("core.cron", $$"""{"expression": "{{expression}}", "timezone": "{{zone}}"}""");

    private static TimerSchedule Parse(string trigger, string parameters) => TimerSchedule.Parse(trigger, JsonElement.Parse(parameters));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
