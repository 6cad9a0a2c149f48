using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

/// <summary>Events that are sent again, and executions that are run again, one at a time.</summary>
public sealed class SendingAgainTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private IEventReplays Replays => Get<IEventReplays>();

    private IExecutionReruns Reruns => Get<IExecutionReruns>();

    [Test]
    public async Task An_event_that_is_sent_again_is_a_new_one_with_the_same_trigger_config_source_and_payload_and_names_its_original()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(
            trigger, """[{"field": "event.config.headers.kind", "operator": "equals", "value": "push"}]""");
        var first = await Ledger.AppendAsync(
            new NewEvent
            {
                TriggerRef = trigger, Payload = Parsed("""{"n": 1}"""), Config = Parsed("""{"headers": {"kind": "push"}}"""),
                SourceRef = "webhook", Source = 7,
            }, Cancellation);

        var again = (await Replays.ReplayAsync(first.Id, new(), Cancellation))!;

        var stored = (await Get<IEventRepository>().FindAsync(again.Event.Id, Cancellation))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Event.Id, Is.GreaterThan(first.Id));
            Assert.That(again.Written.Matched.Select(match => match.RuleRef), Is.EqualTo((string[])[rule.Ref]));
            Assert.That((stored.ReplayOf, stored.TriggerRef, stored.SourceRef, stored.Source), Is.EqualTo(((long?)first.Id, trigger, "webhook", (long?)7)));
            Assert.That(stored.Payload!.Value.GetProperty("n").GetInt32(), Is.EqualTo(1));
            Assert.That(stored.Config!.Value.TryGetProperty("payload_changed", out _), Is.False);
            Assert.That(stored.Created, Is.EqualTo(again.Event.Created).And.GreaterThan(first.Created));
            Assert.That(stored.OnlyRules, Is.Null);
        }

        var listed = await Get<IEventRepository>().ListAsync(new() { ReplayOf = first.Id }, new(), Cancellation);
        Assert.That(listed.Items.Select(row => (row.Id, row.ReplayOf)), Is.EqualTo(((long, long?)[])[(again.Event.Id, first.Id)]));
    }

    [Test]
    public async Task A_changed_payload_is_what_rules_see_and_the_config_says_that_it_was_changed()
    {
        var trigger = await NewTriggerAsync();
        await NewRuleAsync(trigger, """[{"field": "n", "operator": "equals", "value": 2}]""");
        var first = await AppendAsync(trigger, """{"n": 1}""");

        var again = (await Replays.ReplayAsync(first.Id, new() { Payload = Parsed("""{"n": 2}""") }, Cancellation))!;
        var same = (await Replays.ReplayAsync(first.Id, new() { Payload = Parsed("""{ "n":1 }""") }, Cancellation))!;
        var empty = (await Replays.ReplayAsync(first.Id, new() { Payload = Parsed("null") }, Cancellation))!;

        var stored = (await Get<IEventRepository>().FindAsync(again.Event.Id, Cancellation))!;
        Assert.That(again.Written.Matched, Has.Count.EqualTo(1));
        Assert.That(stored.Payload!.Value.GetProperty("n").GetInt32(), Is.EqualTo(2));
        Assert.That(stored.Config!.Value.GetProperty("payload_changed").GetBoolean(), Is.True);
        Assert.That(same.Event.Config, Is.Null, "the same payload, spelled otherwise, is no other one");
        Assert.That((await Get<IEventRepository>().FindAsync(empty.Event.Id, Cancellation))!.Payload!.Value.ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [Test]
    public async Task Chosen_rules_alone_are_asked_and_the_event_says_which()
    {
        var trigger = await NewTriggerAsync();
        var (one, two, three) = (await NewRuleAsync(trigger), await NewRuleAsync(trigger), await NewRuleAsync(trigger));
        var first = await AppendAsync(trigger);
        Assert.That(first.Matched, Has.Count.EqualTo(3));

        var again = (await Replays.ReplayAsync(first.Id, new() { Rules = [two.Ref, one.Ref, two.Ref] }, Cancellation))!;
        var further = (await Replays.ReplayAsync(again.Event.Id, new(), Cancellation))!;

        var expected = new[] { one.Ref, two.Ref }.Order(StringComparer.Ordinal).ToArray();
        Assert.That(again.Written.Matched.Select(match => match.RuleRef), Is.EquivalentTo(expected));
        Assert.That((await Get<IEventRepository>().FindAsync(again.Event.Id, Cancellation))!.OnlyRules, Is.EqualTo(expected));
        Assert.That(further.Written.Matched.Select(match => match.RuleRef), Is.EquivalentTo(expected), "unless others are chosen, they stay");
        var why = (await Get<IRuleExplainer>().ExplainAsync(again.Event.Id, new() { RuleRef = three.Ref }, Cancellation))!;
        Assert.That((why.Matches, why.Reasons.Single().Code), Is.EqualTo((false, ReasonCode.TargetedAtAnotherRule)));
        var matched = (await Get<IRuleExplainer>().ExplainAsync(again.Event.Id, new() { RuleRef = one.Ref }, Cancellation))!;
        Assert.That((matched.Matches, matched.Reasons), Is.EqualTo((true, Array.Empty<ExplainedReason>())));
    }

    [Test]
    public async Task A_rule_that_is_not_there_of_another_trigger_or_not_asked_is_refused_by_its_place()
    {
        var (trigger, other) = (await NewTriggerAsync(), await NewTriggerAsync());
        var (rule, foreign, off) = (await NewRuleAsync(trigger), await NewRuleAsync(other), await NewRuleAsync(trigger));
        await Rules.UpdateAsync(off.Ref, new() { Enabled = false }, Cancellation);
        var first = await AppendAsync(trigger);

        Task<RefusedException> Chosen(params string[] rules) =>
            RefusedAsync(() => Replays.ReplayAsync(first.Id, new() { Rules = rules }, Cancellation));

        Assert.That(await Chosen(rule.Ref, "no.such"), Has.Property("Kind").EqualTo(RefusalKind.NotFound).And.Property("Field").EqualTo("rules[1]"));
        Assert.That(await Chosen(foreign.Ref), Has.Property("Kind").EqualTo(RefusalKind.Invalid).And.Property("Field").EqualTo("rules[0]"));
        Assert.That(await Chosen(rule.Ref, off.Ref), Has.Property("Kind").EqualTo(RefusalKind.Conflict).And.Property("Field").EqualTo("rules[1]"));
        Assert.That(await Chosen(), Has.Property("Kind").EqualTo(RefusalKind.Invalid).And.Property("Field").EqualTo("rules"));
        Assert.That(await Chosen(rule.Ref, ""), Has.Property("Field").EqualTo("rules[1]"));
        Assert.That(await ReplaysOfAsync(first.Id), Is.Zero);
        Assert.That(await Replays.ReplayAsync(long.MaxValue, new(), Cancellation), Is.Null);
    }

    [Test]
    public async Task An_event_for_one_rule_is_sent_again_to_that_rule()
    {
        var trigger = await NewTriggerAsync();
        var (rule, _) = (await NewRuleAsync(trigger), await NewRuleAsync(trigger));
        var first = await AppendAsync(trigger, target: new(rule.Id, rule.Ref));

        var again = (await Replays.ReplayAsync(first.Id, new(), Cancellation))!;

        Assert.That(again.Written.Matched.Select(match => match.RuleRef), Is.EqualTo((string[])[rule.Ref]));
        Assert.That((again.Event.Rule, again.Event.RuleRef), Is.EqualTo(((long?)rule.Id, rule.Ref)));
    }

    [Test]
    public async Task The_same_key_for_the_same_event_is_one_replay_and_with_something_else_refused()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var (first, second) = (await AppendAsync(trigger), await AppendAsync(trigger));

        var one = (await Replays.ReplayAsync(first.Id, new() { Key = "k" }, Cancellation))!;
        var repeated = (await Replays.ReplayAsync(first.Id, new() { Key = "k" }, Cancellation))!;
        var ofAnother = (await Replays.ReplayAsync(second.Id, new() { Key = "k" }, Cancellation))!;
        var otherRules = await RefusedAsync(() => Replays.ReplayAsync(first.Id, new() { Key = "k", Rules = [rule.Ref] }, Cancellation));

        Assert.That((repeated.Written.IsDuplicate, repeated.Event.Id), Is.EqualTo((true, one.Event.Id)));
        Assert.That(ofAnother.Written.IsDuplicate, Is.False);
        Assert.That((otherRules.Kind, otherRules.Field), Is.EqualTo((RefusalKind.Invalid, "key")));
        Assert.That(await ReplaysOfAsync(first.Id), Is.EqualTo(1));
    }

    [Test]
    public async Task A_dry_run_says_of_each_rule_what_it_would_do_and_writes_nothing()
    {
        var trigger = await NewTriggerAsync();
        var matching = await NewRuleAsync(
            trigger, """[{"field": "n", "operator": "equals", "value": 2}]""", """{"text": "{{ event.payload.n }}!", "was": "{{ event.payload.n }}"}""");
        var other = await NewRuleAsync(trigger, """[{"field": "n", "operator": "equals", "value": 1}]""");
        var failing = await NewRuleAsync(trigger, "[]", """{"url": "https://{{ event.payload.host }}/x"}""");
        var off = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(off.Ref, new() { Enabled = false }, Cancellation);
        var shadow = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(shadow.Ref, new() { State = RuleState.Shadow }, Cancellation);
        var windowed = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(windowed.Ref, new() { Window = Parsed("""{"at_most": 1, "in": "1h"}""") }, Cancellation);
        var first = await AppendAsync(trigger, """{"n": 1}""");
        var before = await CountsAsync();

        var trial = (await Replays.TryAsync(first.Id, new() { Payload = Parsed("""{"n": 2, "host": "a b/../"}""") }, Cancellation))!;
        var chosen = (await Replays.TryAsync(first.Id, new() { Rules = [off.Ref] }, Cancellation))!;

        ReplayTrialRule Of(Rule rule) => trial.Rules.Single(tried => tried.RuleRef == rule.Ref);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((trial.Event, trial.TriggerEnabled, trial.PayloadChanged), Is.EqualTo((first.Id, true, true)));
            Assert.That(trial.Rules.Select(tried => tried.RuleRef), Is.EquivalentTo(
                new[] { matching, other, failing, shadow, windowed }.Select(rule => rule.Ref)));
            Assert.That((Of(matching).Matches, Of(matching).Verdict, Of(matching).ActionRef), Is.EqualTo((true, Verdict.True, "core.noop")));
            Assert.That(Of(matching).Parameters!.Value.GetProperty("text").GetString(), Is.EqualTo("2!"));
            Assert.That(Of(matching).Parameters!.Value.GetProperty("was").GetInt32(), Is.EqualTo(2));
            Assert.That(Of(matching).Conditions.Single().Actual!.Value.GetInt32(), Is.EqualTo(2));
            Assert.That((Of(other).Matches, Of(other).Verdict, Of(other).Parameters), Is.EqualTo((false, Verdict.False, (System.Text.Json.JsonElement?)null)));
            Assert.That((Of(failing).Matches, Of(failing).Verdict), Is.EqualTo((false, Verdict.True)));
            Assert.That(Of(failing).Fault, Does.Contain("could not be filled in"));
            Assert.That((Of(shadow).State, Of(shadow).Matches), Is.EqualTo((RuleState.Shadow, true)));
            Assert.That((Of(windowed).HasWindow, Of(windowed).Matches), Is.EqualTo((true, true)), "its window is not counted");
            Assert.That(chosen.Rules.Select(tried => (tried.RuleRef, tried.State, tried.Matches, tried.Verdict)), Is.EqualTo(
                new[] { (off.Ref, RuleState.Disabled, false, Verdict.True) }));
            Assert.That(await CountsAsync(), Is.EqualTo(before));
        }
    }

    [Test]
    public async Task An_execution_that_is_run_again_is_a_new_one_of_the_same_enforcement_and_no_top_level_one()
    {
        var (_, rule, enforcement) = await NewPendingAsync();
        await ResolveAllAsync();
        var first = (await ExecutionsOfAsync(enforcement)).Single();
        await EndAsync(first.Id, "failed");

        var again = (await Reruns.RerunAsync(first.Id, new(), Cancellation))!;

        var original = (await Executions.FindAsync(first.Id, Cancellation))!;
        var top = await Executions.ListAsync(new() { Enforcement = enforcement.Id, TopLevelOnly = true }, new(), Cancellation);
        var listed = await Executions.ListAsync(new() { RerunOf = first.Id }, new(), Cancellation);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((again.RerunOf, again.Status, again.ActionRef), Is.EqualTo(((long?)first.Id, ExecutionStatus.Requested, "core.noop")));
            Assert.That((again.Enforcement, again.RuleRef, again.RetryCount, again.OriginalExecution), Is.EqualTo(
                ((long?)enforcement.Id, rule.Ref, 0, (long?)null)));
            Assert.That(again.Config!.Value.GetRawText(), Is.EqualTo(original.Config!.Value.GetRawText()));
            Assert.That(original.Status, Is.EqualTo(ExecutionStatus.Failed), "it stays as it ended");
            Assert.That(top.Items.Select(one => one.Id), Is.EqualTo(new[] { first.Id }), "processed means exactly one top-level execution");
            Assert.That(listed.Items.Select(one => (one.Id, one.RerunOf)), Is.EqualTo(((long, long?)[])[(again.Id, first.Id)]));
        }
    }

    [Test]
    public async Task Other_parameters_are_held_to_the_schema_of_the_action()
    {
        var first = await Executions.CreateAsync(new() { ActionRef = "core.sleep", Config = Parsed("""{"seconds": 1}""") }, Cancellation);
        await EndAsync(first.Id, "completed");

        var again = (await Reruns.RerunAsync(first.Id, new() { Parameters = Parsed("""{"seconds": 2}""") }, Cancellation))!;
        var unfit = await RefusedAsync(() => Reruns.RerunAsync(first.Id, new() { Parameters = Parsed("""{"seconds": "no"}""") }, Cancellation));
        var noObject = await RefusedAsync(() => Reruns.RerunAsync(first.Id, new() { Parameters = Parsed("[]") }, Cancellation));

        Assert.That(again.Config!.Value.GetProperty("seconds").GetInt32(), Is.EqualTo(2));
        Assert.That((unfit.Kind, unfit.Field), Is.EqualTo((RefusalKind.Invalid, "parameters.seconds")));
        Assert.That((noObject.Kind, noObject.Field), Is.EqualTo((RefusalKind.Invalid, "parameters")));
    }

    [TestCase("requested")]
    [TestCase("running")]
    [TestCase("canceling")]
    public async Task An_execution_that_is_not_over_is_not_run_again_unless_it_is_forced(string status)
    {
        var first = await Executions.CreateAsync(new() { ActionRef = "core.noop" }, Cancellation);
        await EndAsync(first.Id, status);

        var refused = await RefusedAsync(() => Reruns.RerunAsync(first.Id, new(), Cancellation));
        var forced = (await Reruns.RerunAsync(first.Id, new() { Force = true }, Cancellation))!;

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Conflict, "status")));
        Assert.That(refused.Message, Does.Contain(status).And.Contain("force"));
        Assert.That(forced.RerunOf, Is.EqualTo(first.Id));
    }

    [Test]
    public async Task An_execution_of_which_another_attempt_waits_or_whose_action_is_gone_is_not_run_again()
    {
        var action = NewName("action");
        await ExecuteAsync("INSERT INTO action (ref, label) VALUES (@action, 'Going')", new { action });
        var first = await Executions.CreateAsync(new() { ActionRef = action }, Cancellation);
        await EndAsync(first.Id, "failed");
        await ExecuteAsync(
            "INSERT INTO execution (action_ref, original_execution, retry_count) VALUES (@action, @Id, 1)", new { action, first.Id });

        var waiting = await RefusedAsync(() => Reruns.RerunAsync(first.Id, new(), Cancellation));
        await ExecuteAsync("DELETE FROM action WHERE ref = @action", new { action });
        var gone = await RefusedAsync(() => Reruns.RerunAsync(first.Id, new() { Force = true }, Cancellation));

        Assert.That((waiting.Kind, waiting.Message), Is.EqualTo((
            RefusalKind.Conflict, $"A later attempt of execution {first.Id} is not over. With force it is run again all the same.")));
        Assert.That((gone.Kind, gone.Field), Is.EqualTo((RefusalKind.NotFound, "action_ref")));
        Assert.That(await Reruns.RerunAsync(long.MaxValue, new(), Cancellation), Is.Null);
    }

    private Task EndAsync(long id, string status) =>
        ExecuteAsync("UPDATE execution SET status = @status::execution_status_enum WHERE id = @id", new { id, status });

    private Task<long> ReplaysOfAsync(long id) => ScalarAsync<long>("SELECT count(*) FROM event WHERE replay_of = @id", new { id });

    private Task<string> CountsAsync() => ScalarAsync<string>(
        """
        SELECT concat_ws(' ', (SELECT count(*) FROM event), (SELECT count(*) FROM enforcement), (SELECT count(*) FROM rule_window),
                              (SELECT count(*) FROM rule_fault))
        """);
}
