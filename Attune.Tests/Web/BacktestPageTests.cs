using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Backtests;
using Bunit;
using MudBlazor;

namespace Attune.Tests.Web;

public sealed class BacktestPageTests : PageTest
{
    [Test]
    public async Task The_address_says_what_a_backtest_tries_and_on_which_events()
    {
        AddVersions();
        var page = OpenPage("?try=1&range=30d");

        await RunAsync(page);

        var asked = await Backtester.Asked;
        Assert.That(asked.Subject, Is.EqualTo(new RuleSubject { RuleRef = "ops.deploy", Version = 1 }));
        Assert.That(asked.Until - asked.Since, Is.EqualTo(TimeSpan.FromDays(30)));
        Assert.That(page.Markup, Does.Contain("\"one\"").And.Not.Contain("\"two\""));
    }

    [TestCase("?try=nothing&range=31d", "try=nothing", "range=31d")]
    [TestCase("?try=-1&range=%3Cscript%3E&conditions=x", "try=-1", "range=<script>", "conditions=x")]
    [TestCase("?try=draft&join=none&list=some&page=0", "join=none", "list=some", "page=0")]
    public void What_an_address_of_a_backtest_says_wrongly_is_said_and_nothing_is_tried(string query, params string[] wrong)
    {
        AddVersions();

        var page = OpenPage(query);

        Assert.That(page.FindAll(".misunderstood code").Select(one => one.TextContent), Is.EqualTo(wrong));
        Assert.That(page.FindAll("button").Where(button => button.TextContent.Contains("Run backtest", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Progress_shows_and_the_report_takes_its_place()
    {
        AddVersions();
        var page = OpenPage();
        await RunAsync(page);

        Backtester.Tell(new() { At = Now.AddDays(-3), Share = .25, Events = 1_200, Matches = 7 });
        page.Until(() => page.FindAll(".running").Count == 1);
        Assert.That(page.Find("progress").GetAttribute("value"), Is.EqualTo("0.25"));
        Assert.That(page.Find(".running").TextContent, Does.Contain("25 %").And.Contain("1,200 events read"));

        Backtester.Tell(Step(Report()));
        page.Until(() => page.FindAll(".outcome").Count == 1);

        Assert.That(page.FindAll("progress"), Is.Empty);
        Assert.That(
            page.FindAll(".tiles dt").Select(tile => tile.TextContent),
            Is.EqualTo((string[])["Events", "Matches", "Near misses", "Recorded"]));
        Assert.That(
            page.Panel("First matches").QuerySelector("a.open")!.GetAttribute("href"), Is.EqualTo("events/11?why=ops.deploy&version=2"));
        Assert.That(
            page.Panel("Near misses").QuerySelector("li")!.TextContent,
            Does.Contain("branch").And.Contain("but was").And.Contain("\"<b>x</b>\""));
        Assert.That(page.FindAll(".plot .bars li"), Has.Count.EqualTo(2));
        Assert.That(page.Headings(), Does.Not.Contain("Would newly match"));
    }

    [Test]
    public async Task Cancel_stops_a_backtest()
    {
        AddVersions();
        var page = OpenPage();
        await RunAsync(page);
        Backtester.Tell(new() { At = Now, Share = .5, Events = 3, Matches = 0 });
        page.Until(() => page.FindAll("progress").Count == 1);

        await Button(page, "Cancel").ClickAsync(new());

        page.Until(() => page.Markup.Contains("Cancelled after 3 events.", StringComparison.Ordinal));
        await Backtester.Stopped;
    }

    [Test]
    public async Task A_backtest_stops_when_the_reader_leaves()
    {
        AddVersions();
        var page = OpenPage();
        await RunAsync(page);
        await Backtester.Asked;

        await LeaveAsync();

        await Backtester.Stopped;
    }

    [Test]
    public async Task A_draft_begins_with_what_the_rule_says_and_is_tried_as_it_was_edited()
    {
        AddVersions();
        var page = OpenPage("?try=draft");
        Assert.That(
            page.Find("textarea").GetAttribute("value"),
            Is.EqualTo("[\n  {\"field\": \"branch\", \"operator\": \"equals\", \"value\": \"two\"}\n]"));

        await page.Find("textarea").ChangeAsync(new() { Value = "[]" });
        await Button(page, "30 days").ClickAsync(new());
        await Button(page, "One is enough").ClickAsync(new());
        await RunAsync(page);

        var draft = (await Backtester.Asked).Subject.Draft!;
        Assert.That(draft.Conditions!.Value.GetRawText(), Is.EqualTo("[]"));
        Assert.That(draft.Condition, Is.EqualTo(ConditionJoin.Any));
        Assert.That(Address, Is.EqualTo("rules/ops.deploy/backtest?try=draft&range=30d&join=any&conditions=%5B%5D"));
    }

    [Test]
    public async Task A_draft_that_is_not_JSON_is_not_tried_and_says_where_it_is_wrong()
    {
        AddVersions();
        var page = OpenPage("?try=draft");

        await page.Find("textarea").ChangeAsync(new() { Value = "[\n  {\"field\" \"a\"}\n]" });
        await RunAsync(page);

        Assert.That(page.Find(".mistake").TextContent, Does.Contain("Line 2, column 12").And.Contain("not JSON"));
        Assert.That(Backtester.Asked.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_refusal_of_a_draft_is_shown_at_its_place()
    {
        AddVersions();
        Backtester.Refusal = RefusedException.Invalid("conditions[1].operator", "conditions[1].operator must be one of: equals.");
        var page = OpenPage("?try=draft");

        await page.Find("textarea").ChangeAsync(new() { Value = "[{\"field\": \"a\"},\n {\"field\": \"b\", \"operator\": \"is\"}]" });
        await RunAsync(page);

        page.Until(() => page.FindAll(".mistake").Count == 1);
        Assert.That(page.Find(".mistake").TextContent, Does.Contain("Line 2, column 29: conditions[1].operator must be one of"));
        Assert.That(page.Find(".mistake pre").TextContent.Split('\n')[1].IndexOf('^', StringComparison.Ordinal), Is.EqualTo(28));
    }

    [Test]
    public async Task A_comparison_says_what_would_match_and_what_no_longer_would()
    {
        AddVersions();
        var page = OpenPage("?try=draft");
        await RunAsync(page);

        Backtester.Tell(Step(Report() with { IsDraft = true, RuleVersion = null }));
        page.Until(() => page.FindAll(".outcome").Count == 1);

        Assert.That(page.Find(".plus").TextContent, Is.EqualTo("+1"));
        Assert.That(page.Panel("Would newly match").TextContent, Does.Contain("#21"));
        Assert.That(page.Panel("Would no longer match").TextContent, Does.Contain("All that matches now still would."));
        Assert.That(page.FindAll(".plot .mark"), Has.Count.EqualTo(2));
        Assert.That(page.FindAll("button").Select(button => button.TextContent.Trim()), Does.Contain("Save as v3"));
    }

    [Test]
    public void A_deleted_rule_can_be_tried_as_it_was_last()
    {
        AddVersions();
        Attune.Rules.Clear();

        Assert.That(OpenPage().Find(".segments button").TextContent, Is.EqualTo("As it was last · v2"));
    }

    [Test]
    public void A_rule_that_never_was_is_not_found()
    {
        Assert.That(OpenPage().Markup, Does.Contain("There is no rule of this reference"));
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<BacktestPage> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private static Task RunAsync(IRenderedComponent<BacktestPage> page)
    {
        var run = page.FindComponents<MudButton>().Single(button => button.Markup.Contains("Run backtest", StringComparison.Ordinal));
        return page.InvokeAsync(() => { _ = run.Instance.OnClick.InvokeAsync(); });
    }

    private IRenderedComponent<BacktestPage> OpenPage(string query = "") =>
        OpenAt<BacktestPage>($"rules/ops.deploy/backtest{query}", parameters => parameters.Add(page => page.Reference, "ops.deploy"));

    private void AddVersions()
    {
        var rule = AddRule("ops.deploy", conditions: Conditions("two"));
        Attune.Rules[rule.Ref] = rule with { Version = 2 };
        foreach (var (version, value) in ((int, string)[])[(2, "two"), (1, "one")])
        {
            Attune.Versions.Add(new RuleVersion
            {
                Rule = rule.Id, Version = version, RuleRef = rule.Ref, TriggerRef = rule.TriggerRef, ActionRef = rule.ActionRef,
                Condition = ConditionJoin.All, Conditions = FakeAttune.Json(Conditions(value)), ActionParams = rule.ActionParams,
                TriggerParams = rule.TriggerParams, Created = Now,
            });
        }
    }

    private static string Conditions(string value) => $$"""[{"value": "{{value}}", "field": "branch", "operator": "equals"}]""";

    private BacktestProgress Step(BacktestReport report) =>
        new() { At = Now, Share = 1, Events = report.Events, Matches = report.Matches, Report = report };

    private BacktestReport Report()
    {
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        return new()
        {
            RuleRef = "ops.deploy", RuleVersion = 2, IsDraft = false, TriggerRef = "github.push",
            Since = Now.AddDays(-1), Until = Now, Events = 9, Matches = 3, NearMisses = 1, Failures = 0, Recorded = 3,
            Days =
            [
                new() { Day = today.AddDays(-1), Events = 5, Matches = 2, NearMisses = 0, Current = 2, Recorded = 2 },
                new() { Day = today, Events = 4, Matches = 1, NearMisses = 1, Current = 0, Recorded = 1 },
            ],
            FirstMatches = [new(11, Now.AddHours(-3))],
            FirstNearMisses =
            [
                new(12, Now.AddHours(-2), 0, new ExplainedCondition
                {
                    Field = "branch", Path = "event.payload.branch", Operator = "equals", Expected = FakeAttune.Json("\"two\""),
                    Found = true, Actual = FakeAttune.Json("\"<b>x</b>\""), Verdict = Verdict.False,
                }),
            ],
            Difference = new()
            {
                CurrentVersion = 2, Same = 2, Added = 1, Removed = 0, FirstAdded = [new(21, Now)], FirstRemoved = [],
            },
        };
    }
}
