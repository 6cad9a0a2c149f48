using System.Globalization;
using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Rules;
using Attune.Web.Pages.Triggers;
using Bunit;
using MudBlazor;

namespace Attune.Tests.Web;

public sealed class RulePageTests : PageTest
{
    [Test]
    public async Task A_rule_is_switched_off_where_it_is_shown()
    {
        AddRule("ops.deploy");
        var page = OpenRule("ops.deploy");

        await page.FindAll(".segments button").Single(button => button.TextContent == "Disabled").ClickAsync(new());

        Assert.That(Attune.Rules["ops.deploy"].Enabled, Is.False);
        Assert.That(page.Find(".head").TextContent, Does.Contain("Disabled"));
    }

    [Test]
    public async Task A_paused_rule_says_why_and_is_let_go_on()
    {
        Attune.Rules["ops.deploy"] = AddRule("ops.deploy") with { PausedAt = Now, PausedReason = "It could not be evaluated for 20 events." };
        var page = OpenRule("ops.deploy");
        Assert.That(page.Find(".notice").TextContent, Does.Contain("This rule is paused.").And.Contain("for 20 events"));
        Assert.That(page.Find(".head").TextContent, Does.Contain("Paused"));

        await page.InvokeAsync(() => page.Find(".notice button").Click());

        Assert.That(Attune.Rules["ops.deploy"].PausedAt, Is.Null);
        Assert.That(page.Markup, Does.Not.Contain("This rule is paused."));
    }

    [Test]
    public void Secrets_are_nowhere_on_the_page_of_a_rule()
    {
        var rule = AddRule("ops.deploy");
        Attune.Rules[rule.Ref] = rule with
        {
            ActionParams = FakeAttune.Json("""{"headers": {"x-api-key": "geheim", "accept": "text/html", "cookie": "{{ event.payload.c }}"}}"""),
        };

        var page = Open<RulePage>(parameters => parameters.Add(one => one.Reference, "ops.deploy"));

        Assert.That(
            page.Panel("Action Parameters").TextContent, Does.Contain("••••••").And.Contain("text/html").And.Contain("event.payload.c"));
        Assert.That(page.Markup, Does.Not.Contain("geheim"));
    }

    [Test]
    public void A_rule_that_failed_says_for_which_event_and_why()
    {
        Attune.Rules["ops.deploy"] = AddRule("ops.deploy") with
        {
            Faults = new() { Count = 3, LastReason = "It takes more than <b>4</b> steps.", LastEvent = 77, LastAt = Now, Since = Now },
        };

        var notice = OpenRule("ops.deploy").Find(".notice");

        Assert.That(notice.TextContent, Does.Contain("3 events").And.Contain("It takes more than <b>4</b> steps."));
        Assert.That(notice.QuerySelector("a")!.GetAttribute("href"), Does.EndWith("/77"));
    }

    [Test]
    public async Task A_shadow_says_so_and_is_enabled_once_somebody_is_sure()
    {
        var dialogs = Open<MudDialogProvider>();
        Attune.Rules["ops.deploy"] = AddRule("ops.deploy") with { Enabled = false, Shadow = true };
        var page = OpenRule("ops.deploy");
        Assert.That(page.Find(".notice").TextContent, Does.Contain("This rule is a shadow."));
        Assert.That(page.Find(".head").TextContent, Does.Contain("Shadow"));

        await page.InvokeAsync(() => page.Find(".notice button").Click());
        dialogs.Until(() => dialogs.FindAll(".mud-button-filled").Count == 1);
        Assert.That(dialogs.Markup, Does.Contain("From now on core.echo runs for each one."));
        Assert.That(Attune.Rules["ops.deploy"].State, Is.EqualTo(RuleState.Shadow));
        await dialogs.InvokeAsync(() => dialogs.Find(".mud-button-filled").Click());

        page.Until(() => Attune.Rules["ops.deploy"].State == RuleState.Enabled);
    }

    [Test]
    public async Task An_earlier_version_is_restored_with_all_that_it_said()
    {
        var dialogs = Open<MudDialogProvider>();
        var rule = AddRule("ops.deploy") with { Version = 2 };
        Attune.Rules["ops.deploy"] = rule;
        foreach (var number in (int[])[2, 1])
        {
            Attune.Versions.Add(new()
            {
                Rule = rule.Id, Version = number, RuleRef = rule.Ref, TriggerRef = rule.TriggerRef, ActionRef = rule.ActionRef,
                Condition = ConditionJoin.All,
                Conditions = FakeAttune.Json($$"""[{"field": "v", "operator": "equals", "value": {{number}}}]"""),
                ActionParams = rule.ActionParams, TriggerParams = rule.TriggerParams, Created = Now,
            });
        }

        var page = OpenRule("ops.deploy");
        Assert.That(page.FindAll("details.unfold"), Has.Count.EqualTo(2));
        await page.FindAll("details.unfold")[1].TriggerEventAsync("ontoggle", EventArgs.Empty);
        await page.InvokeAsync(() => page.FindAll("details.unfold button").Single(
            button => button.TextContent.Contains("Restore", StringComparison.Ordinal)).Click());
        dialogs.Until(() => dialogs.FindAll(".mud-button-filled").Count == 1);
        Assert.That(dialogs.Find(".changes ins").TextContent, Is.EqualTo("1"));
        await dialogs.InvokeAsync(() => dialogs.Find(".mud-button-filled").Click());

        page.Until(() => Rules.Updates.Count == 1);
        Assert.That(Rules.Updates[0].Conditions!.Value[0].GetProperty("value").GetInt32(), Is.EqualTo(1));
        Assert.That(Rules.Updates[0].ExpectedVersion, Is.EqualTo(2));
        Assert.That(Rules.Updates[0].Window!.Value.GetRawText(), Is.EqualTo("null"));
    }

    [Test]
    public void A_deleted_rule_still_says_what_it_said()
    {
        Attune.Versions.Add(new RuleVersion
        {
            Rule = 7, Version = 3, RuleRef = "ops.deploy", TriggerRef = "github.push", ActionRef = "core.echo",
            Condition = ConditionJoin.All, Conditions = FakeAttune.Json("[]"), ActionParams = FakeAttune.Json("{}"),
            TriggerParams = FakeAttune.Json("{}"), Created = Now,
        });

        var page = OpenRule("ops.deploy");

        Assert.That(page.Markup, Does.Contain("This rule has been deleted."));
        Assert.That(page.Panel("Versions").TextContent, Does.Contain("v3"));
        Assert.That(page.Find(".head").TextContent, Does.Not.Contain("Disabled"));
    }

    [Test]
    public void A_version_says_what_it_changed()
    {
        var first = new RuleVersion
        {
            Rule = 7, Version = 1, RuleRef = "ops.deploy", TriggerRef = "github.push", ActionRef = "core.echo",
            Condition = ConditionJoin.All,
            Conditions = FakeAttune.Json("""[{"field": "branch", "operator": "equals", "value": "main"}]"""),
            ActionParams = FakeAttune.Json("{}"),
            TriggerParams = FakeAttune.Json("{}"), Created = Now,
        };
        Attune.Versions.Add(first with
        {
            Version = 2, Conditions = FakeAttune.Json("""[{"field": "branch", "operator": "equals", "value": "<b>release</b>"}]"""),
        });
        Attune.Versions.Add(first);

        var page = OpenRule("ops.deploy");
        Assert.That(page.FindAll(".changes"), Is.Empty, "no text is read before it is asked for");
        foreach (var version in page.FindAll("details.unfold"))
        {
            version.TriggerEvent("ontoggle", EventArgs.Empty);
        }

        page.Until(() => page.FindAll(".changes dt").Count > 0);
        Assert.That(page.Find(".changes dt").TextContent, Is.EqualTo("conditions[0].value"));
        Assert.That(page.Find(".changes del").TextContent, Is.EqualTo("\"main\""));
        Assert.That(page.Find(".changes ins").TextContent, Is.EqualTo("\"<b>release</b>\""));
        Assert.That(page.Panel("Versions").TextContent, Does.Contain("The first version."));
    }

    [TestCase("core.intervaltimer", """{"unit": "hours", "interval": 2}""", "Every 2 hours")]
    [TestCase("core.crontimer", """{"expression": "0 30 8 * * 1"}""", "0 30 8 * * 1 in UTC")]
    [TestCase(
        "core.datetimetimer", """{"fire_at": "2099-01-31T09:00:00", "timezone": "Europe/Berlin"}""",
        "Once, at 2099-01-31T09:00:00 in Europe/Berlin")]
    [TestCase("core.interval", """{"seconds": 3600}""", "Every 1 hour")]
    [TestCase("core.cron", """{"expression": "30 6 * * MON-FRI", "timezone": "Europe/Berlin"}""", "30 6 * * MON-FRI in Europe/Berlin")]
    [TestCase("core.date_time", """{"fire_at": "2099-01-31T09:00:00+01:00"}""", "Once, at 2099-01-31T09:00:00+01:00")]
    public void A_timer_says_when_it_ticks_and_when_next(string trigger, string parameters, string schedule)
    {
        var rule = AddRule("time.one", triggerRef: trigger);
        Attune.Rules[rule.Ref] = rule with { TriggerParams = FakeAttune.Json(parameters) };

        var page = OpenRule("time.one");

        Assert.That(page.Property("Timer", "Schedule"), Is.EqualTo(schedule));
        var next = page.PropertyElement("Timer", "Next").QuerySelectorAll("time")
            .Select(tick => DateTimeOffset.Parse(tick.GetAttribute("datetime")!, CultureInfo.InvariantCulture));
        Assert.That(next, Is.Not.Empty.And.Ordered);
        Assert.That(next, Is.All.GreaterThan(Now));
        Assert.That(next.Count(), Is.EqualTo(parameters.Contains("fire_at", StringComparison.Ordinal) ? 1 : 10));
    }

    [TestCase("core.interval", """{"seconds": "often"}""", true, "no timer can be made")]
    [TestCase("core.date_time", """{"fire_at": "2001-01-31T09:00:00Z"}""", true, "it has ticked")]
    [TestCase("core.interval", """{"seconds": 5}""", false, "while the rule is disabled")]
    public void A_timer_without_a_next_tick_says_why(string trigger, string parameters, bool enabled, string reason)
    {
        var rule = AddRule("time.one", enabled, triggerRef: trigger);
        Attune.Rules[rule.Ref] = rule with { TriggerParams = FakeAttune.Json(parameters) };

        Assert.That(OpenRule("time.one").Property("Timer", "Next"), Does.Contain(reason));
    }

    [Test]
    public void A_rule_leads_to_its_backtest()
    {
        AddRule("ops.deploy");

        Assert.That(OpenRule("ops.deploy").FindAll("a[href='rules/ops.deploy/backtest']"), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_rule_that_never_was_is_not_found()
    {
        Assert.That(OpenRule("no.such").Markup, Does.Contain("There is no rule of this reference"));
    }

    [Test]
    public void Enforcements_of_a_rule_come_in_by_themselves()
    {
        AddRule("ops.deploy");
        var page = OpenRule("ops.deploy");
        Assert.That(page.Panel("Recent Enforcements").TextContent, Does.Contain("not matched an event yet"));

        var enforcement = Attune.AddEnforcement(Attune.AddEvent(), ruleRef: "ops.deploy");
        page.Until(() => page.Ids().Count == 1);

        Assert.That(page.Ids(), Is.EqualTo((long[])[enforcement.Id]));
    }

    [Test]
    public void A_list_of_rules_can_be_narrowed_to_a_trigger()
    {
        AddRule("a.one", triggerRef: "github.push");
        AddRule("b.two");

        var page = OpenAt<RulesPage>("rules?trigger=github.push");

        Assert.That(page.FindAll("a.open").Select(link => link.TextContent), Is.EqualTo((string[])["a.one"]));
    }

    [Test]
    public async Task A_webhook_shows_its_address_once_it_is_turned_on()
    {
        AddTrigger("github.push");
        var page = Open<TriggerPage>(parameters => parameters.Add(one => one.Reference, "github.push"));
        Assert.That(page.FindAll(".code"), Is.Empty);

        await page.Panel("Webhook").QuerySelectorAll("button")
            .Single(button => button.TextContent.Contains("Turn on", StringComparison.Ordinal))
            .ClickAsync(new());

        Assert.That(page.Find(".address code").TextContent, Does.Not.Contain("wh_new"), "the key is hidden until it is asked for");
        await page.Find(".address .plainly").ClickAsync(new());
        Assert.That(page.Find(".address code").TextContent, Is.EqualTo("http://localhost/api/v1/webhooks/wh_new"));
    }

    private IRenderedComponent<RulePage> OpenRule(string reference) =>
        Open<RulePage>(parameters => parameters.Add(page => page.Reference, reference));
}
