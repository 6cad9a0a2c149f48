using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>What becomes of a rule that cannot be evaluated for an event.</summary>
public sealed class FailingRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    // More than a rule's parameters may come to.
    private static readonly string TooMuch = $$"""{"d": "{{new string('x', 200_000)}}"}""";
    private static readonly string Repeated = $$"""{"p": "{{string.Concat(Enumerable.Repeat("{{ event.payload.d }}", 90))}}"}""";

    private RuleFaults Faults => Get<RuleFaults>();

    [Test]
    public async Task A_fault_is_counted_with_its_reason_and_event_and_harms_nobody_else()
    {
        var trigger = await NewTriggerAsync();
        var failing = await NewRuleAsync(trigger, parameters: Repeated);
        var good = await NewRuleAsync(trigger);

        var first = await AppendAsync(trigger, TooMuch);
        var second = await AppendAsync(trigger, TooMuch);
        await AppendAsync(trigger, """{"d": "short"}""");
        await Faults.FlushAsync(Cancellation);

        Assert.That(first.Matched.Concat(second.Matched).Select(one => one.RuleRef), Is.EqualTo((string[])[good.Ref, good.Ref]));
        var faults = (await Rules.FindAsync(failing.Ref, Cancellation))!.Faults!;
        Assert.That((faults.Count, faults.LastEvent), Is.EqualTo((2L, second.Id)));
        Assert.That(faults.LastReason, Does.StartWith("The parameters come to more than"));
        Assert.That(faults.Since, Is.LessThanOrEqualTo(faults.LastAt));
        Assert.That((await Rules.FindAsync(good.Ref, Cancellation))!.Faults, Is.Null);
    }

    [Test]
    public async Task Faults_move_no_epoch_and_a_pause_does()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var epoch = await ScalarAsync<long>("SELECT epoch FROM rule_epoch");

        Report(rule, 19);
        await Faults.FlushAsync(Cancellation);
        Assert.That(await ScalarAsync<long>("SELECT epoch FROM rule_epoch"), Is.EqualTo(epoch));

        Report(rule, 1);
        await Faults.FlushAsync(Cancellation);
        Assert.That(await ScalarAsync<long>("SELECT epoch FROM rule_epoch"), Is.GreaterThan(epoch));
    }

    [Test]
    public async Task A_rule_that_keeps_failing_is_paused_says_so_and_goes_on_when_it_is_switched_on_again()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        Assert.That((await AppendAsync(trigger)).Matched, Has.Count.EqualTo(1));

        Report(rule, 20);
        await Faults.FlushAsync(Cancellation);
        var paused = (await Rules.FindAsync(rule.Ref, Cancellation))!;
        var left = await AppendAsync(trigger);
        var explained = await Get<IRuleExplainer>().ExplainAsync(left.Id, new() { RuleRef = rule.Ref }, Cancellation);

        Assert.That(paused.PausedAt, Is.Not.Null);
        Assert.That(paused.PausedReason, Does.Contain("20 events").And.Contain("It takes too long"));
        Assert.That((paused.Enabled, paused.State), Is.EqualTo((true, RuleState.Enabled)));
        Assert.That(left.Matched, Is.Empty);
        Assert.That(explained!.Reasons.Select(reason => reason.Code), Is.EqualTo((ReasonCode[])[ReasonCode.PausedThen]));

        await Rules.UpdateAsync(rule.Ref, new() { Description = "Still too dear" }, Cancellation);
        Assert.That((await AppendAsync(trigger)).Matched, Is.Empty, "another description mends nothing");
        var resumed = await Rules.UpdateAsync(rule.Ref, new() { Enabled = true }, Cancellation);
        Assert.That((resumed!.PausedAt, resumed.PausedReason), Is.EqualTo(((DateTimeOffset?)null, (string?)null)));
        Assert.That((await AppendAsync(trigger)).Matched, Has.Count.EqualTo(1));
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Faults, Is.Null, "it begins anew");
    }

    [Test]
    public async Task A_rule_that_is_changed_goes_on_and_faults_of_its_earlier_version_count_no_more()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        Report(rule, 20);
        await Faults.FlushAsync(Cancellation);

        await Rules.UpdateAsync(rule.Ref, new() { ActionParams = Parsed("""{"mended": true}""") }, Cancellation);
        Report(rule, 100);
        await Faults.FlushAsync(Cancellation);

        Assert.That((await AppendAsync(trigger)).Matched.Single().RuleVersion, Is.EqualTo(2));
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Faults, Is.Null);
    }

    [Test]
    public async Task Faults_that_are_far_apart_pause_nothing()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync());
        for (var turn = 0; turn < 3; turn++)
        {
            Report(rule, 19);
            await Faults.FlushAsync(Cancellation);
            await ExecuteAsync(
                "UPDATE rule_fault SET burst_since = burst_since - INTERVAL '2 minutes' WHERE rule = @Id", new { rule.Id });
        }

        var found = (await Rules.FindAsync(rule.Ref, Cancellation))!;
        Assert.That((found.PausedAt, found.Faults!.Count), Is.EqualTo(((DateTimeOffset?)null, 57L)));
    }

    [Test]
    public async Task A_host_that_stops_writes_the_faults_that_it_noted()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, parameters: Repeated);

        await using (var host = NewServices())
        {
            await host.GetRequiredService<IEventLedger>().AppendAsync(
                new NewEvent { TriggerRef = trigger, Payload = Parsed(TooMuch) }, Cancellation);
        }

        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Faults!.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Events_of_a_dear_rule_wait_for_each_other_and_an_unrelated_one_waits_for_none_of_them()
    {
        var (dearTrigger, quietTrigger) = (await NewTriggerAsync(), await NewTriggerAsync());
        var conditions = Enumerable.Range(0, 100).Select(i => $$$"""{"field": "a", "operator": "contains", "value": {"x": {{{i}}}}}""");
        var dear = await NewRuleAsync(dearTrigger, $"[{string.Join(',', conditions)}]", join: ConditionJoin.Any);
        var quiet = await NewRuleAsync(quietTrigger);
        var payload = $$"""{"a": [{{string.Join(',', Enumerable.Repeat("""{"x": -1}""", 60_000))}}]}""";

        var waiting = Enumerable.Range(0, 6).Select(_ => AppendAsync(dearTrigger, payload)).ToList();
        await Eventually.HoldsAsync(() => Get<DearLane>().Waiting > 3, "they wait for their turn");
        var unrelated = await AppendAsync(quietTrigger);

        Assert.That(waiting.Count(one => one.IsCompleted), Is.LessThan(waiting.Count), "the unrelated one did not wait for them");
        Assert.That(unrelated.Matched.Single().RuleRef, Is.EqualTo(quiet.Ref));
        foreach (var written in await Task.WhenAll(waiting))
        {
            Assert.That(written.Matched, Is.Empty);
        }

        await Faults.FlushAsync(Cancellation);
        var faults = (await Rules.FindAsync(dear.Ref, Cancellation))!.Faults!;
        Assert.That(faults.Count, Is.EqualTo(6));
        Assert.That(faults.LastReason, Does.StartWith("It takes"));
    }

    [Test]
    public async Task The_parameters_of_all_rules_of_one_event_are_bounded_together()
    {
        var trigger = await NewTriggerAsync();
        for (var number = 0; number < 4; number++)
        {
            await NewRuleAsync(trigger, parameters: Repeated.Replace("\"p\"", $"\"p{number}\"", StringComparison.Ordinal));
        }

        // Five megabytes each: three of them fit.
        var written = await AppendAsync(trigger, $$"""{"d": "{{new string('x', 55_000)}}"}""");
        await Faults.FlushAsync(Cancellation);

        Assert.That(written.Matched, Has.Count.EqualTo(3));
        Assert.That(await ScalarAsync<long>(
            "SELECT count(*) FROM rule_fault JOIN rule ON rule.id = rule_fault.rule WHERE trigger_ref = @trigger", new { trigger }),
            Is.EqualTo(1));
    }

    private void Report(Rule rule, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Faults.Report(rule.Id, rule.Version, "It takes too long.", 7, DateTimeOffset.UtcNow);
        }
    }
}
