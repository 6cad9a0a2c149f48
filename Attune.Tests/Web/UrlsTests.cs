using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Tests.Web;

public sealed class UrlsTests
{
    [Test]
    public void Pages_have_short_addresses()
    {
        Assert.That(Urls.Event(7), Is.EqualTo("events/7"));
        Assert.That(Urls.Enforcement(long.MaxValue), Is.EqualTo("enforcements/9223372036854775807"));
        Assert.That(Urls.Execution(9), Is.EqualTo("executions/9"));
        Assert.That(Urls.Rule("core.heartbeat"), Is.EqualTo("rules/core.heartbeat"));
        Assert.That(Urls.Trigger("core.webhook"), Is.EqualTo("triggers/core.webhook"));
    }

    [Test]
    public void A_query_without_filters_is_the_plain_list()
    {
        Assert.That(Urls.Events(new()), Is.EqualTo("events"));
        Assert.That(Urls.Enforcements(new()), Is.EqualTo("enforcements"));
        Assert.That(Urls.Executions(new()), Is.EqualTo("executions"));
    }

    [Test]
    public void Whatever_a_reference_holds_stays_within_its_place()
    {
        Assert.That(Urls.Rule("a/b.c?d#e&f=g%h"), Is.EqualTo("rules/a%2Fb.c%3Fd%23e%26f%3Dg%25h"));
        Assert.That(Urls.Events(new() { Trigger = "a&b=c.d#e" }), Is.EqualTo("events?trigger=a%26b%3Dc.d%23e"));
        Assert.That(Urls.RulesOf("a b.c"), Is.EqualTo("rules?trigger=a%20b.c"));
    }

    [Test]
    public void Every_filter_of_a_list_stands_in_its_address()
    {
        Assert.That(
            Urls.Enforcements(new()
            {
                Rule = "r.r", Trigger = "t.t", Event = 5, Statuses = [EnforcementStatus.Created, EnforcementStatus.Disabled],
                Range = TimeFilter.Of(TimeSpan.FromDays(7)),
            }),
            Is.EqualTo("enforcements?rule=r.r&trigger=t.t&event=5&status=created%2Cdisabled&range=7d"));
        Assert.That(
            Urls.Executions(new()
            {
                Action = "a.a", Rule = "r.r", Trigger = "t.t", Enforcement = 8, Parent = 9, Statuses = [ExecutionStatus.Timeout],
                Range = TimeFilter.Between(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), null),
            }),
            Is.EqualTo("executions?action=a.a&rule=r.r&trigger=t.t&enforcement=8&parent=9&status=timeout&from=2026-01-02T02%3A04%3A05Z"));
    }

    [Test]
    public void The_webhook_address_is_the_one_that_answers()
    {
        Assert.That(Urls.Webhook("http://127.0.0.1:8080/", "wh_1"), Is.EqualTo("http://127.0.0.1:8080/api/v1/webhooks/wh_1"));
    }

    [TestCase("15m")]
    [TestCase("1h")]
    [TestCase("24h")]
    [TestCase("7d")]
    [TestCase("90d")]
    public void A_relative_range_reads_as_it_was_written(string text)
    {
        Assert.That(TimeFilter.Parse(text, null, null).LastText, Is.EqualTo(text));
    }

    [TestCase("0h")]
    [TestCase("-1h")]
    [TestCase("1y")]
    [TestCase("h")]
    [TestCase("99999999999d")]
    [TestCase("")]
    public void Any_other_range_does_not_filter(string text)
    {
        Assert.That(TimeFilter.Parse(text, null, null).IsAny, Is.True);
    }

    [Test]
    public void Fixed_ends_read_as_they_were_written()
    {
        var range = TimeFilter.Between(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.That(TimeFilter.Parse(null, range.SinceText, range.UntilText), Is.EqualTo(range));
    }

    [Test]
    public void Queries_that_ask_for_the_same_are_equal()
    {
        Assert.That(
            new EnforcementsQuery { Statuses = [EnforcementStatus.Created] },
            Is.EqualTo(new EnforcementsQuery { Statuses = [EnforcementStatus.Created] }));
    }
}
