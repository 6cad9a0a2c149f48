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
    public void Every_rule_of_the_trigger_is_told_of_unasked_and_the_nearest_is_open_when_none_matched()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.All.AddRange([Answer(source), Answer(source) with { Rule = 8, RuleRef = "ops.other" }]);

        var page = OpenAt(source, "");

        var lines = page.Panel(Title).QuerySelectorAll("li.rule");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Find(".lead[role=status]").TextContent, Does.StartWith("None of 2 rules on this trigger matches"));
            Assert.That(lines.Select(line => line.QuerySelector(".ref")!.TextContent), Is.EqualTo((string[])["ops.deploy", "ops.other"]));
            Assert.That(lines.Select(line => line.QuerySelector(".fold")!.GetAttribute("aria-expanded")), Is.EqualTo((string[])["true", "false"]));
            Assert.That(lines[0].QuerySelector(".chip")!.TextContent, Is.EqualTo("Does not match"));
            Assert.That(lines[0].QuerySelector(".sum")!.TextContent, Is.EqualTo("1 of 3 conditions false, 1 cannot be told."));
            Assert.That(Explainer.Asked, Is.Empty);
        }
    }

    [Test]
    public void A_rule_that_matched_is_one_line_with_its_enforcement()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.All.AddRange(
        [
            Answer(source) with { Matches = true, Verdict = Verdict.True, Conditions = [], Enforcement = 12 },
            Answer(source) with { Rule = 8, RuleRef = "ops.other" },
        ]);

        var page = OpenAt(source, "");

        Assert.That(page.Find(".lead[role=status]").TextContent, Is.EqualTo("1 of 2 rules on this trigger match."));
        Assert.That(page.FindAll("li.rule table"), Is.Empty);
        Assert.That(page.Find("li.rule a.number").GetAttribute("href"), Is.EqualTo("enforcements/12"));
    }

    [Test]
    public void More_rules_than_are_shown_can_be_asked_for()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.All.AddRange(
            Enumerable.Range(0, 23).Select(number => Answer(source) with { Rule = number, RuleRef = $"ops.rule_{number}" }));
        var page = OpenAt(source, "");
        Assert.That(page.FindAll("li.rule"), Has.Count.EqualTo(EventExplanation.UsualRules));

        page.FindAll("button").Single(button => button.TextContent.Trim() == "3 more").Click();

        Assert.That(page.FindAll("li.rule"), Has.Count.EqualTo(23));
    }

    [TestCase(ReasonCode.DisabledThen, Verdict.True, "Not asked", "It was so. It would match otherwise.")]
    [TestCase(ReasonCode.DisabledThen, Verdict.False, "Not asked", "It was so.")]
    [TestCase(ReasonCode.HeldBack, Verdict.True, "Held back", "It was so.")]
    [TestCase(ReasonCode.ParametersFailed, Verdict.True, "Failed", "It was so.")]
    [TestCase(ReasonCode.OverBudget, Verdict.Unknown, "Failed", "It was so.")]
    public void The_word_and_the_sentence_of_a_rule_that_was_kept_from_matching_agree(
        ReasonCode code, Verdict verdict, string word, string sentence)
    {
        var answer = Answer(Attune.AddEvent()) with { Verdict = verdict, Reasons = [new(code, "It was so.")] };

        Assert.That((WhyWords.Outcome(answer).Text, WhyWords.Sum(answer)), Is.EqualTo((word, sentence)));
    }

    [TestCase(new[] { Verdict.True }, Verdict.True, "Its condition holds.")]
    [TestCase(new[] { Verdict.False }, Verdict.False, "Its condition does not hold.")]
    [TestCase(new[] { Verdict.Unknown }, Verdict.Unknown, "Its condition cannot be told: nothing is there.")]
    [TestCase(new[] { Verdict.True, Verdict.True }, Verdict.True, "All 2 conditions hold.")]
    [TestCase(new[] { Verdict.True, Verdict.False }, Verdict.True, "1 of 2 conditions hold, and that is enough.")]
    [TestCase(new[] { Verdict.True, Verdict.False }, Verdict.False, "1 of 2 conditions false.")]
    [TestCase(new[] { Verdict.False, Verdict.False }, Verdict.False, "None of 2 conditions holds.")]
    [TestCase(new[] { Verdict.True, Verdict.Unknown }, Verdict.Unknown, "1 of 2 conditions cannot be told.")]
    [TestCase(new Verdict[0], Verdict.True, "No conditions: every event of its trigger matches.")]
    public void Conditions_are_summed_up_in_a_sentence(Verdict[] verdicts, Verdict together, string sentence)
    {
        var answer = Answer(Attune.AddEvent()) with
        {
            Verdict = together, Matches = together == Verdict.True,
            Conditions = [.. verdicts.Select((verdict, number) => Condition($"f{number}", "1", null, verdict))],
        };

        Assert.That(WhyWords.Sum(answer), Is.EqualTo(sentence));
    }

    [Test]
    public void The_place_that_a_condition_looks_at_is_marked_in_the_payload()
    {
        var source = Attune.AddEvent("github.push", payload: """{"branch": "main", "title": "<script>"}""");
        Explainer.All.Add(Answer(source));
        var page = OpenAt(source, "");
        Assert.That(page.FindAll(".json .marked"), Is.Empty);

        page.FindAll("button.field").Single(button => button.TextContent == "title").Click();
        Assert.That(page.Find(".json .marked").TextContent, Does.Contain("\"<script>\""));

        page.FindAll("button.field").Single(button => button.TextContent == "title").Click();
        Assert.That(page.FindAll(".json .marked"), Is.Empty);
    }

    [Test]
    public void Every_condition_is_shown_with_what_was_expected_and_what_was_there()
    {
        var source = Attune.AddEvent("github.push");
        Explainer.Answers[("ops.deploy", null)] = Answer(source) with
        {
            Reasons = [new(ReasonCode.DisabledThen, "It was off then."), new(ReasonCode.OtherTrigger, "It was elsewhere.")],
            VersionThen = 1,
        };

        var panel = OpenAt(source, "?why=ops.deploy").Panel(Title);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(panel.QuerySelector(".fold")!.TextContent, Does.Contain("Not asked").And.Contain("It was off then."));
            Assert.That(Cells("tbody .verdict"), Is.EqualTo((string[])["True", "False", "Unknown"]));
            Assert.That(Cells("td[data-label=Expected] code"), Is.EqualTo((string[])["\"main\"", "\"<i>\"", "3"]));
            Assert.That(Cells("td[data-label=Actual]"), Is.EqualTo((string[])["\"main\"", "\"<script>\"", "nothing there"]));
            Assert.That(panel.QuerySelector(".reasons")!.TextContent, Does.Contain("It was elsewhere."));
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
        VersionThen = 2, IsDraft = false, WasShadow = false, Matches = false, Verdict = Verdict.False, Condition = ConditionJoin.All, Reasons = [],
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
