using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Tests.Enforcements.Properties;
using CsCheck;

namespace Attune.Tests.Enforcements;

public sealed class ExplainingRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const string Two = """
        [{"field": "kind", "operator": "equals", "value": "refund"}, {"field": "event.payload.items.0.price", "operator": "greater_than", "value": 10.0}]
        """;

    private IRuleExplainer Explainer => Get<IRuleExplainer>();

    [Test]
    public async Task Every_condition_is_tested_also_after_the_one_that_decides()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, Two);
        var written = await AppendAsync(trigger, """{"kind": "order", "items": [{"price": 12}]}""");

        var explained = await ExplainAsync(written, new() { RuleRef = rule.Ref });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((explained.Matches, explained.Verdict, explained.RuleVersion, explained.VersionThen), Is.EqualTo(
                (false, Verdict.False, 1, 1)));
            Assert.That(explained.Conditions.Select(one => one.Verdict), Is.EqualTo((Verdict[])[Verdict.False, Verdict.True]));
            Assert.That(explained.Conditions[0].Actual!.Value.GetString(), Is.EqualTo("order"));
            Assert.That(explained.Conditions[0].Expected!.Value.GetString(), Is.EqualTo("refund"));
            Assert.That(explained.Conditions[1].Path, Is.EqualTo("event.payload.items.0.price"));
            Assert.That(explained.Conditions[0].Path, Is.EqualTo("event.payload.kind"));
            Assert.That(explained.Reasons, Is.Empty);
            Assert.That(explained.Enforcement, Is.Null);
        }
    }

    [Test]
    public async Task Null_that_was_found_and_nothing_found_are_told_apart()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(
            trigger, """[{"field": "a", "operator": "equals", "value": 1}, {"field": "b", "operator": "equals", "value": 1}]""");
        var written = await AppendAsync(trigger, """{"a": null}""");

        var explained = await ExplainAsync(written, new() { RuleRef = rule.Ref });

        Assert.That(explained.Conditions.Select(one => (one.Found, one.Verdict)), Is.EqualTo(
            new[] { (true, Verdict.False), (false, Verdict.Unknown) }));
    }

    [Test]
    public async Task A_rule_that_matched_names_its_enforcement_also_after_it_was_changed()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, """[{"field": "kind", "operator": "equals", "value": "order"}]""");
        var written = await AppendAsync(trigger);
        await Rules.UpdateAsync(
            rule.Ref, new() { Conditions = Parsed("""[{"field": "kind", "operator": "equals", "value": "refund"}]""") }, Cancellation);

        var then = await ExplainAsync(written, new() { RuleRef = rule.Ref });
        var now = await ExplainAsync(written, new() { RuleRef = rule.Ref, Version = 2 });

        var enforcement = written.Matched.Single().Enforcement;
        Assert.That((now.Matches, now.RuleVersion, now.VersionThen, now.Enforcement, now.EnforcementVersion), Is.EqualTo(
            (false, 2, 1, enforcement, 1)));
        Assert.That((then.Matches, then.RuleVersion, then.VersionThen, then.VersionNow), Is.EqualTo((true, 1, 1, 2)));
    }

    [Test]
    public async Task A_rule_that_was_changed_since_is_asked_as_it_was()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, """[{"field": "kind", "operator": "equals", "value": "refund"}]""");
        var written = await AppendAsync(trigger);
        await Rules.UpdateAsync(rule.Ref, new() { Conditions = Parsed("[]") }, Cancellation);

        var explained = await ExplainAsync(written, new() { RuleRef = rule.Ref });

        Assert.That(written.Matched, Is.Empty);
        Assert.That((explained.Matches, explained.RuleVersion, explained.VersionNow), Is.EqualTo((false, 1, 2)));
        Assert.That((await ExplainAsync(written, new() { RuleRef = rule.Ref, Version = 2 })).Matches, Is.True);
    }

    [Test]
    public async Task A_reference_that_was_deleted_and_made_again_means_the_rule_that_the_event_met()
    {
        var trigger = await NewTriggerAsync();
        var first = await NewRuleAsync(trigger);
        var written = await AppendAsync(trigger);
        await Rules.DeleteAsync(first.Ref, Cancellation);
        var between = await AppendAsync(trigger);
        var second = await Rules.CreateAsync(
            new() { Ref = first.Ref, Label = "Made again", TriggerRef = trigger, ActionRef = "core.noop" }, Cancellation);
        var after = await AppendAsync(trigger);

        var met = await ExplainAsync(written, new() { RuleRef = first.Ref });

        Assert.That((met.Matches, met.Rule, met.Enforcement), Is.EqualTo((true, first.Id, written.Matched.Single().Enforcement)));
        Assert.That(Codes(await ExplainAsync(between, new() { RuleRef = first.Ref })), Is.EqualTo((ReasonCode[])[ReasonCode.DeletedThen]));
        Assert.That((await ExplainAsync(after, new() { RuleRef = first.Ref })).Rule, Is.EqualTo(second.Id));
    }

    [Test]
    public async Task A_rule_of_another_trigger_says_so()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync());
        var written = await AppendAsync(await NewTriggerAsync());

        var explained = await ExplainAsync(written, new() { RuleRef = rule.Ref });

        Assert.That((explained.Matches, explained.Verdict), Is.EqualTo((false, Verdict.True)));
        Assert.That(Codes(explained), Is.EqualTo((ReasonCode[])[ReasonCode.OtherTrigger]));
    }

    [Test]
    public async Task A_rule_that_was_made_later_says_so()
    {
        var trigger = await NewTriggerAsync();
        var written = await AppendAsync(trigger);
        var rule = await NewRuleAsync(trigger);

        Assert.That(Codes(await ExplainAsync(written, new() { RuleRef = rule.Ref })), Is.EqualTo((ReasonCode[])[ReasonCode.CreatedLater]));
    }

    [Test]
    public async Task A_rule_is_asked_whether_it_was_enabled_then_and_not_whether_it_is_now()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var whileOn = await AppendAsync(trigger);
        await Rules.UpdateAsync(rule.Ref, new() { Enabled = false }, Cancellation);
        var whileOff = await AppendAsync(trigger);

        Assert.That((await ExplainAsync(whileOn, new() { RuleRef = rule.Ref })).Matches, Is.True);
        Assert.That(Codes(await ExplainAsync(whileOff, new() { RuleRef = rule.Ref })), Is.EqualTo((ReasonCode[])[ReasonCode.DisabledThen]));

        await Rules.UpdateAsync(rule.Ref, new() { Enabled = true }, Cancellation);
        Assert.That(Codes(await ExplainAsync(whileOff, new() { RuleRef = rule.Ref })), Is.EqualTo((ReasonCode[])[ReasonCode.DisabledThen]));
    }

    [Test]
    public async Task A_deleted_rule_can_still_be_asked_about()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var before = await AppendAsync(trigger);
        await Rules.DeleteAsync(rule.Ref, Cancellation);
        var after = await AppendAsync(trigger);

        Assert.That((await ExplainAsync(before, new() { RuleRef = rule.Ref })).Matches, Is.True);
        Assert.That(Codes(await ExplainAsync(after, new() { RuleRef = rule.Ref })), Is.EqualTo((ReasonCode[])[ReasonCode.DeletedThen]));
    }

    [Test]
    public async Task An_event_for_another_rule_alone_says_so()
    {
        var trigger = await NewTriggerAsync();
        var one = await NewRuleAsync(trigger);
        var other = await NewRuleAsync(trigger);
        var written = await AppendAsync(trigger, target: new(one.Id, one.Ref));

        var explained = await ExplainAsync(written, new() { RuleRef = other.Ref });

        Assert.That(Codes(explained), Is.EqualTo((ReasonCode[])[ReasonCode.TargetedAtAnotherRule]));
        Assert.That(explained.Reasons[0].Message, Does.Contain(one.Ref));
        Assert.That((await ExplainAsync(written, new() { RuleRef = one.Ref })).Matches, Is.True);
    }

    [Test]
    public async Task Parameters_that_cannot_be_filled_in_are_a_reason()
    {
        var trigger = await NewTriggerAsync();
        var many = string.Join(", ", Enumerable.Repeat("\"{{ event.payload.text }}\"", 100));
        var rule = await NewRuleAsync(trigger, parameters: "{\"all\": [" + many + "]}");
        var written = await AppendAsync(trigger, $$"""{"text": "{{new string('x', 200_000)}}"}""");
        Assert.That(written.Matched, Is.Empty);

        Assert.That(
            Codes(await ExplainAsync(written, new() { RuleRef = rule.Ref })), Is.EqualTo((ReasonCode[])[ReasonCode.ParametersFailed]));
    }

    [Test]
    public async Task A_rule_that_was_written_past_the_checks_says_what_is_wrong()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        await ExecuteAsync("""UPDATE rule SET conditions = '[{"field": "a", "operator": "like"}]' WHERE id = @Id""", new { rule.Id });
        var written = await AppendAsync(trigger);

        var explained = await ExplainAsync(written, new() { RuleRef = rule.Ref });

        Assert.That((explained.Matches, explained.Conditions.Count), Is.EqualTo((false, 0)));
        Assert.That(Codes(explained), Is.EqualTo((ReasonCode[])[ReasonCode.CannotBeEvaluated]));
        Assert.That(explained.Reasons[0].Message, Does.Contain("conditions[0].operator"));
    }

    [Test]
    public async Task A_draft_is_tried_as_if_it_had_been_there()
    {
        var trigger = await NewTriggerAsync();
        var written = await AppendAsync(trigger);
        var rule = await NewRuleAsync(trigger, Two);
        var draft = new RuleDraft { Conditions = Parsed("""[{"field": "kind", "operator": "equals", "value": "order"}]""") };

        var ofRule = await ExplainAsync(written, new() { RuleRef = rule.Ref, Draft = draft });
        var ofNone = await ExplainAsync(written, new() { Draft = draft });

        Assert.That((ofRule.Matches, ofRule.IsDraft, ofRule.RuleRef, ofRule.RuleVersion), Is.EqualTo((true, true, rule.Ref, (int?)null)));
        Assert.That((ofNone.Matches, ofNone.IsDraft, ofNone.RuleRef), Is.EqualTo((true, true, (string?)null)));
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task A_rule_or_version_that_is_not_there_is_refused_by_its_name()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var written = await AppendAsync(trigger);

        Assert.That(await Explainer.ExplainAsync(long.MaxValue, new() { RuleRef = rule.Ref }, Cancellation), Is.Null);
        Assert.That((await RefusedAsync(() => ExplainAsync(written, new() { RuleRef = "no.such" }))).Field, Is.EqualTo("rule"));
        Assert.That((await RefusedAsync(() => ExplainAsync(written, new() { RuleRef = "a\0b" }))).Field, Is.EqualTo("rule"));
        Assert.That(
            (await RefusedAsync(() => ExplainAsync(written, new() { RuleRef = rule.Ref, Version = 2 }))).Field, Is.EqualTo("version"));
        Assert.That(
            (await RefusedAsync(() => ExplainAsync(written, new() { Draft = new() { Conditions = Parsed("[1]") } }))).Field,
            Is.EqualTo("conditions[0]"));
    }

    // Through the ledger and the database, where numbers and keys are respelled on their way.
    [Test]
    public async Task Its_verdict_is_the_engines_on_random_rules_and_events()
    {
        const int count = 60;
        var pairs = Pairs.All.Array[count].Single();
        var trigger = await NewTriggerAsync();
        var rules = new List<Rule>();
        foreach (var pair in pairs)
        {
            rules.Add(await NewRuleAsync(trigger, pair.Json, join: pair.IsAny ? ConditionJoin.Any : ConditionJoin.All));
        }

        var matches = 0;
        foreach (var pair in pairs.Take(count / 3))
        {
            var written = await AppendAsync(trigger, pair.Payload?.Json);
            var matched = written.Matched.Select(one => one.RuleRef).ToHashSet();
            matches += matched.Count;
            foreach (var rule in rules)
            {
                var explained = await ExplainAsync(written, new() { RuleRef = rule.Ref });
                Assert.That(explained.Matches, Is.EqualTo(matched.Contains(rule.Ref)), () => $"{rule.Conditions} of {pair.Payload?.Json}");
            }
        }

        Assert.That(matches, Is.InRange(1, (count / 3 * count) - 1));
    }

    private static IEnumerable<ReasonCode> Codes(RuleExplanation explanation) => explanation.Reasons.Select(reason => reason.Code);

    private async Task<RuleExplanation> ExplainAsync(AppendedEvent written, RuleSubject subject) =>
        (await Explainer.ExplainAsync(written.Id, subject, Cancellation))!;
}
