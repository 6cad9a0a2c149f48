using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Events;
using Bunit;

namespace Attune.Tests.Web;

public sealed class SendAgainTests : PageTest
{
    [Test]
    public void The_form_opens_with_the_payload_and_nothing_is_sent_before_it_was_tried()
    {
        var source = Attune.AddEvent("github.push", payload: """{"branch": "main"}""");

        var page = OpenAt(source);

        Assert.That(page.Find("textarea").GetAttribute("value"), Is.EqualTo("{\n  \"branch\": \"main\"\n}"));
        Assert.That(Button(page, "Send").HasAttribute("disabled"), Is.True);
        Assert.That(OpenAt(source, "").FindAll("textarea"), Is.Empty);
    }

    [Test]
    public void What_would_match_and_what_is_changed_is_shown_and_then_it_is_sent()
    {
        var source = Attune.AddEvent("github.push", payload: """{"branch": "main", "count": 1}""");
        Replays.Rules.AddRange([Rule("ops.deploy", matches: true), Rule("ops.other", matches: false)]);
        var page = OpenAt(source);

        page.Find("textarea").Input("""{"branch": "next", "count": "1"}""");
        Assert.That(page.FindAll(".send-again .changes dt").Select(field => field.FirstChild!.TextContent.Trim()), Is.EqualTo((string[])
            ["payload.branch", "payload.count"]));
        Button(page, "Try it").Click();

        page.Until(() => page.FindAll(".tried li").Count == 2);
        Assert.That(page.Find(".send-again [role=status]").TextContent, Is.EqualTo("1 of 2 rules would match."));
        Assert.That(Replays.Sent, Is.Empty);
        Assert.That(page.FindAll(".tried .chip").Select(chip => chip.TextContent), Is.EqualTo((string[])["Would match", "Would not match"]));

        Button(page, "Send").Click();

        var sent = Replays.Sent.Single();
        Assert.That(sent.Payload!.Value.GetProperty("branch").GetString(), Is.EqualTo("next"));
        Assert.That(sent.Rules, Is.Null);
        var again = Attune.Events.Values.Single(one => one.ReplayOf == source.Id);
        Assert.That(Address, Is.EqualTo($"events/{again.Id}"));
    }

    [Test]
    public void An_unchanged_payload_is_not_sent_as_another_one()
    {
        var source = Attune.AddEvent("github.push", payload: """{"branch": "main"}""");
        var page = OpenAt(source);

        page.Find("textarea").Input("""{ "branch":   "main" }""");
        Button(page, "Try it").Click();
        page.Until(() => !Button(page, "Send").HasAttribute("disabled"));
        Button(page, "Send").Click();

        Assert.That(Replays.Sent.Single().Payload, Is.Null);
    }

    [Test]
    public void What_is_no_JSON_is_said_by_its_place_and_cannot_be_tried()
    {
        var page = OpenAt(Attune.AddEvent("github.push", payload: "{}"));

        page.Find("textarea").Input("{\n  \"a\": 1,,\n}");

        Assert.That(page.Find("#send-mistake").TextContent, Does.StartWith("Line 2, column 10: "));
        Assert.That(Button(page, "Try it").HasAttribute("disabled"), Is.True);
    }

    [Test]
    public void Rules_are_chosen_one_by_one()
    {
        var source = Attune.AddEvent("github.push", payload: "{}");
        Replays.Rules.AddRange([Rule("ops.deploy", matches: true), Rule("ops.other", matches: false)]);
        var page = OpenAt(source);
        Button(page, "Try it").Click();
        page.Until(() => page.FindAll(".tried li").Count == 2);

        page.FindAll(".tried input")[1].Change(false);
        Button(page, "Send to 1 rule").Click();

        Assert.That(Replays.Sent.Single().Rules, Is.EqualTo((string[])["ops.deploy"]));
    }

    [Test]
    public void Parameters_that_would_be_used_have_no_secrets()
    {
        var source = Attune.AddEvent("github.push", payload: "{}");
        Replays.Rules.Add(Rule("ops.deploy", matches: true) with
        {
            Parameters = FakeAttune.Json("""{"url": "https://a", "headers": {"Authorization": "geheim"}}"""),
        });
        var page = OpenAt(source);

        Button(page, "Try it").Click();
        page.Until(() => page.FindAll(".tried li").Count == 1);

        Assert.That(page.Find(".tried .json").TextContent, Does.Contain("https://a").And.Contain(ParameterSecrets.Mask));
        Assert.That(page.Markup, Does.Not.Contain("geheim"));
    }

    [Test]
    public void The_command_for_a_terminal_holds_whatever_a_payload_says()
    {
        var source = Attune.AddEvent("github.push", payload: """{"a": "it's $HOME `x` \\ \"q\""}""");

        var curl = EventCurl.Of("https://attune.example/base/", source);

        Assert.That(curl, Does.StartWith("curl -X POST 'https://attune.example/base/api/v1/events' -H 'Content-Type: application/json'"));
        Assert.That(curl, Does.EndWith("""--data-binary '{"trigger_ref":"github.push","payload":{"a":"it'\''s $HOME `x` \\ \"q\""}}'"""));
    }

    private static ReplayTrialRule Rule(string reference, bool matches) => new()
    {
        Rule = 7, RuleRef = reference, RuleVersion = 1, ActionRef = "core.echo", State = RuleState.Enabled, IsPaused = false, HasWindow = false,
        Matches = matches, Verdict = matches ? Verdict.True : Verdict.False, Condition = ConditionJoin.All, Conditions = [],
    };

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<EventPage> page, string text) =>
        page.Find(".send-again").QuerySelectorAll("button").Single(button => button.TextContent.Trim() == text);

    private IRenderedComponent<EventPage> OpenAt(Event source, string query = "?send=1") =>
        OpenAt<EventPage>($"events/{source.Id}{query}", parameters => parameters.Add(page => page.Id, source.Id));
}
