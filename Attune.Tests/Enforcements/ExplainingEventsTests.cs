using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

/// <summary>Why, and why not, of every rule of an event's trigger at once.</summary>
public sealed class ExplainingEventsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const string IsOrder = """[{"field": "kind", "operator": "equals", "value": "order"}]""";

    private const string Far = """
        [{"field": "kind", "operator": "equals", "value": "refund"}, {"field": "sum", "operator": "exists"}, {"field": "kind", "operator": "exists"}]
        """;

    private const string Near = """[{"field": "kind", "operator": "equals", "value": "order"}, {"field": "sum", "operator": "exists"}]""";

    private IRuleExplainer Explainer => Get<IRuleExplainer>();

    [Test]
    public async Task Rules_that_match_come_first_then_those_that_came_nearest()
    {
        var trigger = await NewTriggerAsync();
        var far = await NewRuleAsync(trigger, Far);
        var near = await NewRuleAsync(trigger, Near);
        var right = await NewRuleAsync(trigger, IsOrder);
        await NewRuleAsync(await NewTriggerAsync(), IsOrder);

        var written = await AppendAsync(trigger);
        var all = await ExplainAsync(written);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Refs(all), Is.EqualTo((string[])[right.Ref, near.Ref, far.Ref]));
            Assert.That((all.Total, all.Matching, all.HasMore), Is.EqualTo((3, 1, false)));
            Assert.That(all.Rules[0].Enforcement, Is.EqualTo(written.Matched.Single().Enforcement));
            Assert.That(
                all.Rules[2].Conditions.Select(one => one.Verdict), Is.EqualTo((Verdict[])[Verdict.False, Verdict.False, Verdict.True]));
        }
    }

    [Test]
    public async Task A_way_of_many_is_as_near_as_its_nearest()
    {
        var trigger = await NewTriggerAsync();
        var two = await NewRuleAsync(
            trigger, """[{"field": "a", "operator": "exists"}, {"field": "b", "operator": "exists"}]""");
        var one = await NewRuleAsync(
            trigger,
            """[{"field": "a", "operator": "exists"}, {"field": "b", "operator": "exists"}, {"field": "c", "operator": "exists"}]""",
            join: ConditionJoin.Any);

        Assert.That(Refs(await ExplainAsync(await AppendAsync(trigger))), Is.EqualTo((string[])[one.Ref, two.Ref]));
    }

    [Test]
    public async Task Each_rule_is_asked_as_it_was_when_the_event_came()
    {
        var trigger = await NewTriggerAsync();
        var deletedBefore = await NewRuleAsync(trigger);
        await Rules.DeleteAsync(deletedBefore.Ref, Cancellation);
        var off = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(off.Ref, new() { Enabled = false }, Cancellation);
        var deletedSince = await NewRuleAsync(trigger);
        var changedSince = await NewRuleAsync(trigger, Far);
        var movedSince = await NewRuleAsync(trigger, IsOrder);
        var shadow = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(shadow.Ref, new() { State = RuleState.Shadow }, Cancellation);
        var written = await AppendAsync(trigger);

        await Rules.DeleteAsync(deletedSince.Ref, Cancellation);
        await Rules.UpdateAsync(changedSince.Ref, new() { Conditions = Parsed("[]") }, Cancellation);
        await Rules.UpdateAsync(movedSince.Ref, new() { TriggerRef = await NewTriggerAsync() }, Cancellation);
        var madeSince = await NewRuleAsync(trigger);
        var goneSince = await NewRuleAsync(trigger);
        await Rules.DeleteAsync(goneSince.Ref, Cancellation);

        var all = (await ExplainAsync(written)).Rules.ToDictionary(one => one.RuleRef!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Keys, Is.EquivalentTo((string[])
                [off.Ref, deletedSince.Ref, changedSince.Ref, movedSince.Ref, shadow.Ref, madeSince.Ref]));
            Assert.That(all[off.Ref].Reasons.Single().Code, Is.EqualTo(ReasonCode.DisabledThen));
            Assert.That(all[madeSince.Ref].Reasons.Single().Code, Is.EqualTo(ReasonCode.CreatedLater));
            Assert.That((all[deletedSince.Ref].Matches, all[movedSince.Ref].Matches), Is.EqualTo((true, true)));
            Assert.That(
                (all[changedSince.Ref].Matches, all[changedSince.Ref].RuleVersion, all[changedSince.Ref].VersionNow), Is.EqualTo((false, 1, 2)));
            Assert.That((all[shadow.Ref].Matches, all[shadow.Ref].WasShadow, all[off.Ref].WasShadow), Is.EqualTo((true, true, false)));
        }
    }

    [Test]
    public async Task It_says_of_each_rule_what_asking_for_it_alone_says()
    {
        var trigger = await NewTriggerAsync();
        foreach (var conditions in (string[])["[]", IsOrder, Near, Far, """[{"not": {"field": "kind", "operator": "exists"}}]"""])
        {
            await NewRuleAsync(trigger, conditions);
        }

        var off = await NewRuleAsync(trigger, IsOrder);
        await Rules.UpdateAsync(off.Ref, new() { State = RuleState.Disabled }, Cancellation);
        var written = await AppendAsync(trigger);
        var all = await ExplainAsync(written);

        Assert.That(all.Rules, Has.Count.EqualTo(6));
        foreach (var one in all.Rules)
        {
            var alone = await Explainer.ExplainAsync(written.Id, new() { RuleRef = one.RuleRef }, Cancellation);
            Assert.That(Json(one), Is.EqualTo(Json(alone!)), one.RuleRef);
        }

        static string Json(RuleExplanation explanation) =>
            System.Text.Json.JsonSerializer.Serialize(explanation, global::Attune.Db.Json.Options);
    }

    [Test]
    public async Task No_more_rules_are_told_of_than_were_asked_for_and_all_are_counted()
    {
        var trigger = await NewTriggerAsync();
        for (var number = 0; number < 5; number++)
        {
            await NewRuleAsync(trigger, number == 3 ? IsOrder : Far);
        }

        var written = await AppendAsync(trigger);
        var all = (await Explainer.ExplainRulesAsync(written.Id, 2, Cancellation))!;

        Assert.That((all.Total, all.Matching, all.Rules.Count, all.Rules[0].Matches), Is.EqualTo((5, 1, 2, true)));
    }

    [Test]
    public async Task Dear_rules_together_take_no_more_than_one_event_is_worth()
    {
        var trigger = await NewTriggerAsync();
        for (var number = 0; number < 12; number++)
        {
            await NewRuleAsync(
                trigger, $$"""[{"field": "text", "operator": "matches", "value": "(a|b|ab)*c{{number}}d(a|b)*e"}]""");
        }

        var written = await AppendAsync(trigger, $$"""{"text": "{{new string('a', 300_000)}}"}""");
        var all = await ExplainAsync(written);

        Assert.That(all.Rules, Has.Count.EqualTo(12));
        Assert.That(all.Rules.Where(one => one.Verdict == Verdict.Unknown).SelectMany(one => one.Reasons).Select(reason => reason.Code).Distinct(),
            Is.SubsetOf((ReasonCode[])[ReasonCode.OverBudget]));
    }

    [Test]
    public async Task Who_has_left_gets_no_answer_and_what_is_not_there_none_either()
    {
        var written = await AppendAsync(await NewTriggerAsync());
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        Assert.That(
            async () => await Explainer.ExplainRulesAsync(written.Id, 20, left.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Explainer.ExplainRulesAsync(long.MaxValue, 20, Cancellation), Is.Null);
        Assert.That((await RefusedAsync(() => Explainer.ExplainRulesAsync(written.Id, 0, Cancellation))).Field, Is.EqualTo("limit"));
        Assert.That((await ExplainAsync(written)).Total, Is.Zero);
    }

    private static IEnumerable<string?> Refs(EventExplanation all) => all.Rules.Select(one => one.RuleRef);

    private async Task<EventExplanation> ExplainAsync(AppendedEvent written) =>
        (await Explainer.ExplainRulesAsync(written.Id, EventExplanation.MostRules, Cancellation))!;
}
