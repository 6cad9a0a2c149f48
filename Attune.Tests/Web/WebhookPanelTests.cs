using Attune.Web.Pages.Triggers;
using Bunit;

namespace Attune.Tests.Web;

public sealed class WebhookPanelTests : PageTest
{
    [Test]
    public void The_panel_says_what_a_webhook_asks_of_its_senders()
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

        Assert.That(
            panel.Property("Webhook", "Signature"), Does.StartWith("HMAC SHA512 of the body").And.EndWith("secret set, never shown"));
        Assert.That(
            panel.PropertyElement("Webhook", "Addresses").QuerySelectorAll("li").Select(one => one.TextContent),
            Is.EqualTo((string[])["192.0.2.0/24", "198.51.100.7"]));
        Assert.That(panel.Property("Webhook", "Rate"), Is.EqualTo("At most 10 requests in 60 seconds"));
        Assert.That(panel.Property("Webhook", "Body"), Is.EqualTo("At most 64 KiB"));
        Assert.That(panel.Property("Webhook", "Sender"), Is.EqualTo("Any sender that can sign"));
    }

    [TestCase(true, "secret set, never shown")]
    [TestCase(false, "no secret yet: everything is refused")]
    public void The_panel_names_the_scheme_by_which_deliveries_are_proved(bool hasSecret, string expected)
    {
        Attune.Triggers["shop.order"] = AddTrigger("shop.order", "wh_1") with
        {
            WebhookConfig = new() { Verification = new() { Enabled = true, Scheme = "asana", HasSecret = hasSecret } },
        };

        Assert.That(OpenPanel("shop.order").Property("Webhook", "Signature"), Does.StartWith("asana").And.EndsWith(expected));
    }

    [Test]
    public void Checks_that_are_off_ask_nothing_and_settings_that_cannot_be_used_close_the_webhook()
    {
        Attune.Triggers["shop.open"] = AddTrigger("shop.open", "wh_1") with
        {
            WebhookConfig = new()
            {
                IpWhitelist = new(false, ["192.0.2.7"]), RateLimit = new(false, 10, 60), Hmac = new(false, "sha256", true),
            },
        };
        Attune.Triggers["shop.closed"] = AddTrigger("shop.closed", "wh_2") with
        {
            WebhookConfig = new() { Mistake = "hmac must be an object." },
        };

        var open = OpenPanel("shop.open");
        var closed = OpenPanel("shop.closed");

        Assert.That(
            ((string[])["Signature", "Addresses", "Rate", "Body"]).Select(name => open.Property("Webhook", name)),
            Is.EqualTo((string[])["Not asked for", "Any", "Not limited", "As large as any event"]));
        Assert.That(closed.Find("[role='alert']").TextContent, Does.StartWith("It takes nothing").And.EndsWith("hmac must be an object."));
    }

    private IRenderedComponent<WebhookPanel> OpenPanel(string trigger) =>
        Open<WebhookPanel>(panel => panel.Add(one => one.Trigger, Attune.Triggers[trigger]));
}
