using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Events;
using Bunit;

namespace Attune.Tests.Web;

public sealed class WhyPanelTests : PageTest
{
    private const string Title = "Why, or why not";

    [Test]
    public void The_rules_of_the_trigger_are_offered_and_nothing_is_asked_yet()
    {
        AddRule("ops.deploy", triggerRef: "github.push");
        AddRule("ops.other");

        var page = OpenAt(Attune.AddEvent("github.push"), "");

        Assert.That(page.Panel(Title).QuerySelectorAll("a.rule").Select(link => link.TextContent), Is.EqualTo((string[])["ops.deploy"]));
        Assert.That(Explainer.Asked, Is.Empty);
    }

    [Test]
    public void Every_condition_is_shown_with_what_was_expected_and_what_was_there()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.Answers[("ops.deploy", null)] = Answer(source) with
        {
            Reasons = [new(ReasonCode.DisabledThen, "It was off then.")], VersionThen = 1,
        };

        var panel = OpenAt(source, "?why=ops.deploy").Panel(Title);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                panel.QuerySelector(".answer")!.TextContent,
                Does.Contain("Does not match").And.Contain("1 of 3 conditions hold; all must hold."));
            Assert.That(Cells("tbody .verdict"), Is.EqualTo((string[])["True", "False", "Unknown"]));
            Assert.That(Cells("td[data-label=Expected] code"), Is.EqualTo((string[])["\"main\"", "\"<i>\"", "3"]));
            Assert.That(Cells("td[data-label=Actual]"), Is.EqualTo((string[])["\"main\"", "\"<script>\"", "nothing there"]));
            Assert.That(panel.QuerySelector(".reasons")!.TextContent, Does.Contain("It was off then."));
            Assert.That(panel.QuerySelector(".then a")!.GetAttribute("href"), Is.EqualTo($"events/{source.Id}?why=ops.deploy"));
            Assert.That(panel.QuerySelectorAll("script, i"), Is.Empty);
        }

        IEnumerable<string> Cells(string selector) => panel.QuerySelectorAll(selector).Select(cell => cell.TextContent.Trim());
    }

    [Test]
    public void A_rule_that_says_something_else_since_can_be_asked_as_it_is()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.Answers[("ops.deploy", null)] = Answer(source) with { VersionNow = 4 };

        var panel = OpenAt(source, "?why=ops.deploy").Panel(Title);

        Assert.That(panel.QuerySelector(".then a")!.GetAttribute("href"), Is.EqualTo($"events/{source.Id}?why=ops.deploy&version=4"));
    }

    [Test]
    public void A_version_of_the_address_is_the_one_that_is_asked()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.Answers[("ops.deploy", 1)] = Answer(source) with { RuleVersion = 1, Matches = true };

        var page = OpenAt(source, "?why=ops.deploy&version=1");

        Assert.That(page.Panel(Title).TextContent, Does.Contain("Matches"));
        Assert.That(Explainer.Asked, Is.EqualTo(new[] { (source.Id, (string?)"ops.deploy", (int?)1) }));
    }

    [Test]
    public void A_rule_that_is_not_there_is_said_in_words()
    {
        var page = OpenAt(Attune.AddEvent("github.push"), "?why=no.such&version=-1");

        Assert.That(page.Panel(Title).QuerySelector(".refusal")!.TextContent, Is.EqualTo("Rule 'no.such' not found"));
    }

    [Test]
    public void The_same_question_is_asked_once_however_often_the_page_is_drawn()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.Answers[("ops.deploy", null)] = Answer(source);
        var page = OpenAt(source, "?why=ops.deploy");

        Attune.AddEnforcement(source, ruleRef: "ops.deploy");
        page.Until(() => page.Headings().Contains("Enforcements"));

        Assert.That(Explainer.Asked, Has.Count.EqualTo(1));
    }

    private static RuleExplanation Answer(Event source) => new()
    {
        Event = source.Id, TriggerRef = source.TriggerRef, EventCreated = source.Created, Rule = 7, RuleRef = "ops.deploy", RuleVersion = 2,
        VersionThen = 2, IsDraft = false, Matches = false, Verdict = Verdict.False, Condition = ConditionJoin.All, Reasons = [],
        Conditions =
        [
            Condition("branch", "\"main\"", "\"main\"", Verdict.True), Condition("title", "\"<i>\"", "\"<script>\"", Verdict.False),
            Condition("count", "3", null, Verdict.Unknown),
        ],
    };

    private static ExplainedCondition Condition(string field, string expected, string? actual, Verdict verdict) => new()
    {
        Field = field, Path = $"event.payload.{field}", Operator = "equals", Expected = FakeAttune.Json(expected),
        Found = actual is not null, Actual = actual is null ? null : FakeAttune.Json(actual), Verdict = verdict,
    };

    private IRenderedComponent<EventPage> OpenAt(Event source, string query) =>
        OpenAt<EventPage>($"events/{source.Id}{query}", parameters => parameters.Add(page => page.Id, source.Id));
}
