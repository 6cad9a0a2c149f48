using Attune.Modules.Enforcements;
using Attune.Web.Pages.Rules;
using Bunit;

namespace Attune.Tests.Web;

public sealed class RuleInsightsTests : PageTest
{
    [Test]
    public void Each_finding_of_the_rules_has_an_action()
    {
        foreach (var kind in Enum.GetValues<RuleFindingKind>())
        {
            Insights.Findings.Add(new()
            {
                RuleRef = "a.one", TriggerRef = "a.trigger", Kind = kind, Message = $"<b>{kind}</b>", OtherRule = "a.two", Path = "x",
            });
        }

        var page = Open<RuleHealthPage>();

        Assert.That(page.FindAll("a.act").Select(link => link.GetAttribute("href")), Is.All.Not.Empty);
        Assert.That(page.FindAll("a.act"), Has.Count.EqualTo(Insights.Findings.Count));
        Assert.That(page.FindAll("b"), Is.Empty);
        Assert.That(page.Markup, Does.Contain("href=\"executions?rule=a.one&amp;status=failed\""));
    }

    [Test]
    public void The_page_of_a_rule_says_what_was_found_of_it()
    {
        AddRule("a.one");
        Insights.Findings.Add(new()
        {
            RuleRef = "a.one", TriggerRef = "core.webhook", Kind = RuleFindingKind.NeverMatched, Message = "It matched none of 12 events.",
        });
        Insights.Findings.Add(Insights.Findings[0] with { RuleRef = "a.two", Message = "Another's." });

        var page = Open<RulePage>(parameters => parameters.Add(one => one.Reference, "a.one"));

        Assert.That(page.Find(".finding").TextContent, Does.Contain("Never matched.").And.Contain("none of 12 events"));
        Assert.That(page.Markup, Does.Not.Contain("Another's."));
    }

    [Test]
    public void The_list_of_rules_says_what_was_found_of_each_and_leads_to_it()
    {
        AddRule("a.fine");
        AddRule("a.one");
        Find("a.one", RuleFindingKind.NeverMatched, "It matched none of 12 events.");
        Find("a.one", RuleFindingKind.FailingExecutions, "3 of 4 failed.");

        var page = Open<RulesPage>();

        var chip = page.FindAll("a.health").Single();
        Assert.That(chip.TextContent.Trim(), Is.EqualTo("Failing executions +1"));
        Assert.That(chip.QuerySelector(".chip")!.ClassList, Does.Contain("bad"));
        Assert.That(chip.GetAttribute("href"), Is.EqualTo("rules/health?rule=a.one"));
        Assert.That(chip.GetAttribute("title"), Does.Contain("3 of 4 failed."));
    }

    [Test]
    public void The_health_of_one_rule_is_shown_alone_and_leads_to_that_of_all()
    {
        Find("a.one", RuleFindingKind.NeverMatched, "It matched none of 12 events.");
        Find("a.two", RuleFindingKind.NeverMatched, "Another's.");

        var page = OpenAt<RuleHealthPage>("rules/health?rule=a.one");

        Assert.That(page.FindAll(".message").Select(one => one.TextContent), Is.EqualTo((string[])["It matched none of 12 events."]));
        Assert.That(page.FindAll(".sum a").Select(link => link.GetAttribute("href")), Has.Member("rules/health"));
    }

    [Test]
    public void What_an_address_of_rule_health_or_of_unmatched_events_says_wrongly_is_said()
    {
        Find("a.one", RuleFindingKind.NeverMatched, "It matched none.");

        var health = OpenAt<RuleHealthPage>("rules/health?colour=red");
        Assert.That(health.Find(".misunderstood code").TextContent, Is.EqualTo("colour=red"));
        Assert.That(health.FindAll(".message"), Is.Empty);

        var unmatched = OpenAt<UnmatchedPage>("events/unmatched?trigger=shop.order&range=31d");
        Assert.That(unmatched.Find(".misunderstood code").TextContent, Is.EqualTo("range=31d"));
        Assert.That(unmatched.Find(".misunderstood .expected").TextContent, Is.EqualTo("Expected one of 1h, 24h, 7d, 30d."));
        Assert.That(Insights.Asked, Is.Null);
    }

    [Test]
    public void What_fired_nothing_is_shown_by_the_condition_that_failed()
    {
        Insights.Steps.Add(Report(isLast: false, events: 10));
        Insights.Steps.Add(Report(isLast: true, events: 40));

        var page = OpenAt<UnmatchedPage>("events/unmatched?trigger=shop.order&range=7d");

        page.Until(() => page.Markup.Contains("3 of 40 events fired nothing.", StringComparison.Ordinal));
        Assert.That(Insights.Asked!.Until - Insights.Asked.Since, Is.EqualTo(TimeSpan.FromDays(7)));
        Assert.That(page.Find(".line code").TextContent, Is.EqualTo("total > 500"));
        Assert.That(page.Find(".sample a").GetAttribute("href"), Is.EqualTo("events/11?why=shop.big"));
        Assert.That(page.Panel("shop.big").TextContent, Does.Contain("2 events were kept out by one condition alone."));
    }

    [Test]
    public void A_trigger_without_rules_leads_to_a_new_one()
    {
        Insights.Steps.Add(Report(isLast: true, events: 3) with { Rules = [] });

        var page = OpenAt<UnmatchedPage>("events/unmatched?trigger=shop.order");

        page.Until(() => page.FindAll("a[href='rules/new?trigger=shop.order&event=11']").Count == 1);
    }

    private void Find(string rule, RuleFindingKind kind, string message) =>
        Insights.Findings.Add(new() { RuleRef = rule, TriggerRef = "core.webhook", Kind = kind, Message = message });

    private static UnmatchedReport Report(bool isLast, long events) => new()
    {
        TriggerRef = "shop.order", Since = default, Until = default, At = default, Events = events, Unmatched = 3, IsLast = isLast,
        IsComplete = isLast, Newest = [new(11, default)],
        Rules =
        [
            new()
            {
                RuleRef = "shop.big", RuleVersion = 1, Condition = ConditionJoin.All, WouldMatchNow = 0, ByOne = 2,
                Conditions =
                [
                    new()
                    {
                        Index = 0, Text = "total > 500", Events = 3, Alone = 2, Unknown = 1,
                        Samples = [new(11, default, 0, new() { Field = "total", Operator = "greater_than", Verdict = Verdict.False })],
                    },
                ],
            },
        ],
    };
}
