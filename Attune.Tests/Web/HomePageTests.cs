using Attune.Web.Pages.Home;
using Attune.Web.Shared;
using Bunit;

namespace Attune.Tests.Web;

public sealed class HomePageTests : PageTest
{
    [Test]
    public async Task An_empty_Attune_leads_by_four_steps_that_tick_themselves()
    {
        var page = Open<FirstMinute>();
        Assert.That(Steps(page), Is.EqualTo((string[])["next", "later", "later", "later"]));

        await page.FindAll(".samples button")[0].ClickAsync(new());

        Assert.That(Steps(page), Is.EqualTo((string[])["done", "done", "next", "later"]));
        Assert.That(Webhooks.Sent.Single().Trigger, Is.EqualTo("github.workflow"));
        Assert.That(
            page.FindAll("a").Select(link => link.GetAttribute("href")),
            Has.One.EqualTo($"rules/new?event={Attune.Events.Keys.Single()}"));

        AddRule("github.mine", triggerRef: "github.workflow");
        Attune.AddEvent("github.workflow");
        page.Until(() => Steps(page).SequenceEqual(["done", "done", "done", "next"]));
        Assert.That(page.Find(".awaited").TextContent, Does.Contain("Waiting for an event"));

        var execution = Attune.AddExecution(Attune.AddEnforcement(Attune.AddEvent("github.workflow"), ruleRef: "github.mine"));
        page.Until(() => Steps(page).All(step => step == "done"));
        Assert.That(page.Find("h2").TextContent, Is.EqualTo("It works"));
        Assert.That(page.FindAll("a").Select(link => link.GetAttribute("href")), Has.One.EqualTo($"executions/{execution.Id}"));
    }

    [Test]
    public void The_steps_are_for_those_alone_whose_own_rule_has_not_run_yet()
    {
        AddRule("core.heartbeat");
        Attune.AddExecution(Attune.AddEnforcement(ruleRef: "core.heartbeat"));
        Assert.That(Open<FirstMinute>().FindAll(".step"), Has.Count.EqualTo(4));

        AddRule("ops.deploy");
        Attune.AddExecution(Attune.AddEnforcement(ruleRef: "ops.deploy"));

        Assert.That(Open<FirstMinute>().Markup, Is.Empty);
    }

    [Test]
    public void A_webhook_that_waits_shows_its_command_and_a_spinner()
    {
        Attune.Triggers["shop.order"] = AddTrigger("shop.order", "wh_1") with { PackRef = "shop" };

        var page = Open<FirstMinute>();

        Assert.That(page.Find(".code code").TextContent, Does.Contain("http://localhost/api/v1/webhooks/wh_1"));
        Assert.That(page.Find(".awaited").TextContent, Is.EqualTo("Waiting for the first event"));
    }

    [Test]
    public void Figures_are_those_of_the_range_and_lead_to_their_lists()
    {
        Attune.AddEvent("github.push", created: Now.AddHours(-3));
        Attune.AddEvent("github.push", created: Now.AddDays(-3));
        Attune.AddEvent("shop.order", created: Now.AddDays(-3));
        Attune.AddEnforcement();
        Durations.ToResolve = new() { Median = TimeSpan.FromMilliseconds(40), Most = TimeSpan.FromMilliseconds(900), Counted = 12, IsSample = false };

        var day = OpenAt<HomePage>("");
        day.Until(() => day.FindAll(".tile .number")[0].TextContent != "–");
        Assert.That(
            day.FindAll(".tile").Select(tile => (tile.QuerySelector(".name")!.TextContent, tile.QuerySelector(".number")!.TextContent)),
            Is.EqualTo(((string, string)[])
                [("Events", "1"), ("Enforcements", "1"), ("Executions", "0"), ("Failed", "0"), ("Pending", "1"), ("To resolve", "40 ms"), ("To complete", "–")]));
        Assert.That(day.FindAll(".tile .about")[5].TextContent, Is.EqualTo("half; 95 % within 900 ms"));

        var week = OpenAt<HomePage>("?range=7d");
        week.Until(() => week.FindAll(".tile .number")[0].TextContent == "3");
        Assert.That(week.FindAll(".tile")[0].GetAttribute("href"), Is.EqualTo("events?range=7d"));
        Assert.That(week.FindAll(".tile")[3].GetAttribute("href"), Is.EqualTo("executions?status=failed%2Ctimeout%2Cabandoned&range=7d"));
        Assert.That(week.Panel("Busiest").QuerySelectorAll("li").Length, Is.EqualTo(3));
        Assert.That(week.Panel("Busiest").QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("events?trigger=github.push&range=7d"));
        Assert.That(week.Find("nav.ranges [aria-current]").TextContent, Is.EqualTo("7 d"));
    }

    [Test]
    public void Failed_executions_are_told_by_what_they_say()
    {
        Durations.Failures.Add(new()
        {
            Error = "connection refused", ActionRef = "core.http_request", Status = Modules.Enforcements.ExecutionStatus.Failed, Count = 7, Latest = Now,
        });

        var page = OpenAt<HomePage>("?range=7d");
        page.Until(() => page.FindAll("ul.reasons a").Count == 1);

        Assert.That(page.Find(".reasons .error").TextContent, Is.EqualTo("connection refused"));
        Assert.That(page.Find(".reasons a").GetAttribute("href"), Is.EqualTo("executions?action=core.http_request&status=failed&range=7d"));
    }

    [TestCase("")]
    [TestCase("?range=30d")]
    [TestCase("?range=7d&chart=executions")]
    [TestCase("?from=2026-03-01T00%3A00%3A00Z&to=2026-03-02T00%3A00%3A00Z&chart=enforcements")]
    public void What_the_overview_looks_at_stands_in_its_address(string query)
    {
        var filter = HomeFilter.Parse(AddressQuery.Of($"http://localhost/{query}"));

        Assert.That(filter.Address, Is.EqualTo($"./{query}"));
        Assert.That(HomeFilter.Parse(AddressQuery.Of(filter.Address)), Is.EqualTo(filter));
    }

    [Test]
    public void A_bar_of_the_chart_leads_to_its_list()
    {
        Attune.AddEvent("github.push", created: Now.AddHours(-3));
        var page = OpenAt<HomePage>("?range=7d");
        page.Until(() => page.FindAll("[data-slot]").Count > 0);

        Assert.That(page.Find("[role=application]").HasAttribute("data-linked"), Is.True);
    }

    private static IReadOnlyList<string> Steps(IRenderedComponent<FirstMinute> page) =>
        [.. page.FindAll(".step").Select(step => step.ClassList.Single(name => name != "step"))];
}
