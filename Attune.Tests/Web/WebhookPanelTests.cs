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

        var panel = OpenPanel("shop.order");

        Assert.That(panel.Fact("Webhook", "Signature"), Does.StartWith("HMAC SHA512 of the body").And.EndWith("secret set, never shown"));
        Assert.That(
            panel.FactElement("Webhook", "Addresses").QuerySelectorAll("li").Select(one => one.TextContent),
            Is.EqualTo((string[])["192.0.2.0/24", "198.51.100.7"]));
        Assert.That(panel.Fact("Webhook", "Rate"), Is.EqualTo("At most 10 requests in 60 seconds"));
        Assert.That(panel.Fact("Webhook", "Body"), Is.EqualTo("At most 64 KiB"));
        Assert.That(panel.FindAll(".code")[1].TextContent, Does.Contain("X-Webhook-Signature: sha512=").And.Contain("openssl dgst -sha512"));
    }

    [Test]
    public void What_is_switched_off_is_not_asked_and_settings_that_cannot_be_used_are_said_to_close_it()
    {
        Attune.Triggers["shop.open"] = AddTrigger("shop.open", "wh_1") with
        {
            WebhookConfig = new() { IpWhitelist = new(false, ["192.0.2.7"]), RateLimit = new(false, 10, 60), Hmac = new(false, "sha256", true) },
        };
        Attune.Triggers["shop.closed"] = AddTrigger("shop.closed", "wh_2") with { WebhookConfig = new() { Mistake = "hmac must be an object." } };

        var open = OpenPanel("shop.open");
        var closed = OpenPanel("shop.closed");

        Assert.That(
            ((string[])["Signature", "Addresses", "Rate", "Body"]).Select(name => open.Fact("Webhook", name)),
            Is.EqualTo((string[])["Not asked for", "Any", "Not limited", "As large as any event"]));
        Assert.That(open.FindAll(".code")[1].TextContent, Does.Not.Contain("Signature"));
        Assert.That(closed.Find("[role='alert']").TextContent, Does.StartWith("It takes nothing").And.EndsWith("hmac must be an object."));
    }

    private IRenderedComponent<WebhookPanel> OpenPanel(string trigger) =>
        Open<WebhookPanel>(panel => panel.Add(one => one.Trigger, Attune.Triggers[trigger]));
}
