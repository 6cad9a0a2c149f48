using Attune.Web.Pages.Triggers;
using Bunit;

namespace Attune.Tests.Web;

public sealed class TriggerEditPageTests : PageTest
{
    [Test]
    public async Task A_refusal_stands_at_its_field_and_nothing_typed_is_lost()
    {
        var page = Open<TriggerEditPage>();
        await TypeAsync(page, "ref", "Not A Ref");
        await TypeAsync(page, "label", "An order");
        await TypeAsync(page, "webhook_config.verification.secret", "s3cret");

        await page.Find("form").SubmitAsync();

        Assert.That(page.Find("[data-field='ref'] .mistake").TextContent, Does.StartWith("Must be pack.name"));
        Assert.That(page.Find(".errors").TextContent, Does.Contain("ref").And.Contain("Must be pack.name"));
        Assert.That(page.Find("#label").GetAttribute("value"), Is.EqualTo("An order"));
        Assert.That(ById(page, "webhook_config.verification.secret").GetAttribute("value"), Is.EqualTo("s3cret"));
        Assert.That(Attune.Triggers, Is.Empty);
    }

    [Test]
    public async Task A_schema_that_is_not_JSON_is_told_by_line_and_column()
    {
        var page = Open<TriggerEditPage>();
        await TypeAsync(page, "param_schema", "{\n  \"branch\": oops\n}");

        await page.Find("form").SubmitAsync();

        Assert.That(page.Find("[data-field='param_schema'] .mistake").TextContent, Does.StartWith("Line 2, column 13"));
    }

    [Test]
    public async Task A_number_that_is_none_is_refused_in_the_words_of_the_module()
    {
        var page = Open<TriggerEditPage>();
        await FillAsync(page);
        await page.FindAll("input[type='checkbox']")[2].ChangeAsync(new() { Value = true });
        await TypeAsync(page, "webhook_config.rate_limit.requests", "many");

        await page.Find("form").SubmitAsync();

        Assert.That(
            page.Find("[data-field='webhook_config.rate_limit.requests'] .mistake").TextContent,
            Is.EqualTo("Must be a whole number from 1 to 1000000."));
    }

    [Test]
    public async Task A_secret_that_was_made_is_shown_once_on_the_page_of_the_trigger()
    {
        var page = Open<TriggerEditPage>();
        await FillAsync(page);
        await page.FindAll("button").Single(button => button.TextContent == "Make one").ClickAsync(new());
        await page.Find("form").SubmitAsync();
        var secret = Attune.Settings["shop.order"].GetProperty("verification").GetProperty("secret").GetString()!;

        var first = OpenTrigger();
        var second = OpenTrigger();

        Assert.That(Address, Is.EqualTo("triggers/shop.order"));
        Assert.That(first.Panel("Webhook").TextContent, Does.Contain(secret));
        Assert.That(second.Markup, Does.Not.Contain(secret));
    }

    [Test]
    public async Task A_stored_secret_stays_when_nothing_is_entered_and_is_never_on_the_page()
    {
        var made = Open<TriggerEditPage>();
        await FillAsync(made);
        await TypeAsync(made, "webhook_config.verification.secret", "s3cret");
        await made.Find("form").SubmitAsync();

        var page = Open<TriggerEditPage>(form => form.Add(one => one.Reference, "shop.order"));
        Assert.That(page.Markup, Does.Not.Contain("s3cret"));
        await TypeAsync(page, "label", "Another label");
        await page.Find("form").SubmitAsync();

        Assert.That(Attune.Triggers["shop.order"].Label, Is.EqualTo("Another label"));
        Assert.That(
            Attune.Settings["shop.order"].GetProperty("verification").GetProperty("secret").GetString(), Is.EqualTo("s3cret"));
    }

    [TestCase("stripe", "webhook_config.verification.tolerance_seconds")]
    [TestCase("basic", "webhook_config.verification.user")]
    [TestCase("hmac", "webhook_config.verification.signed")]
    [TestCase("meta", "webhook_config.handshake.token")]
    [TestCase("signature", "webhook_config.hmac.algorithm")]
    public async Task The_form_shows_what_the_sender_needs_and_nothing_else(string sender, string field)
    {
        var page = Open<TriggerEditPage>();
        Assert.That(page.FindAll("[data-field]").Select(one => one.GetAttribute("data-field")), Has.None.EqualTo(field));

        await page.Find($"input[type='radio'][value='{sender}']").ChangeAsync(new() { Value = sender });

        Assert.That(page.FindAll("[data-field]").Select(one => one.GetAttribute("data-field")), Has.One.EqualTo(field));
    }

    [Test]
    public async Task Every_sender_with_a_secret_makes_settings_that_the_module_takes()
    {
        foreach (var sender in Webhooks.Senders.Where(one => one.Name is not "hmac"))
        {
            var page = Open<TriggerEditPage>();
            await FillAsync(page, $"of_{sender.Name}.event");
            await page.Find($"input[type='radio'][value='{sender.Name}']").ChangeAsync(new() { Value = sender.Name });
            foreach (var (field, value) in ((string, string)[])
                [("verification.secret", "c2VjcmV0"), ("hmac.secret", "s"), ("verification.password", "p"), ("verification.user", "ann")])
            {
                if (page.FindAll($"[id='webhook_config.{field}']").Count == 1)
                {
                    await TypeAsync(page, $"webhook_config.{field}", value);
                }
            }

            await page.Find("form").SubmitAsync();

            Assert.That(page.FindAll(".mistake").Select(one => one.TextContent), Is.Empty, sender.Name);
            Assert.That(
                Webhooks.SenderOf($"of_{sender.Name}.event", Attune.Triggers[$"of_{sender.Name}.event"].WebhookConfig).Name,
                Is.EqualTo(sender.Name));
        }
    }

    private static async Task FillAsync(IRenderedComponent<TriggerEditPage> page, string reference = "shop.order")
    {
        await TypeAsync(page, "ref", reference);
        await TypeAsync(page, "label", "An order");
    }

    private static AngleSharp.Dom.IElement ById(IRenderedComponent<TriggerEditPage> page, string id) => page.Find($"[id='{id}']");

    private static Task TypeAsync(IRenderedComponent<TriggerEditPage> page, string id, string text) =>
        ById(page, id).ChangeAsync(new() { Value = text });

    private IRenderedComponent<TriggerPage> OpenTrigger() => Open<TriggerPage>(page => page.Add(one => one.Reference, "shop.order"));
}
