using Attune.Web.Pages.Events;
using Bunit;

namespace Attune.Tests.Web;

public sealed class PathChartTests : PageTest
{
    [Test]
    public void Numbers_at_a_path_of_the_address_are_drawn_above_the_list_with_their_sums()
    {
        var found = Attune.AddEvent();
        Values.Numbers.AddRange(Enumerable.Range(1, 30).Select(number => number * 100.0));
        Values.Complete = false;

        var page = OpenAt<EventsPage>("events?trigger=core.webhook&chart=total");
        page.Until(() => page.FindAll(".values path.dots").Count == 1);

        Assert.That(page.Find(".values h2").TextContent, Is.EqualTo("Values of total"));
        Assert.That(page.FindAll(".values dd").Select(one => one.TextContent), Is.EqualTo((string[])["100", "1,550", "3,000", "30"]));
        Assert.That(page.Find(".values .looked").TextContent, Does.StartWith("There in 30 of the newest 30 events, back to "));
        Assert.That(page.Find(".values path.dots").GetAttribute("d")!.Count(letter => letter == 'M'), Is.EqualTo(30));
        Assert.That(page.FindAll(".values .top"), Is.Empty, "thirty different numbers are no codes");
        Assert.That(page.Ids(), Is.EqualTo((long[])[found.Id]));
        Assert.That(Values.Asked[0].Path, Is.EqualTo("total"));
        Assert.That(Values.Asked[0].Filter.Events.TriggerRef, Is.EqualTo("core.webhook"));
    }

    [Test]
    public void The_most_frequent_values_lead_to_the_events_that_have_them()
    {
        Values.Top.AddRange([("\"paid\"", 6), ("\"a\\\"b\"", 3), ("\"\"", 2), ("null", 1)]);

        var page = OpenAt<EventsPage>("events?trigger=shop.order&q=total%20%3E%205&chart=status");
        page.Until(() => page.FindAll(".values .top li").Count == 4);

        Assert.That(page.FindAll(".values .top bdi").Select(one => one.TextContent), Is.EqualTo((string[])["paid", "a\"b", "\"\"", "null"]));
        Assert.That(page.FindAll(".values .top .count").Select(one => one.TextContent), Is.EqualTo((string[])["6", "3", "2", "1"]));
        Assert.That(page.FindAll(".values .top li")[1].GetAttribute("style"), Is.EqualTo("--share:50%"));
        Assert.That(
            Uri.UnescapeDataString(page.FindAll(".values .top a")[1].GetAttribute("href")!),
            Is.EqualTo("events?trigger=shop.order&q=(total > 5) and status == \"a\\\"b\"&chart=status"));
        Assert.That(Values.Asked[0].Query, Is.EqualTo("total > 5"));
        Assert.That(page.Find(".values .looked").TextContent, Is.EqualTo("There in 12 that the search finds among all 12 events."));
        Assert.That(page.Find(".values a.toggle").GetAttribute("href"), Is.EqualTo("events?trigger=shop.order&q=total%20%3E%205"));
    }

    [Test]
    public async Task The_numbers_are_also_a_table_whose_rows_lead_to_their_events()
    {
        Values.Numbers.AddRange([7.5, 1e21, -2]);
        var page = OpenAt<EventsPage>("events?chart=total");
        page.Until(() => page.FindAll(".values button.toggle").Count == 1);

        await page.Find(".values button.toggle").ClickAsync(new());

        Assert.That(page.FindAll(".values td.end").Select(one => one.TextContent), Is.EqualTo((string[])["7.5", "1e+21", "-2"]));
        Assert.That(page.FindAll(".values td a").Select(one => one.GetAttribute("href")), Is.EqualTo((string[])["events/1", "events/2", "events/3"]));
    }

    [Test]
    public void A_path_that_is_none_is_said_and_no_rows_are_shown()
    {
        Attune.AddEvent();

        var page = OpenAt<EventsPage>("events?chart=event.config.query");

        Assert.That(page.Find(".misunderstood code").TextContent, Is.EqualTo("chart=event.config.query"));
        Assert.That(page.Find(".misunderstood .expected").TextContent, Does.Contain("a path into the payload"));
        Assert.That(page.Ids(), Is.Empty);
        Assert.That(Values.Asked, Is.Empty);
    }

    [Test]
    public void What_the_module_refuses_is_said_in_place_of_the_chart_and_the_list_stays()
    {
        var found = Attune.AddEvent();
        Values.Refusal = "Too many events would have to be read.";

        var page = OpenAt<EventsPage>("events?chart=total");
        page.Until(() => page.FindAll(".values [role=alert]").Count == 1);

        Assert.That(page.Find(".values [role=alert]").TextContent, Is.EqualTo("Too many events would have to be read."));
        Assert.That(page.Ids(), Is.EqualTo((long[])[found.Id]));
    }

    [Test]
    public void A_single_number_and_equal_ones_stand_in_the_middle()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.That(PathPlot.Of([]), Is.Null);
        Assert.That(PathPlot.Of([new(1, at, 5)])!.Dots, Is.EqualTo("M500 50h0"));
        Assert.That(PathPlot.Of([new(2, at.AddHours(1), 5), new(1, at, 5)])!.Dots, Is.EqualTo("M1000 50h0M0 50h0"));
    }

    [Test]
    public void The_least_number_stands_at_the_foot_and_the_greatest_at_the_top_however_far_apart()
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var plot = PathPlot.Of([new(3, at.AddHours(2), double.MaxValue), new(2, at.AddHours(1), 0), new(1, at, -double.MaxValue)])!;

        Assert.That(plot.Dots, Is.EqualTo("M1000 4h0M500 50h0M0 96h0"));
        Assert.That(plot.Line, Is.EqualTo("M0 96L500 50L1000 4"));
    }
}
