using System.Text.Json;
using Attune.Modules.History;
using Attune.Web.Pages.Home;
using Attune.Web.Pages.Triggers;
using Bunit;

namespace Attune.Tests.Web;

public sealed class HomePageTests : PageTest
{
    [Test]
    public void The_first_webhook_is_a_command_with_the_real_address_and_key()
    {
        AddTrigger("core.webhook", "wh_0123456789abcdef");

        var page = Open<HomePage>();

        Assert.That(
            page.Panel("Send your first webhook").QuerySelector("code")!.TextContent,
            Does.StartWith("curl -X POST http://localhost/api/v1/webhooks/wh_0123456789abcdef "));
    }

    [Test]
    public void A_webhook_that_is_off_disabled_or_gone_is_said_to_be_so()
    {
        var gone = Open<FirstWebhook>();
        AddTrigger("core.webhook");
        var off = Open<FirstWebhook>();
        AddTrigger("core.webhook", "wh_1", enabled: false);
        var disabled = Open<FirstWebhook>();

        Assert.That(gone.Markup, Does.Contain("has been deleted"));
        Assert.That(off.Markup, Does.Contain("is off"));
        Assert.That(disabled.Markup, Does.Contain("is disabled"));
        Assert.That(new[] { gone, off, disabled }.SelectMany(panel => panel.FindAll("code")), Is.Empty);
    }

    [Test]
    public async Task A_test_event_goes_through_the_ledger_and_appears()
    {
        AddTrigger("core.webhook", "wh_1");
        var page = Open<HomePage>();

        await page.Panel("Send your first webhook").QuerySelector("button")!.ClickAsync(new());
        page.Until(() => page.Panel("Recent Events").QuerySelectorAll("td.id").Length == 1);

        var sent = Attune.Appended.Single();
        Assert.That(sent.TriggerRef, Is.EqualTo("core.webhook"));
        Assert.That(sent.Payload!.Value.GetProperty("message").ValueKind, Is.EqualTo(JsonValueKind.String));
        Assert.That(page.Find(".sent a").GetAttribute("href"), Is.EqualTo($"events/{Attune.Events.Keys.Single()}"));
    }

    [Test]
    public async Task A_refused_test_event_says_why()
    {
        AddTrigger("core.webhook", "wh_1");
        var page = Open<FirstWebhook>();
        AddTrigger("core.webhook", "wh_1", enabled: false);

        await page.Find("button").ClickAsync(new());

        Assert.That(page.Find("[role=alert]").TextContent, Does.Contain("no enabled trigger core.webhook"));
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
}
