using AngleSharp.Dom;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Lists;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Tests.Web;

public sealed class LiveListPageTests : PageTest
{
    [Test]
    public void New_rows_come_in_at_the_top_by_themselves()
    {
        var first = Attune.AddEvent();
        var page = Open<EventsPage>();

        var second = AddLater();
        page.Until(() => page.Ids().Count == 2);

        Assert.That(page.Ids(), Is.EqualTo((long[])[second.Id, first.Id]));
    }

    [Test]
    public async Task A_paused_list_holds_still_and_counts_what_waits()
    {
        var first = Attune.AddEvent();
        var page = Open<EventsPage>();
        await SwitchLiveAsync(page, live: false);

        AddLater();
        AddLater();
        page.Until(() => page.FindAll("button.waiting") is [var chip] && chip.TextContent.Contains("2 new", StringComparison.Ordinal));
        Assert.That(page.Ids(), Is.EqualTo((long[])[first.Id]));

        await page.Find("button.waiting").ClickAsync(new());

        Assert.That(page.Ids(), Has.Count.EqualTo(3));
        Assert.That(page.FindAll("button.waiting"), Is.Empty);
    }

    [Test]
    public async Task A_list_that_is_scrolled_holds_still_until_its_top_is_seen_again()
    {
        Attune.AddEvent();
        var page = Open<EventsPage>();
        var rows = page.FindComponent<LiveRows<MatchedEvent>>();
        await page.InvokeAsync(() => rows.Instance.TopSeen(false));

        AddLater();
        page.Until(() => page.FindAll("button.waiting").Count == 1);
        Assert.That(page.Ids(), Has.Count.EqualTo(1));

        await page.InvokeAsync(() => rows.Instance.TopSeen(true));

        Assert.That(page.Ids(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_list_with_pointer_or_focus_among_its_rows_holds_still_and_counts_them_all()
    {
        var first = AddLater();
        var page = Open<EventsPage>();
        var rows = page.FindComponent<LiveRows<MatchedEvent>>();
        await page.InvokeAsync(() => rows.Instance.Inside(true));

        foreach (var _ in Enumerable.Range(0, 230))
        {
            AddLater();
        }

        page.Until(() => page.FindAll("button.waiting") is [var chip] && chip.TextContent.Contains("230 new", StringComparison.Ordinal));
        Assert.That(page.Find("[role=status][data-announce]").GetAttribute("data-announce"), Is.EqualTo("230 new events"));
        Assert.That(page.Ids(), Is.EqualTo((long[])[first.Id]));

        await page.InvokeAsync(() => rows.Instance.Inside(false));
        Assert.That(page.Ids(), Has.Count.EqualTo(50));
        Assert.That(page.FindAll("button.waiting"), Is.Empty);
    }

    [Test]
    public void A_row_leads_to_its_page_and_nothing_else_in_it_leads_elsewhere()
    {
        var source = AddLater();
        Attune.AddEnforcement(source, ruleRef: "ops.deploy");
        var page = Open<EventsPage>();

        var row = page.Find("tbody tr");
        Assert.That(row.GetAttribute("data-href"), Is.EqualTo($"events/{source.Id}"));
        Assert.That(row.GetAttribute("data-again"), Is.EqualTo($"events/{source.Id}?send=1"));
        Assert.That(row.QuerySelectorAll("a:not(.pill)").Select(link => link.GetAttribute("href")), Is.EqualTo((string[])[$"events/{source.Id}"]));
    }

    [Test]
    public void The_rules_that_matched_stand_in_the_row_with_what_became_of_them()
    {
        var source = AddLater();
        var done = Attune.AddEnforcement(source, ruleRef: "ops.deploy");
        var failed = Attune.AddEnforcement(source, ruleRef: "ops.call");
        Attune.AddEnforcement(source, ruleRef: "ops.waits");
        var page = Open<EventsPage>();
        Assert.That(page.FindAll("a.pill .name").Select(name => name.TextContent), Is.EqualTo((string[])["ops.deploy", "ops.call", "ops.waits"]));

        Attune.Resolve(done.Id);
        Attune.Resolve(failed.Id);
        Attune.Advance(Attune.AddExecution(done).Id, ExecutionStatus.Completed);
        Attune.Advance(Attune.AddExecution(failed).Id, ExecutionStatus.Failed, """{"error": "No route <b>"}""");
        page.Until(() => page.FindAll("a.pill.bad").Count == 1);

        Assert.That(page.Find("a.pill.bad").GetAttribute("href"), Is.EqualTo($"enforcements/{failed.Id}"));
        Assert.That(page.Find("a.pill.bad .unseen").TextContent, Is.EqualTo(": Execution failed. No route <b>"));
        Assert.That(page.FindAll("a.pill.good .name").Select(name => name.TextContent), Is.EqualTo((string[])["ops.deploy"]));
        Assert.That(page.FindAll("a.pill.waiting .name").Select(name => name.TextContent), Is.EqualTo((string[])["ops.waits"]));
    }

    [Test]
    public void An_enforcement_whose_execution_failed_is_not_green()
    {
        var enforcement = Attune.AddEnforcement(AddLater());
        Attune.Resolve(enforcement.Id);
        var execution = Attune.AddExecution(enforcement);
        var page = Open<EnforcementsPage>();

        Attune.Advance(execution.Id, ExecutionStatus.Failed, """{"error": "No route"}""");
        page.Until(() => page.FindAll("td.outcome .chip.bad").Count == 1);

        Assert.That(page.Find("td.outcome .failure").TextContent, Is.EqualTo("No route"));
        Assert.That(page.Find("td.status .chip").ClassList, Does.Contain("neutral"));
    }

    [Test]
    public async Task Rows_of_a_held_list_still_change_in_their_places()
    {
        var pending = Attune.AddEnforcement(AddLater());
        var page = Open<EnforcementsPage>();
        await SwitchLiveAsync(page, live: false);

        var newer = Attune.AddEnforcement(AddLater());
        Attune.Resolve(pending.Id);
        Attune.Resolve(newer.Id);
        page.Until(() => page.Find("td.status").TextContent == "Processed");

        Assert.That(page.Ids(), Is.EqualTo((long[])[pending.Id]));
    }

    [Test]
    public async Task Older_rows_follow_the_last_and_stay()
    {
        var all = Enumerable.Range(0, 120).Select(_ => AddLater().Id).Reverse().ToList();
        var page = Open<EventsPage>();
        Assert.That(page.Ids(), Is.EqualTo(all.Take(50)));

        await Older(page).ClickAsync(new());
        Assert.That(page.Ids(), Is.EqualTo(all.Take(100)));
        await Older(page).ClickAsync(new());
        Assert.That(page.Ids(), Is.EqualTo(all));
        Assert.That(page.FindAll(".older"), Is.Empty);

        AddLater();
        page.Until(() => page.FindAll("button.waiting").Count == 1);
        Assert.That(page.Ids(), Is.EqualTo(all));
    }

    [Test]
    public async Task A_list_that_begins_at_a_place_goes_on_to_newer_rows_and_ends_at_the_newest()
    {
        var all = Enumerable.Range(0, 130).Select(_ => AddLater()).Reverse().ToList();
        var page = OpenAt<EventsPage>($"events?after={new Cursor(all[79].Created, all[79].Id)}");
        Assert.That(page.Ids(), Is.EqualTo(all.Skip(80).Select(one => one.Id)));
        Assert.That(page.FindAll(".older"), Is.Empty);

        await page.Find(".newer button").ClickAsync(new());
        page.Until(() => page.Ids().Count == 50 && page.Ids()[0] == all[30].Id);
        Assert.That(page.Ids(), Is.EqualTo(all.Skip(30).Take(50).Select(one => one.Id)));
        Assert.That(page.FindAll(".older"), Has.Count.EqualTo(1));

        await page.Find(".newer button").ClickAsync(new());
        page.Until(() => page.Ids()[0] == all[0].Id);
        Assert.That(Address, Is.EqualTo("events"));
        Assert.That(page.FindAll(".newer"), Is.Empty);
    }

    [Test]
    public void A_place_behind_the_last_row_says_so_and_leads_to_the_newest()
    {
        var only = AddLater();

        var page = OpenAt<EventsPage>($"events?trigger=core.webhook&after={new Cursor(only.Created, only.Id)}");

        Assert.That(page.Find(".empty .title").TextContent, Is.EqualTo("No older events"));
        Assert.That(page.Find(".empty a").GetAttribute("href"), Does.EndWith("events?trigger=core.webhook"));
        Assert.That(page.FindAll(".newer button"), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_range_before_what_is_kept_is_said_to_have_expired_and_no_other_is()
    {
        Retention.Kept = new() { Keep = TimeSpan.FromDays(30) };

        var expired = OpenAt<EventsPage>("events?trigger=a.b&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z");
        Assert.That(expired.Find(".empty .title").TextContent, Is.EqualTo("Events of this time have expired"));
        Assert.That(expired.Find(".empty .text").TextContent, Does.Contain("They are kept for 30 days"));
        Assert.That(expired.FindAll(".empty a").Select(link => link.GetAttribute("href")), Is.EqualTo(
            (string[])["events?trigger=a.b&range=30d", "events?trigger=a.b"]));

        var empty = OpenAt<EventsPage>("events?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z");
        Assert.That(empty.Find(".empty .title").TextContent, Is.EqualTo("No events in this time"));
    }

    [TestCase(null, "Event #50 is expired or never existed")]
    [TestCase(51, "Event #50 has expired")]
    [TestCase(50, "There is no event #50")]
    public void A_row_that_is_not_there_has_expired_when_its_number_is_below_what_is_kept(long? lowest, string title)
    {
        Retention.Kept = new() { Keep = TimeSpan.FromDays(30), LowestId = lowest };

        var page = OpenAt<EventPage>("events/50", parameters => parameters.Add(one => one.Id, 50));

        Assert.That(page.Find(".empty .title").TextContent, Is.EqualTo(title));
        Assert.That(page.Find(".empty .text").TextContent, Does.Contain("30 days after they are made"));
        Assert.That(page.Find(".empty a").GetAttribute("href"), Is.EqualTo("events"));
    }

    [Test]
    public void A_range_that_has_ended_is_not_followed()
    {
        var page = OpenAt<EventsPage>("events?to=2026-03-14T00:00:00Z");

        Assert.That(page.Find(".bar").TextContent, Does.Contain("This range has ended"));
        Assert.That(page.FindComponents<MudSwitch<bool>>().Single().Instance.Disabled, Is.True);
    }

    [Test]
    public void After_a_lost_connection_everything_is_read_again()
    {
        var page = Open<EventsPage>();
        Attune.Hub.SetConnected(false);
        lock (Attune.Gate)
        {
            Attune.Events[1] = new Event { Id = 1, TriggerRef = "a.b", Created = Now };
        }

        Attune.Hub.SetConnected(true);
        page.Until(() => page.Ids().Count == 1);

        Assert.That(page.Ids(), Is.EqualTo((long[])[1]));
    }

    [Test]
    public void Resolved_at_and_the_time_it_took_stand_in_the_list()
    {
        var enforcement = Attune.AddEnforcement(AddLater());
        var page = Open<EnforcementsPage>();
        Assert.That(page.Find("td[data-label='Resolved At']").TextContent.Trim(), Is.EqualTo("Pending"));

        Attune.Resolve(enforcement.Id, EnforcementStatus.Processed, enforcement.Created.AddMilliseconds(250));
        page.Until(() => page.Find("td.status").TextContent == "Processed");

        Assert.That(page.Find("td[data-label='Resolved At']").TextContent.Trim(), Is.EqualTo("2026-03-14 15:09:27.250"));
        Assert.That(page.Find("td[data-label='Took']").TextContent.Trim(), Is.EqualTo("250 ms"));
    }

    private static IElement Older(IRenderedComponent<EventsPage> page) => page.Find(".older button");

    private static Task SwitchLiveAsync(IRenderedComponent<IComponent> page, bool live)
    {
        var toggle = page.FindComponents<MudSwitch<bool>>().Single(one => one.Instance.Label == "Live");
        return page.InvokeAsync(() => toggle.Instance.ValueChanged.InvokeAsync(live));
    }

    private Event AddLater()
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return Attune.AddEvent();
    }
}
