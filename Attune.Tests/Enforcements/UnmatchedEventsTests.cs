using Attune.Modules.Enforcements;

namespace Attune.Tests.Enforcements;

public sealed class UnmatchedEventsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const string Big =
        """[{"field": "kind", "operator": "equals", "value": "order"}, {"field": "sum", "operator": "greater_than", "value": 10}]""";

    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddMinutes(1);

    [Test]
    public async Task Events_that_led_to_nothing_are_grouped_by_the_condition_that_failed()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, Big);
        await AppendAsync(trigger, """{"kind": "order", "sum": 11}""");
        await AppendAsync(trigger, """{"kind": "order", "sum": 9}""");
        await AppendAsync(trigger, """{"kind": "order", "sum": "9"}""");
        var newest = await AppendAsync(trigger, """{"kind": "refund", "sum": 1}""");

        var report = await RunAsync(trigger);

        Assert.That((report.Events, report.Unmatched, report.IsComplete), Is.EqualTo((4L, 3L, true)));
        var one = report.Rules.Single();
        Assert.That((one.RuleRef, one.ByOne, one.WouldMatchNow), Is.EqualTo((rule.Ref, 2L, 0L)));
        Assert.That(
            one.Conditions.Select(condition => (condition.Text, condition.Events, condition.Alone, condition.Unknown)),
            Is.EqualTo(new[] { ("sum > 10", 3L, 2L, 1L), ("""kind == "order" """.Trim(), 1L, 0L, 0L) }));
        Assert.That(one.Conditions[0].Samples[0].Event, Is.EqualTo(newest.Id), "the newest first");
        Assert.That(one.Conditions[0].Samples[0].Condition.Actual!.Value.GetRawText(), Is.EqualTo("1"));
        Assert.That(report.Newest[0].Event, Is.EqualTo(newest.Id));
    }

    [Test]
    public async Task A_rule_that_was_made_since_is_said_to_match_now()
    {
        var trigger = await NewTriggerAsync();
        await AppendAsync(trigger, """{"kind": "order", "sum": 11}""");
        await NewRuleAsync(trigger, Big);

        var report = await RunAsync(trigger);

        Assert.That(report.Rules.Single().WouldMatchNow, Is.EqualTo(1));
        Assert.That(report.Rules.Single().Conditions, Is.Empty);
    }

    [Test]
    public async Task What_is_counted_is_what_each_explanation_says()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, Big, join: ConditionJoin.Any);
        foreach (var payload in (string[])["""{"kind": "x", "sum": 1}""", """{"sum": 3}""", "[]", """{"kind": "order"}"""])
        {
            await AppendAsync(trigger, payload);
        }

        var report = await RunAsync(trigger);

        var explained = new List<RuleExplanation>();
        foreach (var id in await QueryAsync<long>("SELECT id FROM event WHERE trigger_ref = @trigger", new { trigger }))
        {
            explained.Add((await Get<IRuleExplainer>().ExplainAsync(id, new() { RuleRef = rule.Ref }, Cancellation))!);
        }

        var unmatched = explained.Where(one => !one.Matches).ToList();
        Assert.That(report.Unmatched, Is.EqualTo(unmatched.Count));
        foreach (var condition in report.Rules.Single().Conditions)
        {
            var verdicts = unmatched.Select(one => one.Conditions[condition.Index].Verdict).ToList();
            Assert.That(condition.Events, Is.EqualTo(verdicts.Count(verdict => verdict != Verdict.True)));
            Assert.That(condition.Unknown, Is.EqualTo(verdicts.Count(verdict => verdict == Verdict.Unknown)));
        }
    }

    [Test]
    public async Task A_disabled_rule_is_not_asked_and_a_trigger_without_rules_shows_its_events()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, Big);
        await Rules.UpdateAsync(rule.Ref, new() { State = RuleState.Disabled }, Cancellation);
        var written = await AppendAsync(trigger);

        var report = await RunAsync(trigger);

        Assert.That(report.Rules, Is.Empty);
        Assert.That(report.Newest.Select(one => one.Event), Is.EqualTo((long[])[written.Id]));
    }

    [Test]
    public async Task A_range_that_is_none_is_refused() => Assert.That(
        (await RefusedAsync(() => RunAsync("a.b", since: Later.AddDays(1)))).Field, Is.EqualTo("since"));

    private async Task<UnmatchedReport> RunAsync(string trigger, DateTimeOffset? since = null)
    {
        UnmatchedReport? last = null;
        await foreach (var report in Get<IUnmatchedEvents>().RunAsync(
            new() { TriggerRef = trigger, Since = since, Until = Later }, Cancellation))
        {
            Assert.That(last?.IsLast, Is.Not.True);
            last = report;
        }

        Assert.That(last!.IsLast, Is.True);
        return last;
    }
}
