using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

/// <summary>How far a timer has come: it begins with its rule, and moves with the events of its ticks.</summary>
public sealed class RuleTimersTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const string Hourly = """{"expression": "0 * * * *", "timezone": "Europe/Berlin"}""";

    [Test]
    public async Task A_timer_begins_when_its_rule_is_made()
    {
        var before = await ClockAsync();
        var rule = await TimedRuleAsync();

        var timer = (await TimerAsync(rule))!;

        Assert.That(
            (timer.TriggerRef, timer.Parameters.GetProperty("timezone").GetString()), Is.EqualTo((TimerTriggers.Cron, "Europe/Berlin")));
        Assert.That(timer.Position, Is.InRange(before, await ClockAsync()));
        Assert.That((await Get<ITimerSource>().ListAsync(Cancellation)).Now, Is.InRange(timer.Position, await ClockAsync()));
    }

    [Test]
    public async Task A_timer_begins_anew_when_it_is_changed_or_its_rule_enabled_again_and_with_nothing_else()
    {
        var rule = await TimedRuleAsync();
        await PositionAsync(rule, "2020-01-01Z");
        var old = (await TimerAsync(rule))!.Position;

        await Rules.UpdateAsync(
            rule.Ref, new() { Label = "Another", Conditions = Parsed("""[{"field": "a", "operator": "exists"}]""") }, Cancellation);
        Assert.That((await TimerAsync(rule))!.Position, Is.EqualTo(old));

        await Rules.UpdateAsync(rule.Ref, new() { TriggerParams = Parsed("""{"expression": "5 * * * *"}""") }, Cancellation);
        Assert.That((await TimerAsync(rule))!.Position, Is.GreaterThan(old));

        await PositionAsync(rule, "2020-01-01Z");
        await Rules.UpdateAsync(rule.Ref, new() { Enabled = false }, Cancellation);
        Assert.That(await TimerAsync(rule), Is.Null);
        await Rules.UpdateAsync(rule.Ref, new() { Enabled = true }, Cancellation);
        Assert.That((await TimerAsync(rule))!.Position, Is.GreaterThan(old));

        await Rules.DeleteAsync(rule.Ref, Cancellation);
        Assert.That(await TimerAsync(rule), Is.Null);
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM rule_timer WHERE rule = @Id", new { rule.Id }), Is.Zero);
    }

    [Test]
    public async Task A_rule_of_another_trigger_has_no_timer()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);

        Assert.That(await TimerAsync(rule), Is.Null);
        await Rules.UpdateAsync(
            rule.Ref, new() { TriggerRef = TimerTriggers.Interval, TriggerParams = Parsed("""{"seconds": 5}""") }, Cancellation);
        Assert.That(await TimerAsync(rule), Is.Not.Null);
        await Rules.UpdateAsync(rule.Ref, new() { TriggerRef = trigger }, Cancellation);
        Assert.That(await TimerAsync(rule), Is.Null);
    }

    [Test]
    public async Task An_event_of_a_tick_moves_the_timer_on_in_its_own_transaction()
    {
        var rule = await TimedRuleAsync();
        await PositionAsync(rule, "2020-01-01Z");
        var tick = new DateTimeOffset(2020, 1, 1, 5, 0, 0, TimeSpan.Zero);
        NewEvent Tick(int hours, string trigger = TimerTriggers.Cron) =>
            new() { TriggerRef = trigger, Target = new(rule.Id, rule.Ref), Tick = tick.AddHours(hours) };

        await Ledger.AppendAsync([Tick(1), Tick(0)], Cancellation);
        Assert.That((await TimerAsync(rule))!.Position, Is.EqualTo(tick.AddHours(1)));

        await RefusedAsync(() => Ledger.AppendAsync([Tick(2), Tick(3, "no.such")], Cancellation));
        Assert.That((await TimerAsync(rule))!.Position, Is.EqualTo(tick.AddHours(1)), "what was not written is still due");
    }

    [Test]
    public async Task No_timer_goes_back()
    {
        var rule = await TimedRuleAsync();
        var position = (await TimerAsync(rule))!.Position;
        var timers = Get<ITimerSource>();

        await timers.AdvanceAsync(
            [new(rule.Id, position.AddHours(2)), new(rule.Id, position.AddHours(1)), new(-1, position)], Cancellation);
        await timers.AdvanceAsync([new(rule.Id, position.AddHours(1))], Cancellation);

        Assert.That((await TimerAsync(rule))!.Position, Is.EqualTo(position.AddHours(2)));
    }

    [Test]
    public async Task A_rule_whose_timer_makes_no_sense_is_refused()
    {
        var refused = await RefusedAsync(() => TimedRuleAsync("""{"expression": "0 0 * * *", "timezone": "Berlin"}"""));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "trigger_params.timezone")));
    }

    [Test]
    public async Task A_rule_that_is_made_or_changed_says_the_next_ten_ticks_of_its_timer()
    {
        var rule = await TimedRuleAsync();
        var now = await ClockAsync();

        Assert.That(rule.NextTicks, Has.Count.EqualTo(10).And.Ordered);
        Assert.That(rule.NextTicks![0], Is.InRange(now.AddMinutes(-1), now.AddHours(1)));
        Assert.That(rule.NextTicks.Select(tick => (tick.Offset, tick.Minute, tick.Second)), Is.All.EqualTo((TimeSpan.Zero, 0, 0)));

        var changed = (await Rules.UpdateAsync(
            rule.Ref, new() { TriggerParams = Parsed("""{"expression": "30 12 27 * MON"}""") }, Cancellation))!;
        Assert.That(changed.NextTicks, Has.Count.EqualTo(10));
        Assert.That(changed.NextTicks, Is.All.Matches<DateTimeOffset>(tick =>
            (tick.Hour, tick.Minute) == (12, 30) && (tick.Day == 27 || tick.DayOfWeek == DayOfWeek.Monday)));
        var off = (await Rules.UpdateAsync(rule.Ref, new() { Enabled = false }, Cancellation))!;
        Assert.That(off.NextTicks, Is.EqualTo(changed.NextTicks), "as long as it were enabled");

        var plain = await NewRuleAsync(await NewTriggerAsync());
        Assert.That(plain.NextTicks, Is.Null);
    }

    [TestCase(TimerTriggers.DateTime, true)]
    [TestCase(TimerTriggers.DateTime, false)]
    [TestCase(TimerTriggers.OriginalDateTime, true)]
    public async Task A_rule_whose_moment_is_past_is_refused_enabled_or_not(string trigger, bool enabled)
    {
        var refused = await RefusedAsync(
            () => Rules.CreateAsync(Once(trigger, "2020-01-01T00:00:00Z") with { Enabled = enabled }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "trigger_params.fire_at")));
        Assert.That(
            await ScalarAsync<long>("SELECT count(*) FROM rule WHERE trigger_params ->> 'fire_at' = '2020-01-01T00:00:00Z'"), Is.Zero);
    }

    [Test]
    public async Task A_rule_whose_moment_has_come_can_be_changed_and_disabled_but_not_made_to_wait_for_it_again()
    {
        const string gone = "2021-01-01T00:00:00Z";
        var rule = await Rules.CreateAsync(Once(TimerTriggers.DateTime, "2099-01-01T00:00:00Z"), Cancellation);
        Assert.That(rule.NextTicks, Is.EqualTo((DateTimeOffset[])[new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero)]));
        await ExecuteAsync(
            "UPDATE rule SET trigger_params = @params::jsonb WHERE id = @Id", new { rule.Id, @params = $$"""{"fire_at": "{{gone}}"}""" });

        var renamed = await Rules.UpdateAsync(rule.Ref, new() { Label = "Has been" }, Cancellation);
        Assert.That((renamed!.Label, renamed.NextTicks!.Count), Is.EqualTo(("Has been", 0)));
        await Rules.UpdateAsync(
            rule.Ref, new()
            {
                TriggerRef = rule.TriggerRef,
                TriggerParams = Parsed($$"""{ "fire_at": "{{gone}}" }"""),
                Enabled = true,
                Label = "Sent back",
            }, Cancellation);
        await Rules.UpdateAsync(rule.Ref, new() { Enabled = false }, Cancellation);
        await Rules.UpdateAsync(rule.Ref, new() { Label = "Still off" }, Cancellation);

        RuleUpdate[] refusals =
        [
            new() { Enabled = true },
            new() { State = RuleState.Shadow },
            new() { TriggerParams = Parsed("""{"fire_at": "2022-01-01T00:00:00Z"}""") },
            new() { TriggerRef = TimerTriggers.OriginalDateTime },
        ];
        foreach (var update in refusals)
        {
            var refused = await RefusedAsync(() => Rules.UpdateAsync(rule.Ref, update, Cancellation));
            Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "trigger_params.fire_at")), $"{update}");
        }

        await Rules.UpdateAsync(
            rule.Ref, new() { Enabled = true, TriggerParams = Parsed("""{"fire_at": "2099-06-01T00:00:00Z"}""") }, Cancellation);
        Assert.That(await TimerAsync(rule), Is.Not.Null);
    }

    [Test]
    public async Task A_timer_that_was_accepted_once_keeps_its_rule_changeable()
    {
        var rule = await TimedRuleAsync();
        await ExecuteAsync(
            "UPDATE rule SET trigger_params = @params::jsonb WHERE id = @Id", new { rule.Id, @params = """{"expression": "? * * * *"}""" });

        Assert.That((await Rules.UpdateAsync(rule.Ref, new() { Label = "Old" }, Cancellation))!.NextTicks, Is.Empty);
        var refused = await RefusedAsync(
            () => Rules.UpdateAsync(rule.Ref, new() { TriggerParams = Parsed("""{"expression": "* ? * * *"}""") }, Cancellation));
        Assert.That(refused.Field, Is.EqualTo("trigger_params.expression"));
    }

    [TestCase(TimerTriggers.OriginalInterval, """{"unit": "minutes", "interval": 5}""")]
    [TestCase(TimerTriggers.OriginalCron, """{"expression": "0 0 9 * * 1-5"}""")]
    [TestCase(TimerTriggers.OriginalDateTime, """{"fire_at": "2099-12-31T23:59:59Z", "timezone": "UTC"}""")]
    public async Task The_original_s_triggers_are_there_and_a_rule_on_one_has_a_timer(string trigger, string parameters)
    {
        var before = await ClockAsync();
        var rule = await Rules.CreateAsync(
            Once(trigger, "") with { TriggerParams = Parsed(parameters) }, Cancellation);

        var timer = (await TimerAsync(rule))!;

        Assert.That(timer.TriggerRef, Is.EqualTo(trigger));
        Assert.That(timer.Position, Is.InRange(before, await ClockAsync()));
        Assert.That(rule.NextTicks, Is.Not.Empty.And.All.GreaterThan(before));
    }

    private static NewRule Once(string trigger, string moment) => new()
    {
        Ref = NewName("once"),
        Label = "Once",
        TriggerRef = trigger,
        ActionRef = "core.noop",
        TriggerParams = Parsed($$"""{"fire_at": "{{moment}}"}"""),
    };

    private Task<Rule> TimedRuleAsync(string parameters = Hourly) => Rules.CreateAsync(new()
    {
        Ref = NewName("timed"),
        Label = "Timed",
        TriggerRef = TimerTriggers.Cron,
        ActionRef = "core.noop",
        TriggerParams = Parsed(parameters),
    }, Cancellation);

    private async Task<RuleTimer?> TimerAsync(Rule rule) =>
        (await Get<ITimerSource>().ListAsync(Cancellation)).Timers.SingleOrDefault(timer => timer.Rule.Id == rule.Id);

    private Task PositionAsync(Rule rule, string position) =>
        ExecuteAsync("UPDATE rule_timer SET position = @position::timestamptz WHERE rule = @Id", new { rule.Id, position });

    private async Task<DateTimeOffset> ClockAsync() => new(await ScalarAsync<DateTime>("SELECT clock_timestamp()"), TimeSpan.Zero);
}
