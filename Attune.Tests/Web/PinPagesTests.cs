using Attune.Web.Pages.Events;
using Attune.Web.Pages.Pins;
using Bunit;
using MudBlazor;

namespace Attune.Tests.Web;

/// <summary>Events that are kept beyond retention, on their pages and in their list.</summary>
public sealed class PinPagesTests : PageTest
{
    private const string Kept = """
        {
          "event": {"id": 7, "payload": {"kind": "<b>order</b>"}, "config": {"delivery": "72d3"}, "source_ref": "webhook"},
          "enforcements": [
            {
              "enforcement": {"id": 12, "rule_ref": "ops.deploy", "rule_version": 3, "status": "processed", "shadow": false},
              "executions": [{"execution": {"id": 31, "action_ref": "core.echo", "status": "failed", "result": {"error": "No <i>space</i>"}}}]
            }
          ]
        }
        """;

    [Test]
    public void An_event_is_pinned_with_a_note_and_unpinned_again()
    {
        var source = Attune.AddEvent();
        var page = OpenEvent(source.Id);
        var link = page.FindAll("a").Single(one => one.TextContent.Trim() == "Pin").GetAttribute("href")!;
        Assert.That(page.FindAll("#pin-note"), Is.Empty);

        Navigation.NavigateTo(link);
        page.Until(() => page.FindAll("#pin-note").Count == 1);
        page.Find("#pin-note").Change("of the \u202eoutage");
        page.Find("form").Submit();

        page.Until(() => page.FindAll(".pin").Count == 1);
        Assert.That(Pins.All[source.Id].Pin.Note, Is.EqualTo("of the \u202eoutage"));
        Assert.That(page.Find(".pin-note").TextContent, Is.EqualTo(@"of the \u202eoutage"));
        Assert.That(Address, Is.EqualTo($"events/{source.Id}"), "the form is closed");
        Assert.That(page.FindAll("a").Where(one => one.TextContent.Trim() == "Pin"), Is.Empty);
        Assert.That(page.Property("Metadata", "Kept until"), Is.EqualTo("Pinned"));

        page.FindAll("button").Single(one => one.TextContent.Trim() == "Unpin").Click();
        page.Until(() => page.FindAll(".pin").Count == 0);
        Assert.That(Pins.All, Is.Empty);
    }

    [Test]
    public void What_the_module_refuses_of_a_pin_is_said_at_its_note()
    {
        var source = Attune.AddEvent();
        Pins.Refusal = new(RefusalKind.TooLarge, null, "The event with all that came of it takes more than 4 MiB.");
        Navigation.NavigateTo($"events/{source.Id}?pin=1");
        var page = OpenEvent(source.Id);

        page.Find("form").Submit();

        Assert.That(page.Find(".field [role=alert]").TextContent, Is.EqualTo("The event with all that came of it takes more than 4 MiB."));
    }

    [Test]
    public async Task An_event_that_has_expired_shows_what_its_pin_kept()
    {
        var dialogs = Open<MudDialogProvider>();
        var source = Attune.AddEvent();
        Pins.Add(source, Kept, note: "the outage");
        Attune.Events.Remove(source.Id);

        var page = OpenEvent(source.Id);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Find("h1").TextContent, Is.EqualTo($"Event #{source.Id}"));
            Assert.That(page.Find(".pin").TextContent, Does.Contain("the outage").And.Contain("Retention has dropped its rows"));
            Assert.That(page.Property("Overview", "Source"), Is.EqualTo("webhook"));
            Assert.That(page.Panel("Payload").TextContent, Does.Contain("<b>order</b>"));
            Assert.That(page.Panel("How it came in").TextContent, Does.Contain("72d3"));
            var came = page.Panel("What came of it").TextContent;
            Assert.That(came, Does.Contain("ops.deploy").And.Contain("v3").And.Contain("Failed").And.Contain("No <i>space</i>"));
            Assert.That(page.FindAll("i, b"), Is.Empty);
            Assert.That(page.Markup, Does.Not.Contain("is expired or never existed"));
        }

        page.FindAll("button").Single(one => one.TextContent.Trim() == "Unpin").Click();
        dialogs.Until(() => dialogs.FindAll("button.go").Count == 1);
        await dialogs.Find("button.go").ClickAsync(new());
        page.Until(() => page.Markup.Contains("is expired or never existed", StringComparison.Ordinal));
        Assert.That(Pins.All, Is.Empty);
    }

    [Test]
    public void A_copy_of_another_shape_is_shown_as_far_as_it_is_understood()
    {
        var source = Attune.AddEvent();
        Pins.Add(source, """{"event": 5, "enforcements": [{"enforcement": {"status": "banana"}}, 7], "more": "kept all the same"}""");
        Attune.Events.Remove(source.Id);

        var page = OpenEvent(source.Id);

        Assert.That(page.Panel("Payload").TextContent, Does.Contain("No payload data"));
        Assert.That(page.Headings(), Does.Not.Contain("Everything that was kept"), "it is long");
        page.FindAll("button").Single(one => one.TextContent.Trim() == "Show everything that was kept").Click();
        Assert.That(page.Panel("Everything that was kept").TextContent, Does.Contain("kept all the same"));
    }

    [Test]
    public void Pinned_events_are_listed_the_newest_pin_first_and_page_by_page()
    {
        Assert.That(Open<PinsPage>().Markup, Does.Contain("No event is pinned"));
        for (var i = 0; i < 52; i++)
        {
            Pins.Add(Attune.AddEvent(), note: $"note {i}", isComplete: i > 0);
        }

        var page = Open<PinsPage>();

        Assert.That(page.FindAll("tbody tr"), Has.Count.EqualTo(50));
        Assert.That(page.Find("tbody .note").TextContent.Trim(), Is.EqualTo("note 51"));
        Assert.That(page.Find(".head").TextContent, Does.Contain("52 of at most 2,000"));
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Older pins").Click();
        Assert.That(page.FindAll("tbody tr"), Has.Count.EqualTo(52));
        Assert.That(page.FindAll("tbody .chip").Select(chip => chip.TextContent).Distinct(), Is.EqualTo((string[])["Complete", "Under way"]));
        Assert.That(page.FindAll("button").Where(button => button.TextContent.Trim() == "Older pins"), Is.Empty);
    }

    private IRenderedComponent<EventPage> OpenEvent(long id) => Open<EventPage>(parameters => parameters.Add(page => page.Id, id));
}
