using Attune.Modules.Events;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Triggers;
using Bunit;

namespace Attune.Tests.Web;

public sealed class DeliveriesPageTests : PageTest
{
    [Test]
    public void Deliveries_are_filtered_by_the_outcome_that_the_address_says()
    {
        Add(1, DeliveryOutcome.Taken);
        Add(2, DeliveryOutcome.Refused, "Invalid webhook signature");

        var page = OpenPage("?outcome=refused");

        Assert.That(page.FindAll("tbody tr"), Has.Count.EqualTo(1));
        Assert.That(page.Find("tbody").TextContent, Does.Contain("Invalid webhook signature"));
    }

    [TestCase("outcome=banana")]
    [TestCase("before=yesterday")]
    [TestCase("range=long")]
    [TestCase("delivery=first")]
    public void An_address_that_is_not_understood_is_said_and_shows_no_rows(string query)
    {
        Add(1, DeliveryOutcome.Taken);

        var page = OpenPage($"?{query}");

        Assert.That(page.Find("[role='alert']").TextContent, Does.Contain($"Not understood: {query}"));
        Assert.That(page.FindAll("tbody"), Is.Empty);
    }

    [Test]
    public async Task A_refused_delivery_is_opened_and_becomes_an_event_once_its_cause_is_mended()
    {
        Add(7, DeliveryOutcome.Refused, "Invalid webhook signature");
        var page = OpenPage("?delivery=7");
        Assert.That(page.Find(".delivery").TextContent, Does.Contain("x-hub").And.Contain("total"));

        Webhooks.Refusal = RefusedException.Invalid("x", "The body is too large.");
        await AcceptAsync(page);
        Assert.That(page.Find(".still").TextContent, Does.EndWith("The body is too large."));

        Webhooks.Refusal = null;
        await AcceptAsync(page);

        var made = Attune.Events.Keys.Single();
        Assert.That(page.Find(".delivery a").GetAttribute("href"), Is.EqualTo($"events/{made}"));
        Assert.That(page.FindAll(".delivery button").Select(button => button.TextContent), Has.None.Contains("Accept"));
    }

    private static Task AcceptAsync(IRenderedComponent<DeliveriesPage> page) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Accept now").ClickAsync(new());

    private IRenderedComponent<DeliveriesPage> OpenPage(string query) =>
        OpenAt<DeliveriesPage>($"triggers/shop.order/deliveries{query}", page => page.Add(one => one.Reference, "shop.order"));

    private void Add(long id, DeliveryOutcome outcome, string? reason = null) => Attune.Deliveries.Add(new()
    {
        Id = id, Received = Now, TriggerRef = "shop.order", Outcome = outcome, Status = reason is null ? 200 : 401, Reason = reason,
        Method = "POST", DurationMs = 3, Events = reason is null ? 1 : 0, BodyIsWhole = true, BodyBytes = """{"total": 5}"""u8.ToArray(),
        Said = reason is null ? null : FakeAttune.Json("""{"headers": {"x-hub": "1"}, "query": [], "withheld": ["authorization"]}"""),
    });
}
