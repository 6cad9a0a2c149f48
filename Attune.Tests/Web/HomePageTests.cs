using Attune.Modules.History;
using Attune.Web.Pages.Home;
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
    public void Numbers_are_the_sums_of_the_last_24_hours()
    {
        var hour = new DateTimeOffset(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);
        Attune.Volumes[(VolumeSeries.Events, hour, null)] = 1000;
        Attune.Volumes[(VolumeSeries.Events, hour.AddHours(-23), null)] = 234;
        Attune.Volumes[(VolumeSeries.Events, hour.AddHours(-24), null)] = 5000;
        Attune.Volumes[(VolumeSeries.ExecutionStatus, hour, "failed")] = 3;
        Attune.Volumes[(VolumeSeries.ExecutionStatus, hour, "completed")] = 97;
        Attune.AddEnforcement();

        var page = Open<Volumes>();

        Assert.That(
            page.FindAll(".tile").Select(tile => (tile.QuerySelector(".name")!.TextContent, tile.QuerySelector(".number")!.TextContent)),
            Is.EqualTo(((string, string)[])
                [("Events", "1,234"), ("Enforcements", "1"), ("Executions", "0"), ("Failed", "3"), ("Pending", "1")]));
        Assert.That(page.FindAll(".tile .about")[3].TextContent, Is.EqualTo("3 % of finished"));
    }

    [Test]
    public void The_chart_has_a_bar_for_every_hour_and_leads_to_its_events()
    {
        Attune.Volumes[(VolumeSeries.Events, new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero), null)] = 7;

        var page = Open<Volumes>();

        Assert.That(page.FindAll("rect"), Has.Count.EqualTo(24));
        var hour = page.Find("a[aria-label='12:00 – 13:00: 7 events']");
        Assert.That(
            Uri.UnescapeDataString(hour.GetAttribute("href")!),
            Is.EqualTo("events?from=2026-03-14T12:00:00Z&to=2026-03-14T13:00:00Z"));
    }

    private static IReadOnlyList<string> Steps(IRenderedComponent<FirstMinute> page) =>
        [.. page.FindAll(".step").Select(step => step.ClassList.Single(name => name != "step"))];
}
