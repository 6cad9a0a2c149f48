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
