using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What axe finds in what opens over a page. The pages themselves are in <see cref="EveryPageTests"/>.</summary>
public sealed class AccessibilityTests : BrowserTest
{
    [Test]
    public async Task What_opens_over_a_page_is_free_of_violations()
    {
        var page = await OpenAsync("/events");
        using (Assert.EnterMultipleScope())
        {
            await page.Keyboard.PressAsync("Control+k");
            await page.GetByRole(AriaRole.Option, new() { Name = "Enforcements" }).WaitForAsync();
            await CheckAsync("the palette");
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("?");
            await CheckAsync("the shortcuts");
            await page.Keyboard.PressAsync("Escape");
            await page.Locator(".frame.live [popovertarget='view-menu']").ClickAsync();
            await CheckAsync("theme and zone");
            await page.Keyboard.PressAsync("Escape");
            await page.SetViewportSizeAsync(390, 844);
            await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
            await CheckAsync("the menu of a phone");
        }

        await page.Context.CloseAsync();

        async Task CheckAsync(string what) => Assert.That(await Axe.ViolationsAsync(page, Axe.Everything), Is.Empty, what);
    }
}
