using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Bunit;

namespace Attune.Tests.Web;

public sealed class SearchPageTests : PageTest
{
    [Test]
    public void A_search_in_the_address_lists_what_it_finds_and_says_how_far_it_has_come()
    {
        Find(7, 1_200, null);
        Find(5, 120_000, null);
        Search.Ends = false;

        var page = OpenAt<EventsPage>("events?q=total%20%3E%205&trigger=github.push");
        page.Until(() => page.FindAll("td.id").Count == 2);

        Assert.That(page.Ids(), Is.EqualTo((long[])[7, 5]));
        Assert.That(Search.Asked.Single().Query, Is.EqualTo("total > 5"));
        Assert.That(page.Find("[data-search]").GetAttribute("value"), Is.EqualTo("total > 5"));
        Assert.That(page.Find(".state").TextContent, Is.EqualTo("2 found · looked at 120,000 of about 6 M, back to 14:02"));
        Assert.That(
            page.FindAll("a").Select(link => link.GetAttribute("href")),
            Has.Member("rules/new?trigger=github.push&expression=total%20%3E%205"));
    }

    [Test]
    public async Task Stop_keeps_what_was_found_and_going_on_begins_where_it_stopped()
    {
        Find(7, 1_200, null);
        Search.Ends = false;
        var page = OpenAt<EventsPage>("events?q=total%20%3E%205");
        page.Until(() => page.FindAll("td.id").Count == 1);

        await page.FindAll("button").Single(button => button.TextContent.Trim() == "Stop").ClickAsync(new());
        page.Until(() => page.FindAll("button").Any(button => button.TextContent.Trim() == "Go on further back"));
        Assert.That(page.Find(".state").TextContent, Does.StartWith("Stopped. 1 found"));

        Search.Ends = true;
        Search.Events.Clear();
        await page.FindAll("button").Single(button => button.TextContent.Trim() == "Go on further back").ClickAsync(new());
        page.Until(() => Search.Asked.Count == 2);

        Assert.That(Search.Asked[1].After, Is.EqualTo(new Cursor(Now.AddHours(-1), 7)));
    }

    [Test]
    public async Task Enter_runs_what_was_typed_and_typing_alone_changes_nothing()
    {
        var page = OpenAt<EventsPage>("events?source=webhook");
        var box = page.Find("[data-search]");

        await box.InputAsync("total > 5");
        Assert.That(Address, Is.EqualTo("events?source=webhook"));
        await page.Find("[data-search]").KeyDownAsync(Key.Enter);

        Assert.That(Address, Is.EqualTo("events?source=webhook&q=total%20%3E%205"));
    }

    [Test]
    public async Task A_mistake_is_marked_at_its_place_and_the_list_stays_as_it_was()
    {
        var found = Attune.AddEvent();
        var page = OpenAt<EventsPage>("events");

        await page.Find("[data-search]").InputAsync("total > ?");
        await page.Find("[data-search]").KeyDownAsync(Key.Enter);

        Assert.That(Address, Is.EqualTo("events"));
        Assert.That(page.Ids(), Is.EqualTo((long[])[found.Id]));
        Assert.That(page.Find("mark").TextContent, Is.EqualTo("?"));
        Assert.That(page.Find(".search .mistake").TextContent, Does.Contain("A value was expected"));
        Assert.That(page.Find("[data-search]").GetAttribute("aria-invalid"), Is.EqualTo("true"));
    }

    [Test]
    public void A_mistake_in_the_address_is_said_and_no_rows_are_shown()
    {
        Attune.AddEvent();

        var page = OpenAt<EventsPage>("events?q=total%20%3E%20%3F");
        page.Until(() => page.Markup.Contains("This search is not understood", StringComparison.Ordinal));

        Assert.That(page.Ids(), Is.Empty);
        Assert.That(page.Find("mark").TextContent, Is.EqualTo("?"));
    }

    [Test]
    public async Task Suggestions_are_gone_through_by_arrows_and_enter_takes_none_unasked()
    {
        Search.Paths.Add(new() { Path = "total", Types = ["number"], Examples = [FakeAttune.Json("5")], Rows = 1 });
        var page = OpenAt<EventsPage>("events");

        await page.Find("[data-search]").InputAsync("tot");
        Assert.That(page.Find("[data-search]").HasAttribute("aria-activedescendant"), Is.False);
        await page.Find("[data-search]").KeyDownAsync(Key.Down);
        var active = page.Find("[data-search]").GetAttribute("aria-activedescendant");
        Assert.That(page.Find($"#{active} .insert").TextContent, Is.EqualTo("total"));
        await page.Find("[data-search]").KeyDownAsync(Key.Enter);

        Assert.That(page.Find("[data-search]").GetAttribute("value"), Is.EqualTo("total "));
        Assert.That(page.FindAll("[role=option] .insert").Select(option => option.TextContent), Has.Member(">="));
        Assert.That(Address, Is.EqualTo("events"));
    }

    [Test]
    public void Executions_are_searched_in_the_same_way()
    {
        Search.Executions.Add(new()
        {
            Hits = [new() { Id = 3, ActionRef = "core.echo", Status = ExecutionStatus.Failed, Created = Now, Updated = Now }],
            Progress = new() { Rows = 4, Hits = 1, Bytes = 9, Failures = 0 },
            End = new(SearchEndReason.Complete, null),
        });

        var page = OpenAt<ExecutionsPage>("executions?q=result.error%20exists&status=failed");
        page.Until(() => page.FindAll("td.id").Count == 1);

        Assert.That(page.Find(".state").TextContent, Is.EqualTo("1 found. All 4 executions looked at."));
    }

    private void Find(long id, long rows, SearchEnd? end) => Search.Events.Add(new()
    {
        Hits = [new() { Id = id, TriggerRef = "github.push", HasPayload = true, Created = Now }],
        Progress = new()
        {
            At = new DateTimeOffset(2026, 3, 14, 14, 2, 0, TimeSpan.Zero), Place = new(Now.AddHours(-1), id), Rows = rows, About = 6_000_000,
            Hits = 1, Bytes = 1, Failures = 0,
        },
        End = end,
    });
}
