using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Explaining;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class HealthFactsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [TestCase(0, 0, 0, 500, 100, RuleFindingKind.NeverMatched)]
    [TestCase(100, 0, 70, 500, 100, RuleFindingKind.StoppedMatching)]
    [TestCase(100, 0, 70, 500, 0, null, Description = "no event came either")]
    [TestCase(100, 0, 19, 500, 100, null, Description = "it seldom matched before")]
    [TestCase(100, 10, 70, 500, 100, null)]
    [TestCase(2_000, 990, 700, 5_000, 1_000, RuleFindingKind.MatchesTooOften, Description = "nearly all")]
    [TestCase(2_000, 700, 100, 5_000, 3_000, RuleFindingKind.MatchesTooOften, Description = "many times as often as before")]
    [TestCase(0, 0, 0, 0, 0, RuleFindingKind.SilentTrigger)]
    public void What_a_rule_matched_beside_what_came_says_how_it_is(
        long matches, long matchesDay, long matchesWeek, long events, long eventsDay, RuleFindingKind? kind) => Assert.That(
        Facts(matches, matchesDay, matchesWeek, events, eventsDay).Of(Rule("a.one")).Select(one => (RuleFindingKind?)one.Kind),
        Is.EqualTo(kind is null ? [] : (RuleFindingKind?[])[kind]));

    [Test]
    public void What_could_not_be_counted_in_time_says_nothing_of_a_rule()
    {
        var facts = Facts(0, 0, 0, 500, 100);

        Assert.That((facts with { Events = null }).Of(Rule("a.one")), Is.Empty);
        Assert.That((facts with { Matches = null }).Of(Rule("a.one")), Is.Empty);
        Assert.That((facts with { Failures = null }).Of(Rule("a.one")).Select(one => one.Kind), Is.EqualTo((RuleFindingKind[])[RuleFindingKind.NeverMatched]));
    }

    [Test]
    public void A_rule_that_was_changed_today_is_given_time()
    {
        var rule = Rule("a.one") with { Updated = Now.AddHours(-2) };

        Assert.That(Facts(0, 0, 0, 500, 100).Of(rule), Is.Empty);
    }

    [Test]
    public void A_rule_without_conditions_may_match_everything()
    {
        var rule = Rule("a.one") with { Conditions = JsonElement.Parse("[]") };

        Assert.That(Facts(2_000, 1_000, 700, 5_000, 1_000).Of(rule), Is.Empty);
    }

    [Test]
    public void A_rule_that_fails_says_so_beside_everything_else()
    {
        var facts = Facts(0, 0, 0, 500, 100) with
        {
            Failures = new Dictionary<string, FailedRef> { ["a.one"] = new() { Ref = "a.one", Ended = 10, Failed = 3 } },
        };

        Assert.That(
            facts.Of(Rule("a.one") with { PausedAt = Now, PausedReason = "It is dear." }).Select(one => one.Kind),
            Is.EqualTo((RuleFindingKind[])
                [RuleFindingKind.CannotBeEvaluated, RuleFindingKind.FailingExecutions, RuleFindingKind.NeverMatched]));
    }

    [TestCase(100, 100, 100, true)]
    [TestCase(96, 100, 97, true)]
    [TestCase(90, 100, 100, false)]
    [TestCase(19, 19, 19, false, Description = "too few to tell")]
    public void Two_rules_are_twins_when_they_match_the_same_events(long both, long one, long other, bool areTwins)
    {
        var pair = new RulePair { One = "a.one", Other = "a.two", BothMatch = both, OneMatches = one, OtherMatches = other };

        var found = HealthFacts.Twins([Rule("a.one"), Rule("a.two")], [pair]).ToList();

        Assert.That(found.Select(finding => finding.OtherRule), Is.EqualTo(areTwins ? (string[])["a.two"] : []));
    }

    private static WatchedRule Rule(string reference) => new()
    {
        Ref = reference, TriggerRef = "a.trigger", Condition = ConditionJoin.All, Created = Now.AddDays(-20), Updated = Now.AddDays(-20),
        Conditions = JsonElement.Parse("""[{"field": "a", "operator": "equals", "value": 1}]"""),
    };

    private static HealthFacts Facts(long matches, long matchesDay, long matchesWeek, long events, long eventsDay) => new()
    {
        Now = Now,
        Failures = new Dictionary<string, FailedRef>(),
        Matches = Counted("a.one", matches, matchesDay, matchesWeek),
        Events = Counted("a.trigger", events, eventsDay, 7 * eventsDay),
    };

    private static Dictionary<string, CountedRef> Counted(string reference, long total, long day, long week) => total == 0 ? [] : new()
    {
        [reference] = new() { Ref = reference, Total = total, LastDay = day, WeekBefore = week, Last = Now },
    };
}

public sealed class RuleHealthTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task Paths_that_lead_nowhere_twins_and_failing_executions_are_found()
    {
        var trigger = await NewTriggerAsync();
        var good = await NewRuleAsync(trigger, """{"expression": "total > 5 and gone not exists"}""");
        var twin = await NewRuleAsync(trigger, """{"expression": "total > 4"}""");
        var lost = await NewRuleAsync(trigger, """{"expression": "total > 500 or user.nme == \"Ada\""}""");
        for (var number = 0; number < 20; number++)
        {
            await AppendAsync(trigger, """{"total": 10, "user": {"name": "Ada"}}""");
        }

        var report = await Get<IRuleHealth>().ReadAsync(Cancellation);
        var found = report.Findings.Where(one => one.TriggerRef == trigger).ToList();

        Assert.That(
            found.Select(one => (one.RuleRef, one.Kind, one.Path, one.OtherRule)),
            Is.EquivalentTo(new[]
            {
                (good.Ref, RuleFindingKind.Twin, (string?)null, (string?)twin.Ref),
                (lost.Ref, RuleFindingKind.MissingPath, "user.nme", null),
            }));
        Assert.That((await Get<IRuleHealth>().ReadAsync(Cancellation)).At, Is.EqualTo(report.At), "it is looked for once in a while");
    }
}
