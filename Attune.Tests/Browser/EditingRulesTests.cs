using Microsoft.Playwright;

namespace Attune.Tests.Browser;

public sealed class EditingRulesTests : BrowserTest
{
    private string _key = "";

    [OneTimeSetUp]
    public async Task SendAnOrderAsync()
    {
        _key = await Api.TriggerWithWebhookAsync("edited.order");
        await Api.DeliverAsync(_key, """{"total": 700, "customer": {"country": "DE"}}""");
    }

    [Test]
    public async Task A_rule_with_two_conditions_is_made_with_the_mouse_and_an_event_matches_it()
    {
        var page = await OpenAsync("/rules/new");
        await page.GetByLabel("Reference").FillAsync("edited.by_mouse");
        await page.GetByLabel("Label").FillAsync("By mouse");
        await page.Locator("#f-trigger").FillAsync("edited.order");
        await page.GetByLabel("Label").ClickAsync();

        // Two values of the event that stands beside.
        await page.Locator(".leaves button", new() { HasText = "customer.country" }).ClickAsync();
        await page.Locator(".leaves button", new() { HasText = "total" }).ClickAsync();
        await page.Locator(".row").Nth(1).GetByLabel("Operator").SelectOptionAsync("greater_than");
        await page.Locator(".row").Nth(1).GetByLabel("Value", new() { Exact = true }).FillAsync("500");
        await Assertions.Expect(page.Locator("#f-text")).ToHaveValueAsync("""customer.country == "DE" and total > 500""");
        await Assertions.Expect(page.Locator(".row.is-true")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".beside .chip")).ToHaveTextAsync("Matches");
        await Assertions.Expect(page.Locator(".count")).ToContainTextAsync("Would have matched");
        await page.Locator("#f-action").FillAsync("core.echo");
        await page.GetByLabel("Label").ClickAsync();
        await page.Locator("#f-param-message").FillAsync("{{ event.payload.total }}");
        await Assertions.Expect(page.Locator(".tried")).ToContainTextAsync("00");
        await page.Locator("#save").ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync($"{Running.Address}/rules/edited.by_mouse");
        await MatchesAsync("edited.by_mouse");
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_rule_with_two_conditions_is_made_by_keys_alone_and_an_event_matches_it()
    {
        var page = await OpenAsync("/rules/new?trigger=edited.order&action=core.noop");
        var keys = page.Keyboard;
        await page.Locator("#f-ref").FocusAsync();
        await keys.TypeAsync("edited.by_keys");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("By keys");
        await page.Locator("[id$='-add']").FocusAsync();
        await keys.PressAsync("Enter");
        await FocusedAsync(page, "Field");
        await keys.TypeAsync("total");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("is at least");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("500");
        await keys.PressAsync("Enter");
        await FocusedAsync(page, "Field");
        await keys.TypeAsync("customer.country");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("DE");
        await Assertions.Expect(page.Locator("#f-text")).ToHaveValueAsync("""total >= 500 and customer.country == "DE" """.Trim());
        await keys.PressAsync("Alt+ArrowUp");
        await Assertions.Expect(page.Locator("#f-text")).ToHaveValueAsync("""customer.country == "DE" and total >= 500""");
        await FocusedAsync(page, "Field");
        await page.Locator("#save").FocusAsync();
        await keys.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync($"{Running.Address}/rules/edited.by_keys");
        await MatchesAsync("edited.by_keys");
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_draft_survives_a_reload_and_is_offered_back()
    {
        await Api.RuleAsync("edited.draft", "edited.order", Array.Empty<object>());
        var page = await OpenAsync("/rules/edited.draft/edit");
        await page.GetByLabel("Label").FillAsync("Typed and not saved");
        await Assertions.Expect(page.Locator(".kept")).ToHaveTextAsync("Not saved. Kept in this browser.");

        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore them" }).ClickAsync();

        await Assertions.Expect(page.GetByLabel("Label")).ToHaveValueAsync("Typed and not saved");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Stay" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page).ToHaveURLAsync($"{Running.Address}/rules/edited.draft/edit");
        await page.Context.CloseAsync();
    }

    private static Task FocusedAsync(IPage page, string label) =>
        Assertions.Expect(page.Locator("*:focus")).ToHaveAttributeAsync("aria-label", label);

    private async Task MatchesAsync(string rule)
    {
        var id = await Api.DeliverAsync(_key, """{"total": 900, "customer": {"country": "DE"}}""");
        Assert.That(await Api.ListAsync($"/api/v1/enforcements?event={id}&rule_ref={rule}"), Has.Count.EqualTo(1));
    }
}
