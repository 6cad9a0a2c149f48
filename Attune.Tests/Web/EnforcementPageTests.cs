using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Enforcements;
using Bunit;

namespace Attune.Tests.Web;

public sealed class EnforcementPageTests : PageTest
{
    [Test]
    public void A_pending_enforcement_says_so_in_its_status_and_in_grey_in_both_cards()
    {
        var enforcement = Attune.AddEnforcement(Attune.AddEvent());

        var page = OpenPage(enforcement.Id);

        Assert.That(page.Property("Overview", "Resolved At"), Is.EqualTo("Pending"));
        Assert.That(page.Property("Metadata", "Resolved At"), Is.EqualTo("Pending"));
        Assert.That(page.PropertyElement("Overview", "Resolved At").QuerySelector(".pending"), Is.Not.Null);
        Assert.That(page.PropertyElement("Metadata", "Resolved At").QuerySelector(".pending"), Is.Not.Null);
        Assert.That(page.Property("Overview", "Status"), Is.EqualTo("Pending"));
    }

    [Test]
    public void Pending_turns_into_the_time_by_itself()
    {
        var enforcement = Attune.AddEnforcement(Attune.AddEvent());
        var page = OpenPage(enforcement.Id);

        Attune.Resolve(enforcement.Id, EnforcementStatus.Processed, enforcement.Created.AddMilliseconds(417));
        page.Until(() => page.Property("Overview", "Status") == "Processed");

        Assert.That(page.Property("Overview", "Resolved At"), Does.StartWith("2026-03-14 15:09:26.417").And.EndWith("after 417 ms"));
        Assert.That(page.Property("Metadata", "Resolved At"), Is.EqualTo("2026-03-14 15:09:26.417"));
    }

    [Test]
    public void An_execution_appears_by_itself_and_goes_on()
    {
        var enforcement = Attune.AddEnforcement(Attune.AddEvent());
        var page = OpenPage(enforcement.Id);
        Assert.That(page.Panel("Lineage").TextContent, Does.Contain("Not requested yet"));

        Attune.Resolve(enforcement.Id);
        var execution = Attune.AddExecution(Attune.Enforcements[enforcement.Id]);
        Attune.Advance(execution.Id, ExecutionStatus.Completed);
        page.Until(() => page.Panel("Lineage").TextContent.Contains("Completed", StringComparison.Ordinal));

        Assert.That(page.Find($"a[href='executions/{execution.Id}']").TextContent, Is.EqualTo($"#{execution.Id}"));
        Assert.That(page.Headings(), Does.Contain("Executions"));
    }

    [Test]
    public void Changes_of_other_enforcements_are_not_read()
    {
        var enforcement = Attune.AddEnforcement(Attune.AddEvent());
        var other = Attune.AddEnforcement(Attune.AddEvent());
        var page = OpenPage(enforcement.Id);
        var asked = Executions.Asked.Count;

        Attune.Resolve(other.Id);
        Attune.AddExecution(Attune.Enforcements[other.Id]);
        Attune.AddEvent();
        Attune.Resolve(enforcement.Id);
        page.Until(() => page.Property("Overview", "Status") == "Processed");

        Assert.That(Executions.Asked, Has.Count.EqualTo(asked + 1));
    }

    [Test]
    public void Its_steps_lead_from_the_event_to_the_end_with_the_time_between()
    {
        var source = Attune.AddEvent();
        var enforcement = Attune.AddEnforcement(source);
        var page = OpenPage(enforcement.Id);
        Assert.That(Steps(page).Select(step => step.Split(" +")[0]), Is.EqualTo((string[])
            [$"Event #{source.Id}", "Matched by v2", "Waits to be resolved"]));

        Clock.Advance(TimeSpan.FromMilliseconds(400));
        Attune.Resolve(enforcement.Id);
        var execution = Attune.AddExecution(Attune.Enforcements[enforcement.Id]);
        Clock.Advance(TimeSpan.FromMilliseconds(30));
        Attune.Advance(execution.Id, ExecutionStatus.Running);
        Clock.Advance(TimeSpan.FromSeconds(2));
        Attune.Advance(execution.Id, ExecutionStatus.Completed);
        page.Until(() => Steps(page)[^1].StartsWith("Completed", StringComparison.Ordinal));

        Assert.That(Steps(page).Skip(2), Is.EqualTo((string[])
            ["Processed +400 ms", $"Execution #{execution.Id} requested", "Started +30 ms", "Completed +2.0 s"]));

        static IReadOnlyList<string> Steps(IRenderedComponent<EnforcementPage> page) =>
            [.. page.Panel("Steps").QuerySelectorAll(".what").Select(step => string.Join(' ', step.Children.Select(part => part.TextContent)))];
    }

    [Test]
    public void An_enforcement_is_not_green_when_every_execution_failed()
    {
        var enforcement = Attune.AddEnforcement(Attune.AddEvent());
        Attune.Resolve(enforcement.Id);
        var execution = Attune.AddExecution(Attune.Enforcements[enforcement.Id]);
        Attune.Advance(execution.Id, ExecutionStatus.Failed);

        var page = OpenPage(enforcement.Id);

        Assert.That(page.Find(".head").QuerySelectorAll(".chip").Select(chip => (chip.TextContent, chip.ClassName)), Is.EqualTo(
            ((string, string?)[])[("Processed", "chip neutral"), ("Failed", "chip bad")]));
        Assert.That(page.Panel("Overview").QuerySelectorAll(".good"), Is.Empty);
        Assert.That(page.Panel("Lineage").QuerySelectorAll(".good"), Is.Empty);
    }

    [Test]
    public void What_the_rule_says_otherwise_by_now_is_shown_without_its_secrets()
    {
        var rule = AddRule("ops.deploy");
        Attune.Rules[rule.Ref] = rule with { Id = 7, Version = 3 };
        Attune.Versions.AddRange(
        [
            Version(2, """{"text": "a", "headers": {"Authorization": "Bearer geheim-1"}}"""),
            Version(3, """{"text": "b", "headers": {"Authorization": "Bearer geheim-2"}}"""),
        ]);
        var enforcement = Attune.AddEnforcement(
            Attune.AddEvent(), ruleRef: "ops.deploy", config: """{"text": "a", "headers": {"Authorization": "Bearer geheim-1"}}""");

        var page = OpenPage(enforcement.Id);

        var changed = page.Panel("The rule says something else now").QuerySelectorAll("dt").Select(field => field.TextContent);
        Assert.That(changed, Is.EqualTo((string[])["action_params.text", "action_params.headers.Authorization"]));
        Assert.That(page.Panel("Configuration").TextContent, Does.Contain("••••••"));
        Assert.That(page.Markup, Does.Not.Contain("geheim"));

        static RuleVersion Version(int number, string parameters) => new()
        {
            Rule = 7, Version = number, RuleRef = "ops.deploy", TriggerRef = "core.webhook", TriggerParams = FakeAttune.Json("{}"),
            Condition = ConditionJoin.All, Conditions = FakeAttune.Json("[]"), ActionRef = "core.echo",
            ActionParams = FakeAttune.Json(parameters), Created = default,
        };
    }

    [TestCase(true, true, "switched off")]
    [TestCase(false, true, "not there any more")]
    [TestCase(true, false, "The action core.echo is not there any more")]
    public void Why_nothing_was_run_is_said(bool hasRule, bool hasAction, string why)
    {
        var rule = AddRule("ops.deploy", enabled: false);
        Attune.Rules[rule.Ref] = rule with { Id = hasRule ? 7 : 8, Action = hasAction ? 1 : null };
        var enforcement = Attune.AddEnforcement(Attune.AddEvent(), ruleRef: "ops.deploy");
        Attune.Resolve(enforcement.Id, EnforcementStatus.Disabled);

        Assert.That(OpenPage(enforcement.Id).Find(".notice").TextContent, Does.Contain("Nothing was run.").And.Contain(why));
    }

    [Test]
    public void An_enforcement_has_no_history_panel()
    {
        var page = OpenPage(Attune.AddEnforcement(Attune.AddEvent()).Id);

        Assert.That(
            page.Headings(), Does.Contain("Overview").And.Contain("Metadata").And.Not.Contain("History").And.Not.Contain("Timeline"));
    }

    [Test]
    public void An_enforcement_names_its_rule_trigger_event_and_condition_type()
    {
        var source = Attune.AddEvent("github.push");
        var enforcement = Attune.AddEnforcement(source, ruleRef: "ops.deploy", join: ConditionJoin.Any);

        var page = OpenPage(enforcement.Id);

        Assert.That(Link("Rule"), Is.EqualTo("rules/ops.deploy"));
        Assert.That(page.Property("Overview", "Rule"), Does.EndWith("v2"));
        Assert.That(Link("Trigger"), Is.EqualTo("triggers/github.push"));
        Assert.That(Link("Event"), Is.EqualTo($"events/{source.Id}"));
        Assert.That(page.Property("Overview", "Condition Type"), Is.EqualTo("any"));

        string? Link(string name) => page.PropertyElement("Overview", name).QuerySelector("a")!.GetAttribute("href");
    }

    [Test]
    public void An_event_that_is_gone_reads_expired()
    {
        var page = OpenPage(Attune.AddEnforcement(eventId: 5).Id);

        var shown = page.PropertyElement("Overview", "Event");

        Assert.That(shown.TextContent, Does.Contain("#5").And.Contain("expired"));
        Assert.That(shown.QuerySelector("a"), Is.Null);
        Assert.That(page.Property("Metadata", "Event ID"), Is.EqualTo("5"));
    }

    [Test]
    public void An_enforcement_without_an_event_says_that_there_is_none()
    {
        var page = OpenPage(Attune.AddEnforcement().Id);

        Assert.That(page.Property("Overview", "Event"), Is.EqualTo("No event associated"));
    }

    [Test]
    public void Conditions_are_read_out()
    {
        var enforcement = Attune.AddEnforcement(
            Attune.AddEvent(),
            conditions: """
                [{"field": "ref", "operator": "starts_with", "value": "refs/heads/"}, {"field": "pusher", "operator": "exists"}]
                """);

        var page = OpenPage(enforcement.Id);

        var lines = page.Panel("Conditions").QuerySelectorAll("li")
            .Select(line => string.Join(' ', line.Children.Select(word => word.TextContent)));
        Assert.That(lines, Is.EqualTo((string[])["ref starts with \"refs/heads/\"", "pusher is there"]));
    }

    [Test]
    public void Conditions_of_any_other_shape_are_shown_as_they_are()
    {
        var page = OpenPage(Attune.AddEnforcement(Attune.AddEvent(), conditions: """{"==": [1, 1]}""").Id);

        Assert.That(page.Panel("Conditions").TextContent, Does.Contain("==").And.Not.Contain("every event"));
    }

    [Test]
    public void The_reason_why_an_enforcement_is_pending_is_shown_until_it_is_resolved()
    {
        var enforcement = Attune.AddEnforcement(Attune.AddEvent(), pendingReason: "the action <b>ops.deploy</b> was renamed");
        var page = OpenPage(enforcement.Id);
        Assert.That(page.Find(".notice").TextContent, Does.Contain("the action <b>ops.deploy</b> was renamed"));

        Attune.Resolve(enforcement.Id);
        page.Until(() => page.FindAll(".notice").Count == 0);

        Assert.That(page.Property("Overview", "Status"), Is.EqualTo("Processed"));
    }

    [Test]
    public void Another_id_shows_another_enforcement()
    {
        var first = Attune.AddEnforcement(Attune.AddEvent(), ruleRef: "ops.first");
        var second = Attune.AddEnforcement(Attune.AddEvent(), ruleRef: "ops.second");
        var page = OpenPage(first.Id);

        page.Render(parameters => parameters.Add(one => one.Id, second.Id));
        page.Until(() => page.Find("h1").TextContent == $"Enforcement #{second.Id}");

        Assert.That(page.Property("Overview", "Rule"), Does.StartWith("ops.second"));
    }

    [Test]
    public void An_enforcement_that_is_not_there_is_expired_or_never_existed()
    {
        var page = OpenPage(4711);

        Assert.That(page.Markup, Does.Contain("Enforcement #4711 is expired or never existed"));
    }

    private IRenderedComponent<EnforcementPage> OpenPage(long id) =>
        Open<EnforcementPage>(parameters => parameters.Add(page => page.Id, id));
}
