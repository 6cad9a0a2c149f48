using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

public sealed class MatchingRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task A_rule_that_matches_leaves_one_enforcement_that_is_there_when_the_append_returns()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(
            trigger,
            """[{"field": "kind", "operator": "equals", "value": "order"}]""",
            """{"text": "It was {{ event.payload.kind }} of {{ event.id }}", "lines": "{{ event.payload.lines }}"}""");

        var written = await AppendAsync(trigger, """{"kind": "order", "lines": [1, {"a": "<b>&'"}]}""");

        Assert.That(written.Matched.Single(), Is.EqualTo(new MatchedRule(rule.Ref, 1, written.Matched[0].Enforcement)));
        var enforcement = (await Enforcements.FindAsync(written.Matched[0].Enforcement, Cancellation))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(enforcement.Event, Is.EqualTo(written.Id));
            Assert.That(enforcement.Created, Is.EqualTo(written.Created));
            Assert.That((enforcement.Rule, enforcement.RuleRef, enforcement.RuleVersion), Is.EqualTo((rule.Id, rule.Ref, 1)));
            Assert.That(enforcement.TriggerRef, Is.EqualTo(trigger));
            Assert.That((enforcement.Status, enforcement.ResolvedAt), Is.EqualTo((EnforcementStatus.Created, default(DateTimeOffset?))));
            Assert.That(enforcement.Condition, Is.EqualTo(ConditionJoin.All));
            Assert.That(JsonValues.AreEqual(enforcement.Conditions, rule.Conditions));
            Assert.That(JsonValues.AreEqual(enforcement.Payload, Parsed("""{"kind": "order", "lines": [1, {"a": "<b>&'"}]}""")));
            Assert.That(JsonValues.AreEqual(
                enforcement.Config!.Value, Parsed($$"""{"text": "It was order of {{written.Id}}", "lines": [1, {"a": "<b>&'"}]}""")));
        }
    }

    [Test]
    public async Task A_rule_that_does_not_match_leaves_nothing()
    {
        var trigger = await NewTriggerAsync();
        await NewRuleAsync(trigger, """[{"field": "kind", "operator": "equals", "value": "order"}]""");
        await NewRuleAsync(trigger, """[{"field": "missing", "operator": "not_equals", "value": 1}]""");

        Assert.That((await AppendAsync(trigger, """{"kind": "refund"}""")).Matched, Is.Empty);
        Assert.That((await AppendAsync(trigger, null)).Matched, Is.Empty);
        Assert.That((await AppendAsync(trigger, "\"order\"")).Matched, Is.Empty);
    }

    [Test]
    public async Task Every_rule_of_the_trigger_is_asked_and_no_other()
    {
        var trigger = await NewTriggerAsync();
        var other = await NewTriggerAsync();
        var rules = new[] { await NewRuleAsync(trigger), await NewRuleAsync(trigger), await NewRuleAsync(other) };

        var written = await AppendAsync(trigger);

        Assert.That(written.Matched.Select(match => match.RuleRef), Is.EquivalentTo(rules.Take(2).Select(rule => rule.Ref)));
    }

    [Test]
    public async Task Rules_joined_by_any_need_one_condition_that_holds()
    {
        var trigger = await NewTriggerAsync();
        const string conditions = """
            [{"field": "missing", "operator": "equals", "value": 1}, {"field": "kind", "operator": "equals", "value": "order"}]
            """;
        var any = await NewRuleAsync(trigger, conditions, join: ConditionJoin.Any);
        await NewRuleAsync(trigger, conditions, join: ConditionJoin.All);

        var written = await AppendAsync(trigger);

        Assert.That(written.Matched.Select(match => match.RuleRef), Is.EqualTo(new[] { any.Ref }));
        Assert.That((await Enforcements.FindAsync(written.Matched[0].Enforcement, Cancellation))!.Condition, Is.EqualTo(ConditionJoin.Any));
    }

    [Test]
    public async Task An_enforcement_says_what_the_rule_said_however_often_that_is_edited()
    {
        const string conditions = """[{"field": "kind", "operator": "equals", "value": "order"}]""";
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, conditions, parameters: """{"kind": "{{ event.payload.kind }}"}""");
        var id = (await AppendAsync(trigger)).Matched.Single().Enforcement;
        var before = await Enforcements.FindAsync(id, Cancellation);

        await Rules.UpdateAsync(
            rule.Ref, new() { Conditions = Parsed("[]"), Condition = ConditionJoin.Any, ActionParams = Parsed("{}") }, Cancellation);
        await Rules.DeleteAsync(rule.Ref, Cancellation);
        var after = await Enforcements.FindAsync(id, Cancellation);

        Assert.That(JsonSerializer.Serialize(after, Json.Options), Is.EqualTo(JsonSerializer.Serialize(before, Json.Options)));
        Assert.That(JsonElement.DeepEquals(after!.Conditions, Parsed(conditions)));
        var version = await Rules.FindVersionAsync(after.Rule!.Value, after.RuleVersion!.Value, Cancellation);
        Assert.That(JsonElement.DeepEquals(version!.Conditions, Parsed(conditions)));
    }

    [Test]
    public async Task A_change_of_a_rule_counts_for_the_next_event()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, """[{"field": "kind", "operator": "equals", "value": "refund"}]""");
        Assert.That((await AppendAsync(trigger)).Matched, Is.Empty);

        await Rules.UpdateAsync(rule.Ref, new() { Conditions = Parsed("[]") }, Cancellation);
        Assert.That((await AppendAsync(trigger)).Matched.Single().RuleVersion, Is.EqualTo(2));

        await Rules.UpdateAsync(rule.Ref, new() { Enabled = false }, Cancellation);
        Assert.That((await AppendAsync(trigger)).Matched, Is.Empty);

        await Rules.UpdateAsync(rule.Ref, new() { Enabled = true }, Cancellation);
        Assert.That((await AppendAsync(trigger)).Matched.Single().RuleVersion, Is.EqualTo(2));

        await Rules.DeleteAsync(rule.Ref, Cancellation);
        Assert.That((await AppendAsync(trigger)).Matched, Is.Empty);
    }

    [Test]
    public async Task An_event_meant_for_one_rule_asks_that_rule_only()
    {
        var trigger = await NewTriggerAsync();
        var meant = await NewRuleAsync(trigger);
        await NewRuleAsync(trigger);

        var written = await AppendAsync(trigger, target: new(meant.Id, meant.Ref));

        Assert.That(written.Matched.Select(match => match.RuleRef), Is.EqualTo(new[] { meant.Ref }));
    }

    [Test]
    public async Task An_event_meant_for_a_rule_of_another_trigger_or_a_disabled_one_or_none_matches_nothing()
    {
        var trigger = await NewTriggerAsync();
        var foreign = await NewRuleAsync(await NewTriggerAsync());
        var disabled = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(disabled.Ref, new() { Enabled = false }, Cancellation);
        await NewRuleAsync(trigger);

        Assert.That((await AppendAsync(trigger, target: new(foreign.Id, foreign.Ref))).Matched, Is.Empty);
        Assert.That((await AppendAsync(trigger, target: new(disabled.Id, disabled.Ref))).Matched, Is.Empty);
        Assert.That((await AppendAsync(trigger, target: new(long.MaxValue, "gone.rule"))).Matched, Is.Empty);
    }

    [Test]
    public async Task Conditions_of_a_meant_rule_hold_and_no_payload_is_unknown()
    {
        var trigger = await NewTriggerAsync();
        var meant = await NewRuleAsync(trigger, """[{"field": "kind", "operator": "equals", "value": "order"}]""");

        Assert.That((await AppendAsync(trigger, null, new(meant.Id, meant.Ref))).Matched, Is.Empty);
        Assert.That((await AppendAsync(trigger, target: new(meant.Id, meant.Ref))).Matched, Has.Count.EqualTo(1));
    }

    [TestCase("[1, 2]", "[1, 2]")]
    [TestCase("\"text\"", "\"text\"")]
    [TestCase("null", "null")]
    [TestCase(null, "{}")]
    public async Task A_payload_that_is_no_object_is_kept_as_it_is(string? payload, string expected)
    {
        var trigger = await NewTriggerAsync();
        await NewRuleAsync(trigger);

        var written = await AppendAsync(trigger, payload);

        var enforcement = (await Enforcements.FindAsync(written.Matched.Single().Enforcement, Cancellation))!;
        Assert.That(JsonValues.AreEqual(enforcement.Payload, Parsed(expected)), enforcement.Payload.GetRawText());
    }

    [Test]
    public async Task A_payload_nested_as_deep_as_is_taken_can_be_read_wherever_it_went()
    {
        var trigger = await NewTriggerAsync();
        await NewRuleAsync(trigger, parameters: """{"all": {"of": {"it": "{{ event.payload }}"}}}""", action: "core.echo");
        var deep = new string('[', Json.MaxDepth) + new string(']', Json.MaxDepth);

        var written = await Ledger.AppendAsync(
            new NewEvent { TriggerRef = trigger, Payload = JsonElement.Parse(deep, new() { MaxDepth = Json.MaxDepth }) }, Cancellation);
        await ResolveAllAsync();

        var enforcement = (await Enforcements.FindAsync(written.Matched.Single().Enforcement, Cancellation))!;
        var execution = (await Executions.FindAsync((await ExecutionsOfAsync(enforcement)).Single().Id, Cancellation))!;
        Assert.That(JsonSerializer.Serialize(new { data = execution }, Json.Options), Does.Contain(deep));
    }

    [Test]
    public async Task A_rule_that_did_not_change_follows_its_pack_when_another_rule_changes()
    {
        var trigger = await NewTriggerAsync();
        var pack = $"{NewName("pack").Replace('.', '_')}";
        var rule = await Rules.CreateAsync(new()
        {
            Ref = $"{pack}.rule", Label = "Rule", TriggerRef = trigger, ActionRef = "core.noop",
            ActionParams = Parsed("""{"to": "{{ pack.config.to }}"}"""),
        }, Cancellation);
        var other = await NewRuleAsync(trigger, """[{"field": "kind", "operator": "equals", "value": "order"}]""");

        Assert.That((await AppendAsync(trigger)).Matched, Has.Count.EqualTo(2));
        await Rules.UpdateAsync(
            other.Ref, new() { Conditions = Parsed("""[{"field": "kind", "operator": "equals", "value": "refund"}]""") }, Cancellation);
        await ExecuteAsync("UPDATE pack SET config = '{\"to\": \"ops\"}' WHERE ref = @pack", new { pack });
        var written = await AppendAsync(trigger);

        var enforcement = (await Enforcements.FindAsync(written.Matched.Single().Enforcement, Cancellation))!;
        Assert.That((enforcement.RuleRef, enforcement.Config!.Value.GetProperty("to").GetString()), Is.EqualTo((rule.Ref, "ops")));
    }

    // The database writes numbers out and puts a space behind every comma: what was taken must still be taken in that form.
    [TestCase("equals", "1e1000", "1e1000")]
    [TestCase("greater_than", "1e-1000", "1")]
    [TestCase("less_than", "-1.5e-999", "-1")]
    [TestCase("in", "1e1000 many", "1e1000")]
    [TestCase("in", "1 many", "1")]
    public async Task A_rule_that_was_saved_is_evaluated_whatever_the_database_makes_of_its_values(
        string @operator, string value, string actual)
    {
        var trigger = await NewTriggerAsync();
        var expected = value.Split(' ') is [var number, _]
            ? $"[{string.Join(',', Enumerable.Repeat(number, number == "1" ? 87_000 : 250))}]" : value;
        var rule = await NewRuleAsync(
            trigger, $$"""[{"field": "a", "operator": "{{@operator}}", "value": {{expected}}}]""", $$"""{"number": {{actual}}}""");

        Assert.That((await AppendAsync(trigger, $$"""{"a": {{actual}}}""")).Matched.Single().RuleRef, Is.EqualTo(rule.Ref));
        Assert.That((await Rules.UpdateAsync(rule.Ref, new() { Label = "Other" }, Cancellation))!.Version, Is.EqualTo(1));
    }

    [TestCase("1e999")]
    [TestCase("1")]
    public async Task Values_that_the_database_would_write_too_long_to_be_read_again_are_refused(string number)
    {
        var trigger = await NewTriggerAsync();
        var many = string.Join(',', Enumerable.Repeat(number, number == "1" ? 88_000 : 270));

        var refused = await RefusedAsync(() => NewRuleAsync(trigger, $$"""[{"field": "a", "operator": "in", "value": [{{many}}]}]"""));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "conditions")));
    }

    [Test]
    public async Task Events_of_one_batch_have_each_their_own_matches_in_order()
    {
        var trigger = await NewTriggerAsync();
        var even = await NewRuleAsync(trigger, """[{"field": "parity", "operator": "equals", "value": 0}]""");
        var all = await NewRuleAsync(trigger);
        var events = Enumerable.Range(0, 250).Select(number => new NewEvent
        {
            TriggerRef = trigger,
            Payload = Parsed($$"""{"parity": {{number % 2}}}"""),
        });

        var written = await Ledger.AppendAsync([.. events], Cancellation);

        Assert.That(
            written.Select(one => one.Matched.Count), Is.EqualTo(Enumerable.Range(0, 250).Select(number => number % 2 == 0 ? 2 : 1)));
        Assert.That(written.SelectMany(one => one.Matched).Count(match => match.RuleRef == even.Ref), Is.EqualTo(125));
        foreach (var match in written[17].Matched)
        {
            Assert.That(match.RuleRef, Is.EqualTo(all.Ref));
            Assert.That((await Enforcements.FindAsync(match.Enforcement, Cancellation))!.Event, Is.EqualTo(written[17].Id));
        }
    }

    [Test]
    public async Task A_rule_that_cannot_be_evaluated_harms_no_event_and_no_other_rule()
    {
        var trigger = await NewTriggerAsync();
        var broken = await NewRuleAsync(trigger);
        var huge = await NewRuleAsync(
            trigger, parameters: $$"""{"x": "{{string.Concat(Enumerable.Repeat("{{ event.payload }}", 500))}}"}""");
        var sound = await NewRuleAsync(trigger);
        await ExecuteAsync("""UPDATE rule SET conditions = '[{"field": "a", "operator": "?"}]' WHERE ref = @Ref""", new { broken.Ref });

        var written = await AppendAsync(trigger, $"\"{new string('x', 100_000)}\"");

        Assert.That(written.Matched.Select(match => match.RuleRef), Is.EqualTo(new[] { sound.Ref }), huge.Ref);
    }

    [Test]
    public async Task The_pack_of_a_rule_lends_its_config_to_templates()
    {
        var trigger = await NewTriggerAsync();
        await NewRuleAsync(trigger, parameters: """{"channel": "{{ pack.config.channel }}"}""");
        await AppendAsync(trigger);
        await ExecuteAsync("""UPDATE pack SET config = '{"channel": "ops"}' WHERE ref = 'test'""");

        var written = await AppendAsync(trigger);

        var enforcement = (await Enforcements.FindAsync(written.Matched.Single().Enforcement, Cancellation))!;
        Assert.That(enforcement.Config!.Value.GetProperty("channel").GetString(), Is.EqualTo("ops"));
    }

    [Test]
    public async Task Timers_are_the_enabled_rules_on_the_interval_trigger()
    {
        var rule = await Rules.CreateAsync(new()
        {
            Ref = NewName("timed"),
            Label = "Timed",
            TriggerRef = TimerTriggers.Interval,
            ActionRef = "core.noop",
            TriggerParams = Parsed("""{"seconds": 90}"""),
        }, Cancellation);
        var off = await Rules.CreateAsync(new()
        {
            Ref = NewName("timed"),
            Label = "Off",
            TriggerRef = TimerTriggers.Interval,
            ActionRef = "core.noop",
            TriggerParams = Parsed("""{"seconds": 5}"""),
            Enabled = false,
        }, Cancellation);

        var timers = (await Get<ITimerSource>().ListAsync(Cancellation)).Timers;

        var found = timers.Single(timer => timer.Rule == new RuleTarget(rule.Id, rule.Ref));
        Assert.That((found.TriggerRef, found.Parameters.GetRawText()), Is.EqualTo((TimerTriggers.Interval, """{"seconds": 90}""")));
        Assert.That(timers.Select(timer => timer.Rule.Id), Does.Not.Contain(off.Id));
    }
}
