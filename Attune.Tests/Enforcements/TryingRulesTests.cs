using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Enforcements;

public sealed class TryingRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const string Payload =
        """{"total": 70, "user": {"name": "Ada", "a b": 1}, "items": [{"sku": "x"}, {"sku": "y"}], "event": true, "none": null}""";

    [Test]
    public async Task All_mistakes_of_a_draft_are_told_at_once_each_at_its_place()
    {
        var trigger = await NewTriggerAsync();

        var trial = await TryAsync(new()
        {
            Ref = "test.draft", TriggerRef = trigger, ActionRef = "core.sleep",
            Conditions = Parsed("""{"expression": "total > 5\n  and user.name =="}"""),
            ActionParams = Parsed("""{"seconds": "{{ event.payload.total }}", "a": "{{ nobody }}", "b": "{{"}"""),
            Window = Parsed("""{"at_most": 0, "in": "5m"}"""),
        });

        Assert.That(
            trial.Mistakes.Select(one => one.Field),
            Is.EquivalentTo((string[])["conditions.expression", "action_params.a", "action_params.b", "window.at_most"]));
        Assert.That((trial.Mistakes[0].Line, trial.Mistakes[0].Column), Is.EqualTo(((int?)2, (int?)19)));
        Assert.That(trial.Conditions, Is.Null);
    }

    [TestCase(null, "no.such", null, "trigger_ref")]
    [TestCase("no.such", null, null, "action_ref")]
    [TestCase("core.http_request", null, null, "action_params.url")]
    [TestCase(null, "core.cron", """{"expression": "often"}""", "trigger_params.expression")]
    public async Task What_a_draft_names_is_looked_up(string? action, string? trigger, string? triggerParams, string field)
    {
        var trial = await TryAsync(new()
        {
            ActionRef = action, TriggerRef = trigger, TriggerParams = triggerParams is null ? null : Parsed(triggerParams),
        });

        Assert.That(trial.Mistakes.Select(one => one.Field), Is.EqualTo((string[])[field]));
    }

    [Test]
    public async Task A_draft_is_tried_on_an_event_and_its_templates_are_filled_in()
    {
        var trigger = await NewTriggerAsync();
        var id = (await AppendAsync(trigger, Payload)).Id;

        var trial = await TryAsync(new()
        {
            Ref = "test.draft", TriggerRef = trigger, Event = id,
            Conditions = Parsed("""
                [{"field": "total", "operator": "less_than", "value": 100}, {"any": [
                    {"field": "user.name", "operator": "equals", "value": "Bob"}, {"field": "user.name", "operator": "greater_than", "value": 5}]}]
                """),
            ActionParams = Parsed("""
                {"a": "{{ event.payload.total }}", "b": "{{ event.id }} of {{ system.rule.ref }}",
                 "c": "{{ event.payload.total | divided_by: 0 }}"}
                """),
        });

        Assert.That(trial.Mistakes, Is.Empty);
        Assert.That(trial.Expression, Is.EqualTo("""total < 100 and (user.name == "Bob" or user.name > 5)"""));
        Assert.That(trial.Verdict, Is.EqualTo(Verdict.Unknown));
        Assert.That(trial.Tested[1].Conditions!.Select(one => one.Verdict), Is.EqualTo((Verdict[])[Verdict.False, Verdict.Unknown]));
        Assert.That(trial.Tested[1].Conditions![1].Reason, Does.Contain("text"));
        Assert.That(
            trial.Parameters.Select(one => one.Value?.GetRawText()), Is.EqualTo((string?[])["70", $"\"{id} of test.draft\"", null]));
        Assert.That(trial.Parameters[2].Fault, Is.Not.Empty);
    }

    [Test]
    public async Task What_a_trial_says_of_an_event_is_what_the_engine_does()
    {
        var trigger = await NewTriggerAsync();
        var rules = new List<Rule>();
        foreach (var conditions in (string[])
            ["""{"expression": "total > 50"}""", """{"expression": "total > 500"}""", """{"expression": "not none exists"}""", "[]"])
        {
            rules.Add(await NewRuleAsync(trigger, conditions));
        }

        var written = await AppendAsync(trigger, Payload);
        foreach (var rule in rules)
        {
            var trial = await TryAsync(new() { TriggerRef = trigger, Condition = rule.Condition, Conditions = rule.Conditions, Event = written.Id });
            Assert.That(trial.Verdict == Verdict.True, Is.EqualTo(written.Matched.Any(one => one.RuleRef == rule.Ref)), rule.Expression);
        }

        Assert.That(written.Matched, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task An_event_that_is_gone_is_a_mistake_of_its_own() => Assert.That(
        (await TryAsync(new() { Event = 987_654_321 })).Mistakes.Select(one => one.Field), Is.EqualTo((string[])["event"]));

    [Test]
    public async Task The_fields_of_a_trigger_have_their_types_and_examples_the_newest_first()
    {
        var trigger = await NewTriggerAsync();
        await AppendAsync(trigger, """{"total": "many", "old": true}""");
        await AppendAsync(trigger, Payload);
        await AppendAsync(trigger, Payload);

        var fields = await Get<IPayloadFields>().ReadAsync(trigger, Cancellation);

        Assert.That(fields.Events, Is.EqualTo(3));
        Assert.That(
            fields.Fields.Select(field => $"{field.Path}: {string.Join("/", field.Types)} {field.Events}"),
            Is.EqualTo((string[])
            [
                "$.event: truth 2", "$.none: null 2", "items: list 2", "items[*]: object 2", "items[*].sku: text 2", "old: truth 1",
                "total: number/text 3", "user: object 2", "user.name: text 2", "user[\"a b\"]: number 2",
            ]));
        Assert.That(
            fields.Fields.Single(field => field.Path == "total").Examples.Select(value => value.GetRawText()),
            Is.EqualTo((string[])["70", "\"many\""]));
    }

    [Test]
    public async Task Every_field_and_every_leaf_is_a_path_that_a_condition_finds()
    {
        const string odd = """{"$": 1, "$a": {"/b": 2}, "event": {"payload": 3}, "a.b": {"0": 4}, "list": [{"and": 5}], "x\ny": 6, "": 7}""";
        var trigger = await NewTriggerAsync();
        var id = (await AppendAsync(trigger, odd)).Id;
        var fields = await Get<IPayloadFields>().ReadAsync(trigger, Cancellation);
        var leaves = ConditionLanguage.Leaves(Parsed(odd), 100);

        foreach (var path in fields.Fields.Select(field => field.Path).Concat(leaves.Select(leaf => leaf.Path)))
        {
            var conditions = JsonSerializer.SerializeToElement(new[] { new { field = path, @operator = "exists" } });
            var trial = await TryAsync(new() { TriggerRef = trigger, Conditions = conditions, Event = id });

            Assert.That(trial.Verdict, Is.EqualTo(Verdict.True), path);
            Assert.That(
                leaves.FirstOrDefault(leaf => leaf.Path == path)?.FullPath ?? trial.Tested[0].Path, Is.EqualTo(trial.Tested[0].Path), path);
        }

        Assert.That(leaves.Select(leaf => leaf.Value.GetRawText()), Is.EqualTo((string[])["1", "2", "3", "4", "5", "6", "7"]));
    }

    [Test]
    public async Task A_change_from_an_earlier_version_is_refused()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync());
        await Rules.UpdateAsync(rule.Ref, new() { Conditions = Parsed("""{"expression": "a == 1"}"""), ExpectedVersion = 1 }, Cancellation);

        var refused = await RefusedAsync(() => Rules.UpdateAsync(rule.Ref, new() { Label = "Other", ExpectedVersion = 1 }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Conflict, "expected_version")));
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Label, Is.EqualTo("Rule"));
    }

    private Task<RuleTrial> TryAsync(RuleTrialRequest request) => Get<IRuleTrials>().TryAsync(request, Cancellation);
}
