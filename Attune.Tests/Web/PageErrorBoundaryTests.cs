using Attune.Web.Layout;
using Attune.Web.Pages.Events;
using Bunit;

namespace Attune.Tests.Web;

public sealed class PageErrorBoundaryTests : PageTest
{
    [Test]
    public void A_page_that_fails_comes_back_when_the_database_does()
    {
        var source = Attune.AddEvent("github.push");
        Events.Failure = new TimeoutException("password=secret");
        var page = OpenBounded(source.Id);
        Assert.That(page.Find("[role=alert]").TextContent, Does.Contain("The database did not answer").And.Not.Contain("secret"));

        Events.Failure = null;
        Attune.Hub.SetConnected(true);
        page.Until(() => page.FindAll("[role=alert]").Count == 0);

        Assert.That(page.Find("h1").TextContent, Is.EqualTo($"Event #{source.Id}"));
    }

    [Test]
    public async Task A_reader_can_try_again()
    {
        var source = Attune.AddEvent();
        Events.Failure = new InvalidOperationException("details");
        var page = OpenBounded(source.Id);
        Assert.That(page.Find("[role=alert]").TextContent, Does.Contain("Something went wrong").And.Not.Contain("details"));

        Events.Failure = null;
        await page.Find("button").ClickAsync(new());

        Assert.That(page.Find("h1").TextContent, Is.EqualTo($"Event #{source.Id}"));
    }

    [Test]
    public void A_failure_while_it_is_live_is_shown_to_the_reader()
    {
        var source = Attune.AddEvent();
        var page = OpenBounded(source.Id);

        Events.Failure = new TimeoutException();
        Attune.AddEnforcement(source);
        page.Until(() => page.FindAll("[role=alert]").Count == 1);

        Assert.That(page.Find("[role=alert]").TextContent, Does.Contain("could not be shown"));
    }

    private IRenderedComponent<PageErrorBoundary> OpenBounded(long id) => Open<PageErrorBoundary>(parameters => parameters
        .AddChildContent<EventPage>(page => page.Add(one => one.Id, id)));
}
