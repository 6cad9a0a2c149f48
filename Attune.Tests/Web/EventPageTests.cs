using Attune.Modules.Enforcements;
using Attune.Web.Pages.Events;
using Bunit;

namespace Attune.Tests.Web;

public sealed class EventPageTests : PageTest
{
    [Test]
    public void Overview_and_metadata_say_what_an_event_is()
    {
        var source = Attune.AddEvent("github.push", source: "webhook", ruleRef: "ops.deploy");

        var page = OpenPage(source.Id);

        Assert.That(page.Find("h1").TextContent, Is.EqualTo($"Event #{source.Id}"));
        Assert.That(page.Property("Overview", "Trigger"), Is.EqualTo("github.push"));
        Assert.That(page.Property("Overview", "Source"), Is.EqualTo("webhook"));
        Assert.That(page.PropertyElement("Overview", "Rule").QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("rules/ops.deploy"));
        Assert.That(page.Property("Overview", "Created"), Does.StartWith("2026-03-14 15:09:26.000"));
        Assert.That(page.Property("Metadata", "Event ID"), Is.EqualTo($"{source.Id}"));
    }

    [Test]
    public void An_event_without_a_rule_says_no_rule_associated()
    {
        var page = OpenPage(Attune.AddEvent().Id);

        Assert.That(page.Property("Overview", "Rule"), Is.EqualTo("No rule associated"));
    }

    [Test]
    public void An_event_that_was_sent_again_and_its_original_lead_to_each_other()
    {
        var original = Attune.AddEvent();
        var again = Attune.AddEvent();
        Attune.Events[again.Id] = again with { ReplayOf = original.Id, OnlyRules = ["ops.deploy"] };

        var ofAgain = OpenPage(again.Id);
        Assert.That(
            ofAgain.PropertyElement("Overview", "Sent again from").QuerySelector("a")!.GetAttribute("href"), Is.EqualTo($"events/{original.Id}"));
        Assert.That(
            ofAgain.PropertyElement("Overview", "For these rules alone").QuerySelector("a")!.GetAttribute("href"), Is.EqualTo("rules/ops.deploy"));

        var ofOriginal = OpenPage(original.Id);
        Assert.That(
            ofOriginal.PropertyElement("Overview", "Sent again as").QuerySelector("a")!.GetAttribute("href"), Is.EqualTo($"events/{again.Id}"));
        Assert.That(ofOriginal.Panel("Overview").TextContent, Does.Not.Contain("Sent again from"));
    }

    [Test]
    public void It_is_said_until_when_an_event_is_kept()
    {
        Assert.That(OpenPage(Attune.AddEvent().Id).Property("Metadata", "Kept until"), Does.StartWith("2026-06-12 15:09:26"));
    }

    [Test]
    public void An_event_has_no_history_panel()
    {
        var page = OpenPage(Attune.AddEvent().Id);

        Assert.That(
            page.Headings(), Does.Contain("Overview").And.Contain("Metadata").And.Not.Contain("History").And.Not.Contain("Timeline"));
    }

    [Test]
    public void Markup_in_a_payload_stays_text()
    {
        var source = Attune.AddEvent(payload: """
            {"<script>alert(1)</script>": "<img src=x onerror=alert(2)>", "href": "javascript:alert(3)"}
            """);

        var page = OpenPage(source.Id);

        Assert.That(
            page.Panel("Payload").TextContent, Does.Contain("<script>alert(1)</script>").And.Contain("<img src=x onerror=alert(2)>"));
        Assert.That(page.FindAll("script, img, a[href^='javascript']"), Is.Empty);
    }

    [Test]
    public void Enforcements_of_an_event_and_their_executions_appear_by_themselves()
    {
        var source = Attune.AddEvent();
        var page = OpenPage(source.Id);
        Assert.That(page.Panel("Lineage").TextContent, Does.Contain("No rule matched"));

        var enforcement = Attune.AddEnforcement(source, ruleRef: "ops.deploy");
        page.Until(() => page.Headings().Contains("Enforcements"));
        Attune.Resolve(enforcement.Id);
        var execution = Attune.AddExecution(Attune.Enforcements[enforcement.Id]);
        Attune.Advance(execution.Id, ExecutionStatus.Failed);
        page.Until(() => page.Panel("Lineage").TextContent.Contains("Failed", StringComparison.Ordinal));

        Assert.That(page.FindAll($"a[href='enforcements/{enforcement.Id}']"), Is.Not.Empty);
        Assert.That(page.FindAll($"a[href='executions/{execution.Id}']"), Is.Not.Empty);
    }

    [Test]
    public void How_an_event_came_in_is_shown_when_that_is_known()
    {
        var known = OpenPage(Attune.AddEvent(config: """{"delivery": "72d3162e"}""").Id);
        var unknown = OpenPage(Attune.AddEvent().Id);

        Assert.That(known.Panel("How it came in").TextContent, Does.Contain("72d3162e"));
        Assert.That(unknown.Headings(), Does.Not.Contain("How it came in"));
    }

    [Test]
    public void An_event_without_a_payload_says_so()
    {
        var page = OpenPage(Attune.AddEvent().Id);

        Assert.That(page.Panel("Payload").TextContent, Does.Contain("No payload data"));
    }

    [Test]
    public void A_payload_of_JSON_null_is_no_missing_payload()
    {
        var page = OpenPage(Attune.AddEvent(payload: "null").Id);

        Assert.That(page.Panel("Payload").TextContent, Does.Contain("null").And.Not.Contain("No payload data"));
    }

    [Test]
    public void An_event_that_is_not_there_is_expired_or_never_existed()
    {
        var page = OpenPage(4711);

        Assert.That(page.Markup, Does.Contain("Event #4711 is expired or never existed"));
        Assert.That(page.FindAll("a[href='events']"), Is.Not.Empty);
    }

    private IRenderedComponent<EventPage> OpenPage(long id) => Open<EventPage>(parameters => parameters.Add(page => page.Id, id));
}
