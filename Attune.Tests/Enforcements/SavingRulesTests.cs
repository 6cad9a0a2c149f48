using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

public sealed class SavingRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private static readonly NewRule Sound = new()
    {
        Ref = "unset.unset",
        Label = "A rule",
        TriggerRef = "core.webhook",
        ActionRef = "core.echo",
    };

    [Test]
    public async Task A_rule_is_read_as_it_was_made()
    {
        var reference = NewName("made");
        var made = await Rules.CreateAsync(Sound with
        {
            Ref = reference,
            Description = "Says so",
            Condition = ConditionJoin.Any,
            Conditions = Parsed("""[{"field": "a", "operator": "exists"}]"""),
            ActionParams = Parsed("""{"x": "{{ event.id }}"}"""),
            TriggerParams = Parsed("""{"y": 1}"""),
            Enabled = false,
        }, Cancellation);

        var read = (await Rules.FindAsync(reference, Cancellation))!;

        Assert.That(JsonSerializer.Serialize(read), Is.EqualTo(JsonSerializer.Serialize(made)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((read.Ref, read.PackRef, read.Label, read.Description), Is.EqualTo((reference, "test", "A rule", "Says so")));
            Assert.That((read.TriggerRef, read.ActionRef, read.Condition), Is.EqualTo(("core.webhook", "core.echo", ConditionJoin.Any)));
            Assert.That((read.Enabled, read.Version, read.IsAdhoc), Is.EqualTo((false, 1, true)));
            Assert.That((read.Pack, read.Trigger, read.Action), Is.Not.EqualTo(((long?)null, (long?)null, (long?)null)));
            Assert.That(JsonValues.AreEqual(read.TriggerParams, Parsed("""{"y": 1}""")));
        }
    }

    [Test]
    public async Task Fields_that_are_left_out_are_filled_in()
    {
        var made = await Rules.CreateAsync(
            Sound with { Ref = NewName("plain"), Conditions = null, ActionParams = Parsed("null") }, Cancellation);

        Assert.That(
            (made.Conditions.GetRawText(), made.ActionParams.GetRawText(), made.TriggerParams.GetRawText(), made.Condition, made.Enabled),
            Is.EqualTo(("[]", "{}", "{}", ConditionJoin.All, true)));
    }

    [Test]
    public async Task A_pack_is_made_when_it_is_first_used()
    {
        var made = await Rules.CreateAsync(Sound with { Ref = $"{NewName("x").Replace('.', '_')}.rule" }, Cancellation);
        var named = await Rules.CreateAsync(Sound with { Ref = NewName("x"), PackRef = "elsewhere" }, Cancellation);

        Assert.That(await ScalarAsync<long>("SELECT id FROM pack WHERE ref = @PackRef", new { made.PackRef }), Is.EqualTo(made.Pack));
        Assert.That(named.PackRef, Is.EqualTo("elsewhere"));
    }

    [TestCase("")]
    [TestCase("nodot")]
    [TestCase("two.dots.here")]
    [TestCase("Upper.case")]
    [TestCase("with space.name")]
    [TestCase("pack.with space")]
    [TestCase("pack.")]
    [TestCase(".name")]
    [TestCase("pack.name\n")]
    [TestCase("pack.na\0me")]
    [TestCase("pack.a/b")]
    [TestCase("pack.esc\u001b")]
    [TestCase("pack.turned\u202e")]
    [TestCase("pack.filler\u3164")]
    [TestCase("1pack.name")]
    [TestCase("p.name")]
    public async Task A_reference_that_is_none_is_refused(string reference)
    {
        var refused = await RefusedAsync(() => Rules.CreateAsync(Sound with { Ref = reference }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "ref")));
    }

    [Test]
    public async Task A_reference_of_more_than_120_bytes_is_refused() =>
        Assert.That(
            (await RefusedAsync(() => Rules.CreateAsync(Sound with { Ref = "pack." + new string('ö', 60) }, Cancellation))).Field,
            Is.EqualTo("ref"));

    [Test]
    public async Task A_value_that_cannot_be_accepted_is_refused_by_the_name_of_its_field()
    {
        var cases = new (NewRule Rule, RefusalKind Kind, string Field)[]
        {
            (Sound with { Label = " " }, RefusalKind.Invalid, "label"),
            (Sound with { Label = "a\0b" }, RefusalKind.Invalid, "label"),
            (Sound with { Description = "half \ud83d a pair" }, RefusalKind.Invalid, "description"),
            (Sound with { ActionRef = "half.\ud83d" }, RefusalKind.Invalid, "action_ref"),
            (Sound with { PackRef = "No Pack" }, RefusalKind.Invalid, "pack_ref"),
            (Sound with { TriggerRef = "gone.trigger" }, RefusalKind.NotFound, "trigger_ref"),
            (Sound with { ActionRef = "gone.action" }, RefusalKind.NotFound, "action_ref"),
            (Sound with { TriggerRef = "no\0thing" }, RefusalKind.Invalid, "trigger_ref"),
            (Sound with { Conditions = Parsed("5") }, RefusalKind.Invalid, "conditions"),
            (Sound with { Conditions = Parsed("""[{"field": "a", "operator": "is"}]""") }, RefusalKind.Invalid, "conditions[0].operator"),
            (Sound with { ActionParams = Parsed("[]") }, RefusalKind.Invalid, "action_params"),
            (Sound with { ActionParams = Parsed("""{"message": "{{ nothing }}"}""") }, RefusalKind.Invalid, "action_params.message"),
            (Sound with { ActionParams = Parsed("""{"a": [1e999999]}""") }, RefusalKind.Invalid, "action_params.a[0]"),
            (Sound with { TriggerParams = Parsed("5") }, RefusalKind.Invalid, "trigger_params"),
            (Sound with { TriggerParams = Parsed("""{"a": "\u0000"}""") }, RefusalKind.Invalid, "trigger_params.a"),
        };
        foreach (var (rule, kind, field) in cases)
        {
            var refused = await RefusedAsync(() => Rules.CreateAsync(rule with { Ref = NewName("refused") }, Cancellation));
            Assert.That((refused.Kind, refused.Field), Is.EqualTo((kind, field)), refused.Message);
        }
    }

    [TestCase("{}", false)]
    [TestCase("""{"seconds": 0}""", false)]
    [TestCase("""{"seconds": -5}""", false)]
    [TestCase("""{"seconds": 1.5}""", false)]
    [TestCase("""{"seconds": "10"}""", false)]
    [TestCase("""{"seconds": 1e999999}""", false)]
    [TestCase("""{"seconds": 31622401}""", false)]
    [TestCase("""{"seconds": 31622400}""", true)]
    [TestCase("""{"seconds": 1}""", true)]
    public async Task A_timer_needs_a_number_of_seconds(string parameters, bool taken)
    {
        var rule = Sound with { Ref = NewName("timer"), TriggerRef = TimerTriggers.Interval, TriggerParams = Parsed(
            parameters), Enabled = false };
        if (taken)
        {
            Assert.That((await Rules.CreateAsync(rule, Cancellation)).Id, Is.Positive);
            return;
        }

        Assert.That(
            (await RefusedAsync(() => Rules.CreateAsync(rule, Cancellation))).Field,
            Is.EqualTo("trigger_params.seconds"));
    }

    [Test]
    public async Task A_reference_can_be_taken_once()
    {
        var reference = NewName("twice");
        await Rules.CreateAsync(Sound with { Ref = reference }, Cancellation);

        var refused = await RefusedAsync(() => Rules.CreateAsync(Sound with { Ref = reference }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Conflict, "ref")));
    }

    [Test]
    public async Task A_change_of_what_a_rule_says_makes_a_version_and_a_change_of_the_rest_does_not()
    {
        var rule = await Rules.CreateAsync(Sound with { Ref = NewName("versions") }, Cancellation);

        Assert.That((await Rules.UpdateAsync(rule.Ref, new() { Label = "Other", Enabled = false }, Cancellation))!.Version, Is.EqualTo(1));
        Assert.That(
            (await Rules.UpdateAsync(rule.Ref, new() { ActionParams = Parsed("""{"a": 1}""") }, Cancellation))!.Version, Is.EqualTo(2));
        Assert.That((await Rules.UpdateAsync(rule.Ref, new() { ActionRef = "core.noop" }, Cancellation))!.Version, Is.EqualTo(3));

        var versions = (await Rules.ListVersionsAsync(rule.Ref, new(), Cancellation)).Items;
        Assert.That(versions.Select(version => version.Version), Is.EqualTo(new[] { 3, 2, 1 }));
        Assert.That(versions[1].ActionRef, Is.EqualTo("core.echo"));
        Assert.That((await Rules.FindVersionAsync(rule.Id, 2, Cancellation))!.ActionParams.GetProperty("a").GetInt32(), Is.EqualTo(1));
        Assert.That(await Rules.FindVersionAsync(rule.Id, 4, Cancellation), Is.Null);
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Label, Is.EqualTo("Other"));
    }

    [Test]
    public async Task Versions_outlive_their_rule()
    {
        var rule = await Rules.CreateAsync(Sound with { Ref = NewName("gone") }, Cancellation);

        Assert.That(await Rules.DeleteAsync(rule.Ref, Cancellation), Is.True);
        Assert.That(await Rules.DeleteAsync(rule.Ref, Cancellation), Is.False);

        Assert.That(await Rules.FindAsync(rule.Ref, Cancellation), Is.Null);
        Assert.That((await Rules.ListVersionsAsync(rule.Ref, new(), Cancellation)).Items.Single().Rule, Is.EqualTo(rule.Id));
    }

    [Test]
    public async Task A_change_that_cannot_be_accepted_changes_nothing()
    {
        var rule = await Rules.CreateAsync(Sound with { Ref = NewName("kept") }, Cancellation);

        await RefusedAsync(() => Rules.UpdateAsync(rule.Ref, new() { Label = "New", Conditions = Parsed("{\"when\": 1}") }, Cancellation));
        await RefusedAsync(() => Rules.UpdateAsync(rule.Ref, new() { Label = "New", TriggerRef = "gone.trigger" }, Cancellation));
        await RefusedAsync(() => Rules.UpdateAsync(rule.Ref, new() { TriggerRef = TimerTriggers.Interval }, Cancellation));

        Assert.That(JsonSerializer.Serialize(await Rules.FindAsync(rule.Ref, Cancellation)), Is.EqualTo(JsonSerializer.Serialize(rule)));
        Assert.That(await Rules.UpdateAsync("gone.rule", new() { Label = "New" }, Cancellation), Is.Null);
        Assert.That(await Rules.UpdateAsync("go\0ne.rule", new() { Label = "New" }, Cancellation), Is.Null);
    }

    [Test]
    public async Task Updates_at_once_do_not_undo_one_another()
    {
        var rule = await Rules.CreateAsync(Sound with { Ref = NewName("busy") }, Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => number % 2 == 0
            ? Rules.UpdateAsync(rule.Ref, new() { Label = $"Label {number}" }, Cancellation)
            : Rules.UpdateAsync(rule.Ref, new() { ActionParams = Parsed($$"""{"n": {{number}}}""") }, Cancellation)));

        var after = (await Rules.FindAsync(rule.Ref, Cancellation))!;
        Assert.That(after.Label, Does.StartWith("Label "));
        Assert.That(after.Version, Is.EqualTo(11));
        Assert.That(after.ActionParams.GetProperty("n").GetInt32() % 2, Is.EqualTo(1));
    }

    [Test]
    public async Task A_list_is_by_reference_and_its_filters_hold_together()
    {
        var trigger = await NewTriggerAsync();
        var names = new List<string>();
        for (var number = 0; number < 7; number++)
        {
            names.Add((await NewRuleAsync(trigger)).Ref);
        }

        await Rules.UpdateAsync(names[3], new() { Enabled = false }, Cancellation);
        var filter = new RuleFilter { TriggerRef = trigger, ActionRef = "core.noop", PackRef = "test" };

        var first = await Rules.ListAsync(filter, new() { Size = 4, IncludeTotal = true }, Cancellation);
        var second = await Rules.ListAsync(filter, new() { Size = 4, After = first.Next }, Cancellation);
        var paged = await Rules.ListAsync(filter, new() { Size = 4, Offset = 4 }, Cancellation);

        Assert.That(first.Items.Concat(second.Items).Select(rule => rule.Ref), Is.EqualTo(names.Order(StringComparer.Ordinal)));
        Assert.That(paged.Items, Is.EqualTo(second.Items));
        Assert.That((first.Total!.Value.Items, second.Next), Is.EqualTo((7L, default(Cursor?))));
        Assert.That((await Rules.ListAsync(filter with { EnabledOnly = true }, new(), Cancellation)).Items, Has.Count.EqualTo(6));
        Assert.That((await Rules.ListAsync(filter with { ActionRef = "core.echo" }, new(), Cancellation)).Items, Is.Empty);
        Assert.That((await Rules.ListAsync(filter with { PackRef = "no\0ne" }, new(), Cancellation)).Items, Is.Empty);
    }

    [TestCase("""{"url": "https://a.b/", "methd": "POST"}""", "action_params.methd")]
    [TestCase("""{"url": "https://a.b/", "Method": "POST"}""", "action_params.Method")]
    [TestCase("""{"url": "https://a.b/", "method": "post"}""", "action_params.method")]
    [TestCase("""{"url": "https://a.b/", "method": 5}""", "action_params.method")]
    [TestCase("""{"url": 5}""", "action_params.url")]
    [TestCase("""{"method": "GET"}""", "action_params.url")]
    [TestCase("""{"url": "https://a.b/", "headers": ["a"]}""", "action_params.headers")]
    [TestCase("""{"url": "https://a.b/", "timeout": 0}""", "action_params.timeout")]
    [TestCase("""{"url": "https://a.b/", "auth_type": "digest"}""", "action_params.auth_type")]
    [TestCase("""{"url": "https://a.b/", "form": "a=b"}""", "action_params.form")]
    public async Task A_request_with_a_mistake_is_refused_by_its_place_when_its_rule_is_saved(string parameters, string field)
    {
        var refused = await RefusedAsync(() => Rules.CreateAsync(RequestRule(parameters), Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)));
    }

    [TestCase("""{"url": "{{ event.payload.url }}", "method": "{{ event.payload.method }}", "timeout": 5, "verify_ssl": true}""")]
    [TestCase("""{"url": "https://a.b/", "query_params": {"a": 1}, "json_body": {"b": "{{ event.payload }}"}, "follow_redirects": false}""")]
    [TestCase("""{"url": "https://a.b/", "auth_type": "basic", "auth_username": "a", "auth_password": "b", "max_redirects": 3}""")]
    public async Task A_request_with_the_names_of_the_original_or_templates_is_saved(string parameters) =>
        Assert.That(await Rules.CreateAsync(RequestRule(parameters), Cancellation), Is.Not.Null);

    [Test]
    public async Task The_parameters_must_be_those_that_the_action_takes_but_a_template_may_stand_for_any()
    {
        NewRule Rule(string parameters) => new()
        {
            Ref = NewName("rule"), Label = "Rule", TriggerRef = "core.webhook", ActionRef = "core.sleep", ActionParams = Parsed(parameters),
        };

        foreach (var (parameters, message) in new[]
        {
            ("{}", "action_params.seconds must be given."),
            ("""{"seconds": "5"}""", "action_params.seconds must be a number."),
            ("""{"seconds": 3601}""", "action_params.seconds must be from 0 to 3600."),
        })
        {
            var refused = await RefusedAsync(() => Rules.CreateAsync(Rule(parameters), Cancellation));
            Assert.That(
                (refused.Kind, refused.Field, refused.Message), Is.EqualTo((RefusalKind.Invalid, "action_params.seconds", message)));
        }

        var rule = await Rules.CreateAsync(Rule("""{"seconds": "{{ event.payload.seconds }}"}"""), Cancellation);
        var update = await RefusedAsync(() => Rules.UpdateAsync(rule.Ref, new() { ActionParams = Parsed("{}") }, Cancellation));
        Assert.That(update.Field, Is.EqualTo("action_params.seconds"));

        await ExecuteAsync("UPDATE rule SET action_params = '{}' WHERE ref = @Ref", new { rule.Ref });
        Assert.That((await Rules.UpdateAsync(
            rule.Ref, new() { Enabled = false }, Cancellation))!.Enabled, Is.False, "what was accepted can be switched off");
    }

    private static NewRule RequestRule(string parameters) => new()
    {
        Ref = NewName("rule"), Label = "Rule", TriggerRef = "core.webhook", ActionRef = "core.http_request", ActionParams = Parsed(parameters),
    };
}
