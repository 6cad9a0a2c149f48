using Attune.Web.Pages.Triggers;
using Bunit;

namespace Attune.Tests.Web;

public sealed class WebhookPanelTests : PageTest
{
    [Test]
    public void What_is_asked_of_those_who_post_is_said()
    {
        Attune.Triggers["shop.order"] = AddTrigger("shop.order", "wh_1") with
        {
            WebhookConfig = new()
            {
                PayloadSizeLimitKb = 64,
                IpWhitelist = new(true, ["192.0.2.0/24", "198.51.100.7"]),
                RateLimit = new(true, 10, 60),
                Hmac = new(true, "sha512", true),
            },
        };

        Assert.That(Demands("shop.order"), Is.EqualTo((string[])
        [
            "Each body must be signed (sha512).", "Only these addresses may post: 192.0.2.0/24, 198.51.100.7.",
            "At most 10 requests in 60 seconds.", "A body has at most 64 KiB.",
        ]));
    }

    [Test]
    public void What_is_switched_off_is_not_asked_and_settings_that_cannot_be_used_are_said_to_close_it()
    {
        Attune.Triggers["shop.open"] = AddTrigger("shop.open", "wh_1") with
        {
            WebhookConfig = new() { IpWhitelist = new(false, ["192.0.2.7"]), RateLimit = new(false, 10, 60), Hmac = new(false, "sha256", true) },
        };
        Attune.Triggers["shop.closed"] = AddTrigger("shop.closed", "wh_2") with { WebhookConfig = new() { Mistake = "hmac must be an object." } };

        Assert.That(Demands("shop.open"), Is.Empty);
        Assert.That(Demands("shop.closed").Single(), Does.StartWith("It takes nothing").And.EndsWith("hmac must be an object."));
    }

    // The first paragraph says what a webhook is.
    private IEnumerable<string> Demands(string trigger) => Open<WebhookPanel>(panel => panel.Add(one => one.Trigger, Attune.Triggers[trigger]))
        .FindAll("p.lead").Skip(1).Select(line => line.TextContent);
}
