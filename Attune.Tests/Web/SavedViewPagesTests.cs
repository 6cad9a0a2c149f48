using Attune.Modules.Enforcements;
using Attune.Web.Layout;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Views;
using Bunit;

namespace Attune.Tests.Web;

public sealed class SavedViewPagesTests : PageTest
{
    [Test]
    public async Task What_a_list_shows_is_saved_with_its_relative_range()
    {
        var page = OpenAt<EventsPage>("events?trigger=github.push&q=total%20%3E%205&range=24h");

        var drop = page.Find("[popover][aria-label='Save this view']");
        Assert.That(page.FindAll($"button[popovertarget='{drop.Id}']").Select(button => button.TextContent.Trim()), Is.EqualTo((string[])["Save view", "Cancel"]));
        await page.Find("form.form input[type=text]").ChangeAsync(new() { Value = "Big pushes" });
        await page.Find("form.form").SubmitAsync();

        var saved = Views.All.Single();
        Assert.That((saved.Name, saved.Page, saved.Query), Is.EqualTo(("Big pushes", ViewedPage.Events, "trigger=github.push&q=total%20%3E%205&range=24h")));
        Assert.That(page.Find("form.form input[type=text]").GetAttribute("value"), Is.Empty);
    }

    [Test]
    public async Task The_palette_knows_packs_views_and_pages_without_a_menu_entry_and_leads_actions_to_themselves()
    {
        Save("Big pushes", "trigger=github.push");
        AddRule("ops.deploy");
        Attune.Actions.Add(new() { Id = 9, Ref = "core.mail", Label = "Mail", MaxRetries = 0, IsAdhoc = false, Created = Now, Updated = Now });
        var palette = Open<Palette>();

        var names = await palette.InvokeAsync(palette.Instance.NamesAsync);

        Assert.That(names.Select(one => (one.Name, one.Address)), Is.SupersetOf(((string, string)[])
        [
            ("ops.deploy", "rules/ops.deploy"), ("core.mail", "actions/core.mail"), ("Big pushes", "events?trigger=github.push"),
            ("Jobs", "jobs"), ("Failures, by their error", "executions/failures"),
        ]));
        Assert.That(names.Select(one => one.Address), Is.Unique);
    }

    [Test]
    public void Views_stand_in_the_menu_with_counts_that_go_no_further_than_ninety_nine()
    {
        Save("Few", "trigger=few");
        Save("Many", "trigger=many");
        Save("Found", "q=total%20%3E%205");
        Attune.AddEvent("few");
        for (var number = 0; number < 120; number++)
        {
            Attune.AddEvent("many");
        }

        var menu = Open<NavViews>();
        menu.Until(() => menu.FindAll(".count").Count == 2);

        Assert.That(menu.FindAll("li a").Select(link => (link.GetAttribute("href"), link.QuerySelector(".name")!.TextContent)), Is.EqualTo(
            ((string?, string)[])[("events?trigger=few", "Few"), ("events?trigger=many", "Many"), ("events?q=total%20%3E%205", "Found")]));
        Assert.That(menu.FindAll(".count").Select(count => count.TextContent), Is.EqualTo((string[])["1", "99+"]));
    }

    [Test]
    public async Task A_view_is_counted_once_however_many_look_at_it()
    {
        Save("Few", "trigger=few");
        var counts = Counts;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => counts.CountAsync(ViewedPage.Events, "trigger=few")));

        Assert.That(Events.Asked.Count(filter => filter.TriggerRef == "few"), Is.EqualTo(1));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await counts.CountAsync(ViewedPage.Events, "trigger=few");
        Assert.That(Events.Asked.Count(filter => filter.TriggerRef == "few"), Is.EqualTo(2), "and again when it may have changed");
    }

    [Test]
    public async Task A_view_is_shared_renamed_and_deleted_when_that_was_asked_twice()
    {
        Save("Old", "range=24h");
        var page = Open<ViewsPage>();

        await Click(page, "Share");
        Assert.That(Views.All.Single().Shared, Is.True);
        await Click(page, "Rename");
        await page.Find(".rename input").ChangeAsync(new() { Value = "New" });
        await page.Find(".rename").SubmitAsync();
        Assert.That(page.Find("td.wide a").TextContent, Is.EqualTo("New"));
        await Click(page, "Delete");
        Assert.That(Views.All, Has.Count.EqualTo(1));
        await Click(page, "Delete for good");

        Assert.That(Views.All, Is.Empty);
        Assert.That(page.Markup, Does.Contain("No view is saved yet"));
    }

    private static Task Click(IRenderedComponent<ViewsPage> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == text).ClickAsync(new());

    private void Save(string name, string query) => Views.All.Add(new()
    {
        Id = Views.All.Count + 1, Name = name, Page = ViewedPage.Events, Query = query, Shared = false, Place = Views.All.Count, Created = Now, Updated = Now,
    });
}
