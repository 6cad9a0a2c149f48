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
        Assert.That(Urls.Backtest("core.heartbeat"), Is.EqualTo("rules/core.heartbeat/backtest"));
        Assert.That(Urls.Trigger("core.webhook"), Is.EqualTo("triggers/core.webhook"));
        Assert.That(Urls.Worker(3), Is.EqualTo("workers/3"));
    }

    [Test]
    public void The_question_why_stands_behind_the_events_address()
    {
        Assert.That(Urls.Event(7, "ops.deploy", 2), Is.EqualTo("events/7?why=ops.deploy&version=2"));
        Assert.That(Urls.Event(7, null), Is.EqualTo("events/7"));
    }

    [Test]
    public void A_reference_is_escaped_wherever_it_stands()
    {
        Assert.That(Urls.Rule("a/b.c?d#e&f=g%h"), Is.EqualTo("rules/a%2Fb.c%3Fd%23e%26f%3Dg%25h"));
        Assert.That(Urls.Event(7, "a&b=c.d#e"), Is.EqualTo("events/7?why=a%26b%3Dc.d%23e"));
    }

    [Test]
    public void No_reference_has_no_address()
    {
        Assert.That(Urls.Rule(null), Is.Null);
        Assert.That(Urls.Trigger(null), Is.Null);
    }

    [Test]
    public void The_webhook_address_is_the_one_that_answers()
    {
        Assert.That(Urls.Webhook("http://127.0.0.1:8080/", "wh_1"), Is.EqualTo("http://127.0.0.1:8080/api/v1/webhooks/wh_1"));
    }
}
