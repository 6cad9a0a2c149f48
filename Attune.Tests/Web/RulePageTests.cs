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

        await page.InvokeAsync(() => page.FindComponent<MudSwitch<bool>>().Instance.ValueChanged.InvokeAsync(false));

        Assert.That(Attune.Rules["ops.deploy"].Enabled, Is.False);
        Assert.That(page.Find(".head").TextContent, Does.Contain("Disabled"));
    }

    [Test]
    public void A_deleted_rule_still_says_what_it_said()
    {
        Attune.Versions.Add(new RuleVersion
        {
            Rule = 7, Version = 3, RuleRef = "ops.deploy", TriggerRef = "github.push", ActionRef = "core.echo", Condition = ConditionJoin.All,
            Conditions = FakeAttune.Json("[]"), ActionParams = FakeAttune.Json("{}"), TriggerParams = FakeAttune.Json("{}"), Created = Clock.Now,
        });

        var page = OpenRule("ops.deploy");

        Assert.That(page.Markup, Does.Contain("This rule has been deleted."));
        Assert.That(page.Panel("Versions").TextContent, Does.Contain("v3"));
    }

    [Test]
    public void A_version_says_what_it_changed()
    {
        var first = new RuleVersion
        {
            Rule = 7, Version = 1, RuleRef = "ops.deploy", TriggerRef = "github.push", ActionRef = "core.echo", Condition = ConditionJoin.All,
            Conditions = FakeAttune.Json("""[{"field": "branch", "operator": "equals", "value": "main"}]"""), ActionParams = FakeAttune.Json("{}"),
            TriggerParams = FakeAttune.Json("{}"), Created = Clock.Now,
        };
        Attune.Versions.Add(first with
        {
            Version = 2, Conditions = FakeAttune.Json("""[{"field": "branch", "operator": "equals", "value": "<b>release</b>"}]"""),
        });
        Attune.Versions.Add(first);

        var page = OpenRule("ops.deploy");

        Assert.That(page.Find(".changes dt").TextContent, Is.EqualTo("conditions[0].value"));
        Assert.That(page.Find(".changes del").TextContent, Is.EqualTo("\"main\""));
        Assert.That(page.Find(".changes ins").TextContent, Is.EqualTo("\"<b>release</b>\""));
        Assert.That(page.Panel("Versions").TextContent, Does.Contain("The first version."));
    }

    [Test]
    public void A_rule_that_never_was_is_not_found()
    {
        Assert.That(OpenRule("no.such").Markup, Does.Contain("There is no rule of this reference"));
    }

    [Test]
    public void Its_enforcements_come_in_by_themselves()
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

        await page.Panel("Webhook").QuerySelectorAll("button").Single(button => button.TextContent.Contains("Turn on", StringComparison.Ordinal)).ClickAsync(new());

        Assert.That(page.Find(".code code").TextContent, Is.EqualTo("http://localhost/api/v1/webhooks/wh_new"));
    }

    private IRenderedComponent<RulePage> OpenRule(string reference) =>
        Open<RulePage>(parameters => parameters.Add(page => page.Reference, reference));
}
