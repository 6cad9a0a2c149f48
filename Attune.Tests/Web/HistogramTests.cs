using System.Globalization;
using Attune.Web.Lists;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Bunit;

namespace Attune.Tests.Web;

/// <summary>The chart above a list.</summary>
public sealed class HistogramTests : PageTest
{
    [Test]
    public void Bars_add_up_to_the_rows_and_say_what_they_are()
    {
        Attune.AddEnforcement(Attune.AddEvent(created: Now.AddMinutes(-5)));
        Attune.AddEvent(created: Now.AddMinutes(-5));
        Attune.AddEvent(created: Now.AddMinutes(-31));

        var page = OpenAt<EventsPage>("events?range=1h");
        page.Until(() => page.FindAll("[data-slot]").Count > 0);

        var counts = page.FindAll("[data-slot]").Select(slot => int.Parse(slot.GetAttribute("data-count")!, CultureInfo.InvariantCulture)).ToList();
        Assert.That(counts.Sum(), Is.EqualTo(page.Ids().Count));
        Assert.That(
            page.FindAll("[data-slot]").Select(slot => slot.GetAttribute("data-slot")),
            Has.Some.EqualTo("15:04–15:06: 2 events, 1 matched, 1 fired nothing"));
        Assert.That(page.FindAll(".legend li"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_range_that_was_chosen_becomes_the_lists_in_one_step()
    {
        Attune.AddEvent(created: Now.AddMinutes(-5));
        var page = OpenAt<EventsPage>("events?trigger=core.webhook&range=1h");
        page.Until(() => page.FindAll("[data-slot]").Count > 0);
        var slots = page.FindAll("[data-slot]");

        await page.InvokeAsync(() => page.FindComponent<LiveHistogram>().Instance.Choose(
            slots[3].GetAttribute("data-since")!, slots[9].GetAttribute("data-until")!, isOne: false));

        Assert.That(Uri.UnescapeDataString(Address), Is.EqualTo("events?trigger=core.webhook&from=2026-03-14T14:14:00Z&to=2026-03-14T14:28:00Z"));
    }

    [Test]
    public void What_tells_rows_apart_is_chosen_in_the_address_and_a_label_filters()
    {
        Attune.AddEvent("github.push", created: Now.AddMinutes(-5));
        var page = OpenAt<EventsPage>("events?range=1h&by=trigger");
        page.Until(() => page.FindAll(".legend a[href]").Count > 0);

        Assert.That(page.Find(".switch a[aria-current]").TextContent, Is.EqualTo("Trigger"));
        Assert.That(page.FindAll(".switch a")[0].GetAttribute("href"), Is.EqualTo("events?range=1h"));
        Assert.That(page.Find(".legend a[href]").GetAttribute("href"), Is.EqualTo("events?trigger=github.push&range=1h"));
        Assert.That(new EventsFilter { By = "trigger" }.ToQuery().Count, Is.Zero, "it is no filter");
    }

    [Test]
    public void A_status_in_the_legend_filters_by_it()
    {
        Attune.AddEnforcement(Attune.AddEvent(created: Now.AddMinutes(-5)));

        var page = OpenAt<EnforcementsPage>("enforcements?range=1h");
        page.Until(() => page.FindAll(".legend a[href]").Count > 0);

        Assert.That(page.Find(".legend bdi").TextContent, Is.EqualTo("pending"));
        Assert.That(page.Find(".legend a[href]").GetAttribute("href"), Is.EqualTo("enforcements?status=created&range=1h"));
    }

    [Test]
    public async Task The_same_numbers_are_there_as_a_table()
    {
        Attune.AddEvent(created: Now.AddMinutes(-5));
        var page = OpenAt<EventsPage>("events?range=1h");
        page.Until(() => page.FindAll("[data-slot]").Count > 0);

        await page.Find("button.toggle").ClickAsync(new());

        var rows = page.FindAll("section.histogram tbody tr");
        Assert.That(rows, Has.Count.EqualTo(page.FindAll("[data-slot]").Count));
        Assert.That(rows.Single(row => row.QuerySelector("td")!.TextContent == "1").QuerySelector("th")!.TextContent, Is.EqualTo("15:04–15:06"));
    }

    [Test]
    public void Rows_that_come_in_are_counted()
    {
        Attune.AddEvent(created: Now.AddMinutes(-5));
        var page = OpenAt<EventsPage>("events?range=1h");
        page.Until(() => page.FindAll("[data-slot]").Count > 0);

        Attune.AddEvent();
        Attune.Hub.Publish(new() { Channel = "event_created", EntityType = "event", Id = 1 });

        page.Until(() => page.FindAll("[data-slot]").Sum(slot => int.Parse(slot.GetAttribute("data-count")!, CultureInfo.InvariantCulture)) == 2);
    }

    [Test]
    public void What_could_not_be_counted_is_said()
    {
        Attune.AddEvent(created: Now.AddMinutes(-5));
        Histograms.CountedBackTo = Now.AddMinutes(-20);

        var page = OpenAt<EventsPage>("events?range=1h");
        page.Until(() => page.FindAll(".note").Count > 0);

        Assert.That(page.Find(".note").TextContent, Does.StartWith("Counted back to 14 Mar 14:49:26"));
        Assert.That(page.FindAll("rect.uncounted"), Has.Count.EqualTo(1));
    }

    [Test]
    public void Changes_of_a_rule_are_marked_where_the_list_is_its()
    {
        Attune.AddEvent(created: Now.AddMinutes(-50));
        Durations.Changes.Add(new() { Rule = 1, RuleRef = "ops.deploy", At = Now.AddMinutes(-30), Version = 3, Changed = ["conditions"] });
        Durations.Changes.Add(new() { Rule = 1, RuleRef = "ops.deploy", At = Now.AddMinutes(-10), State = "disabled", StateBefore = "enabled" });

        var page = OpenAt<EnforcementsPage>("enforcements?rule=ops.deploy&range=1h");
        page.Until(() => page.FindAll("a.mark").Count > 0);

        Assert.That(
            page.FindAll("a.mark").Select(mark => mark.QuerySelector("title")!.TextContent),
            Is.EqualTo((string[])["14 Mar 14:39:26: ops.deploy: conditions changed, version 3", "14 Mar 14:59:26: ops.deploy: enabled, then disabled"]));
        Assert.That(page.FindAll("a.mark")[0].GetAttribute("href"), Is.EqualTo("rules/ops.deploy"));
        Assert.That(page.FindAll("line.mark"), Has.Count.EqualTo(2));

        var all = OpenAt<EnforcementsPage>("enforcements?range=1h");
        all.Until(() => all.FindAll("[data-slot]").Count > 0);
        Assert.That(all.FindAll("a.mark"), Is.Empty);
    }

    [TestCase("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "25 Oct, 25 h, the clock was put back")]
    [TestCase("2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", "21 Nov")]
    [TestCase("2026-11-20T23:00:00Z", "2026-11-27T23:00:00Z", "21 Nov – 27 Nov")]
    [TestCase("2026-11-20T13:00:00Z", "2026-11-20T13:15:00Z", "20 Nov 14:00–14:15")]
    [TestCase("2026-11-20T22:00:00Z", "2026-11-20T23:00:00Z", "20 Nov 23:00–00:00")]
    [TestCase("2026-11-20T13:00:07Z", "2026-11-22T13:00:00Z", "20 Nov 14:00:07 – 22 Nov 14:00")]
    public void A_bucket_is_said_in_the_words_of_the_zone(string since, string until, string expected)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.That(
            BucketWords.Span(DateTimeOffset.Parse(since, CultureInfo.InvariantCulture), DateTimeOffset.Parse(until, CultureInfo.InvariantCulture), berlin, withDay: true),
            Is.EqualTo(expected));
    }

    [TestCase(318, 11)]
    [TestCase(1150, 46)]
    [TestCase(4000, 60)]
    [TestCase(0, 8)]
    public void Bars_are_wide_enough_to_be_pointed_at(int width, int most) => Assert.That(HistogramDrawing.Most(width), Is.EqualTo(most));

    [TestCase(0, 4)]
    [TestCase(5, 6)]
    [TestCase(9, 10)]
    [TestCase(2_501, 3_000)]
    [TestCase(9_000_000, 10_000_000)]
    public void The_scale_ends_at_a_round_number_close_to_the_highest_bar(long most, long expected) =>
        Assert.That(HistogramDrawing.Scale(most), Is.EqualTo(expected));

    [Test]
    public void Bars_stand_on_each_other_and_end_at_a_scale_that_holds_them()
    {
        var at = new DateTimeOffset(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);
        ChartSeries[] series =
        [
            new() { Name = "failed", Class = "tint-bad", Counts = [10, 0] },
            new() { Name = "matched", Class = "tint-good", Counts = [70, 0] },
        ];

        var drawing = new HistogramDrawing([at, at.AddHours(1), at.AddHours(2)], series, 44 + 100, TimeZoneInfo.Utc, "event");

        Assert.That(drawing.Top, Is.EqualTo(80));
        Assert.That(drawing.Path(0), Is.EqualTo("M1 92h48v12h-48z"));
        Assert.That(drawing.Path(1), Is.EqualTo("M1 8h48v84h-48z"));
        Assert.That(drawing.Baseline(), Is.EqualTo("M1 104h48v1h-48zM51 104h48v1h-48z"));
        Assert.That(drawing.X(at.AddMinutes(90)), Is.EqualTo(75));
        Assert.That(drawing.X(at.AddHours(3)), Is.Null);
    }
}
