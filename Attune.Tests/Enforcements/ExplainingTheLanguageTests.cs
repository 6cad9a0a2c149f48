using Attune.Modules.Enforcements;
using Attune.Tests.Enforcements.Properties;
using CsCheck;

namespace Attune.Tests.Enforcements;

/// <summary>Explanations and backtests beside what really fired: nested conditions, windows, and what is dear.</summary>
public sealed class ExplainingTheLanguageTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private IRuleExplainer Explainer => Get<IRuleExplainer>();

    [Test]
    public async Task They_say_of_trees_and_windows_what_fired()
    {
        string?[] windows = [null, null, """{"at_most": 2, "in": "1h", "per": ["a"]}""", null, """{"at_least": 3, "in": "1h"}""", null];
        var trigger = await NewTriggerAsync();
        var pairs = Trees.All.Array[24].Single();
        var rules = new List<Rule>();
        foreach (var (number, pair) in pairs.Index())
        {
            rules.Add(await Rules.CreateAsync(new()
            {
                Ref = NewName("rule"),
                Label = "Rule",
                TriggerRef = trigger,
                ActionRef = "core.noop",
                Conditions = Parsed(number % 2 == 0
                    ? $$"""{"any": [{{pair.Tree.Json}}, {"field": "b", "operator": "exists"}]}"""
                    : pair.Tree.Json),
                Window = windows[number % windows.Length] is { } window ? Parsed(window) : null,
            }, Cancellation));
        }

        var events = new List<long>();
        foreach (var pair in pairs)
        {
            events.Add((await AppendAsync(trigger, pair.Payload.Json)).Id);
        }

        var (fired, heldBack) = (0, 0);
        foreach (var rule in rules)
        {
            var recorded = await QueryAsync<long>(
                "SELECT event FROM enforcement WHERE rule = @Id ORDER BY created, event", new { rule.Id });
            foreach (var id in events)
            {
                var answer = (await Explainer.ExplainAsync(id, new() { RuleRef = rule.Ref }, Cancellation))!;
                Assert.That(answer.Matches, Is.EqualTo(recorded.Contains(id)), () => $"{rule.Conditions.GetRawText()} and event {id}");
                heldBack += answer.Reasons.Any(reason => reason.Code == ReasonCode.HeldBack) ? 1 : 0;
            }

            var report = await ReportAsync(new() { Subject = new() { RuleRef = rule.Ref }, First = 100, Until = DateTimeOffset.UtcNow.AddHours(1) });
            Assert.That(report.FirstMatches.Select(match => match.Event), Is.EqualTo(recorded), () => rule.Conditions.GetRawText());
            Assert.That((report.Matches, report.Recorded), Is.EqualTo(((long)recorded.Count, (long?)recorded.Count)));
            fired += recorded.Count;
        }

        Assert.That(fired, Is.GreaterThan(30));
        Assert.That(heldBack, Is.GreaterThan(5));
    }

    [Test]
    public async Task A_draft_may_have_a_window()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        for (var turn = 0; turn < 5; turn++)
        {
            await AppendAsync(trigger);
        }

        var report = await ReportAsync(new()
        {
            Subject = new() { RuleRef = rule.Ref, Draft = new() { Window = Parsed("""{"at_most": 2, "in": "1h"}""") } },
            Until = DateTimeOffset.UtcNow.AddHours(1),
        });

        Assert.That((report.Matches, report.HeldBack, report.Difference!.Removed), Is.EqualTo((2L, 3L, 3L)));
    }

    [Test]
    public async Task A_condition_that_is_too_dear_is_told_as_such()
    {
        var trigger = await NewTriggerAsync();
        var items = string.Join(',', Enumerable.Range(0, 60_000).Select(number => $$"""{"n": {{number}}}"""));
        var many = string.Join(',', Enumerable.Repeat("""{"field": "list", "operator": "contains", "value": {"n": -1}}""", 100));
        var rule = await NewRuleAsync(trigger, $"[{many}]", join: ConditionJoin.Any);

        var written = await AppendAsync(trigger, $$"""{"list": [{{items}}]}""");
        var answer = (await Explainer.ExplainAsync(written.Id, new() { RuleRef = rule.Ref }, Cancellation))!;

        Assert.That(written.Matched, Is.Empty);
        Assert.That((answer.Matches, answer.Verdict), Is.EqualTo((false, Verdict.Unknown)));
        Assert.That(answer.Reasons.Select(reason => reason.Code), Is.EqualTo((ReasonCode[])[ReasonCode.OverBudget]));
    }

    [Test]
    public async Task A_rule_shows_its_conditions_as_text()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync(), """{"expression": "a == 1 or not (b exists and c > 2)"}""");

        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.Expression, Is.EqualTo("a == 1 or not (b exists and c > 2)"));
        Assert.That(rule.Condition, Is.EqualTo(ConditionJoin.Any));
    }

    private async Task<BacktestReport> ReportAsync(BacktestRequest request) =>
        (await Get<IRuleBacktester>().RunAsync(request, Cancellation).LastAsync(Cancellation)).Report!;
}
