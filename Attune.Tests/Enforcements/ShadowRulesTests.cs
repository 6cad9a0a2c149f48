using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>A shadow rule is evaluated like any other, and records what it would have done.</summary>
public sealed class ShadowRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task A_match_of_a_shadow_is_recorded_with_its_parameters_and_never_executed()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewShadowAsync(trigger);

        var written = await AppendAsync(trigger);
        await ResolveAllAsync();

        Assert.That(written.Matched.Single().Shadow, Is.True);
        var left = (await Enforcements.FindAsync(written.Matched.Single().Enforcement, Cancellation))!;
        Assert.That((left.Shadow, left.Status, left.ResolvedAt), Is.EqualTo((true, EnforcementStatus.Disabled, (DateTimeOffset?)left.Created)));
        Assert.That(left.Config!.Value.GetProperty("kind").GetString(), Is.EqualTo("order"));
        Assert.That(await ExecutionsOfAsync(left), Is.Empty);
        Assert.That((rule.Enabled, rule.State), Is.EqualTo((false, RuleState.Shadow)));
    }

    [Test]
    public async Task Lists_tell_shadows_from_the_others()
    {
        var trigger = await NewTriggerAsync();
        await NewShadowAsync(trigger);
        await NewRuleAsync(trigger);
        var written = await AppendAsync(trigger);

        async Task<IEnumerable<long>> ListAsync(bool? shadow) => (await Enforcements.ListAsync(
            new() { TriggerRef = trigger, Shadow = shadow }, new(), Cancellation)).Items.Select(one => one.Id);

        Assert.That(await ListAsync(true), Is.EqualTo(written.Matched.Where(one => one.Shadow).Select(one => one.Enforcement)));
        Assert.That(await ListAsync(false), Is.EqualTo(written.Matched.Where(one => !one.Shadow).Select(one => one.Enforcement)));
        Assert.That((await ListAsync(null)).Count(), Is.EqualTo(2));
        Assert.That(
            (await Rules.ListAsync(new() { TriggerRef = trigger, States = [RuleState.Shadow] }, new(), Cancellation)).Items.Single().State,
            Is.EqualTo(RuleState.Shadow));
    }

    [Test]
    public async Task A_shadow_that_is_promoted_keeps_its_record_and_its_version()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewShadowAsync(trigger);
        var before = await AppendAsync(trigger);

        var promoted = await Rules.UpdateAsync(rule.Ref, new() { Enabled = true }, Cancellation);
        var after = await AppendAsync(trigger);
        await ResolveAllAsync();

        Assert.That((promoted!.State, promoted.Version), Is.EqualTo((RuleState.Enabled, 1)));
        Assert.That((await Enforcements.FindAsync(before.Matched.Single().Enforcement, Cancellation))!.Shadow, Is.True);
        var real = (await Enforcements.FindAsync(after.Matched.Single().Enforcement, Cancellation))!;
        Assert.That((real.Shadow, real.Status), Is.EqualTo((false, EnforcementStatus.Processed)));
        Assert.That(
            await QueryAsync<string>("SELECT state FROM rule_switch WHERE rule = @Id ORDER BY id", new { rule.Id }),
            Is.EqualTo((string[])["shadow", "enabled"]));
    }

    [Test]
    public async Task A_pending_enforcement_of_a_rule_that_became_a_shadow_is_disabled()
    {
        var (_, rule, enforcement) = await NewPendingAsync();

        await Rules.UpdateAsync(rule.Ref, new() { State = RuleState.Shadow }, Cancellation);
        await ResolveAllAsync();

        Assert.That((await ReadAsync(enforcement)).Status, Is.EqualTo(EnforcementStatus.Disabled));
        Assert.That(await ExecutionsOfAsync(enforcement), Is.Empty);
    }

    [TestCase("created")]
    [TestCase("processed")]
    public async Task The_database_takes_no_shadow_that_is_not_disabled(string status)
    {
        var trigger = await NewTriggerAsync();
        var written = await AppendAsync(trigger);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            """
            INSERT INTO enforcement (rule_ref, trigger_ref, event, status, payload, created, resolved_at, shadow)
            VALUES ('test.shadow', @trigger, @Id, @status::enforcement_status_enum, '{}', @Created,
                    CASE WHEN @status <> 'created' THEN now() END, true)
            """,
            new { trigger, written.Id, written.Created, status }));

        Assert.That(refused!.Hint, Does.Contain("disabled from the beginning"));
    }

    [Test]
    public async Task The_database_makes_no_shadow_of_an_enforcement_and_none_of_a_shadow_an_enforcement()
    {
        var (_, _, enforcement) = await NewPendingAsync();

        Assert.That(
            async () => await ExecuteAsync("UPDATE enforcement SET shadow = true WHERE id = @Id", new { enforcement.Id }),
            Throws.InstanceOf<PostgresException>());
    }

    [Test]
    public async Task A_timer_of_a_shadow_ticks()
    {
        var rule = await Rules.CreateAsync(new()
        {
            Ref = NewName("rule"), Label = "Rule", TriggerRef = "core.interval", ActionRef = "core.noop",
            TriggerParams = Parsed("""{"seconds": 60}"""), State = RuleState.Shadow,
        }, Cancellation);

        Assert.That((await Get<ITimerSource>().ListAsync(Cancellation)).Timers.Select(timer => timer.Rule.Id), Does.Contain(rule.Id));
    }

    private Task<Rule> NewShadowAsync(string trigger) => Rules.CreateAsync(new()
    {
        Ref = NewName("rule"),
        Label = "Rule",
        TriggerRef = trigger,
        ActionRef = "core.noop",
        ActionParams = Parsed("""{"kind": "{{ event.payload.kind }}"}"""),
        State = RuleState.Shadow,
    }, Cancellation);
}
