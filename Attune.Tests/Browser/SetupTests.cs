using Microsoft.Playwright;

namespace Attune.Tests.Browser;

public sealed class SetupTests : BrowserTest
{
    [Test]
    public async Task A_trigger_with_a_webhook_is_made_and_tried_by_mouse()
    {
        var page = await OpenAsync("/triggers");
        await page.GetByRole(AriaRole.Link, new() { Name = "New trigger" }).ClickAsync();
        await page.GetByLabel("Reference", new() { Exact = true }).FillAsync("mouse.order");
        await page.GetByLabel("Label", new() { Exact = true }).FillAsync("An order");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Stripe" }).CheckAsync(new() { Force = true });
        await page.GetByLabel("Secret", new() { Exact = true }).FillAsync("whsec_mine");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create trigger" }).ClickAsync();

        await Assertions.Expect(page.GetByText("whsec_mine")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".sent")).ToContainTextAsync("Webhook received successfully");
        var taken = page.GetByRole(AriaRole.Link, new() { Name = "1 Taken" });
        await Assertions.Expect(taken).ToBeVisibleAsync();
        await taken.ClickAsync();
        await page.GetByRole(AriaRole.Table, new() { Name = "Deliveries" }).Locator("a.open").First.ClickAsync();

        await Assertions.Expect(page.Locator(".delivery")).ToContainTextAsync("answered 200");
        Assert.That(page.Url, Does.Contain("outcome=taken").And.Contain("delivery="));
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_trigger_with_a_webhook_is_made_tried_and_not_deleted_by_keyboard_alone()
    {
        var page = await OpenAsync("/triggers/new");
        await TabToAsync(page, "#ref");
        await page.Keyboard.TypeAsync("keyboard.order");
        await TabToAsync(page, "#label");
        await page.Keyboard.TypeAsync("An order");
        await TabToAsync(page, "input[name='sender']");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.GetByLabel("Token", new() { Exact = true })).ToBeVisibleAsync();
        await TabToAsync(page, "[id='webhook_config.verification.secret']");
        await page.Keyboard.TypeAsync("a token");
        await page.Keyboard.PressAsync("Enter");

        await ArrivesAsync(page, "/triggers/keyboard.order");
        await Assertions.Expect(page.GetByText("The secret, shown once.")).ToBeVisibleAsync();
        await TabToAsync(page, "button:has-text('Send')");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".sent")).ToContainTextAsync("Webhook received successfully");

        await page.Locator("h1").FocusAsync();
        await TabToAsync(page, "button:has-text('Delete')");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.That((await Api.DataAsync("/api/v1/triggers/keyboard.order")).GetProperty("ref").GetString(), Is.EqualTo("keyboard.order"));
        NothingComplained();
        await page.Context.CloseAsync();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        var wanted = page.Locator(selector).First;
        await wanted.WaitForAsync();
        // Of radio buttons that belong together Tab reaches the chosen one.
        const string isThere = """
            element => element === document.activeElement || (element.type === 'radio' && document.activeElement.name === element.name)
            """;
        for (var tabs = 0; tabs < 60; tabs++)
        {
            if (await wanted.EvaluateAsync<bool>(isThere))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{selector} is not reached by Tab.");
    }
}
