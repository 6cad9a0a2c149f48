using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What can be done without a mouse.</summary>
public sealed partial class KeyboardTests : BrowserTest
{
    private long _event;

    [OneTimeSetUp]
    public async Task SendAsync()
    {
        var key = await Api.TriggerWithWebhookAsync("typed.push");
        await Api.RuleAsync("typed.every", "typed.push", Array.Empty<object>());
        _event = await Api.DeliverAsync(key, "{}");
        await Api.DeliverAsync(key, "{}");
    }

    [Test]
    public async Task Letters_go_to_pages_and_do_nothing_while_somebody_types_or_when_they_are_switched_off()
    {
        var page = await OpenAsync("/events");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page).ToHaveURLAsync($"{Address}/rules");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await Assertions.Expect(page).ToHaveURLAsync($"{Address}/events");

        await page.Keyboard.PressAsync("/");
        var focused = page.Locator(":focus");
        await Assertions.Expect(focused).ToHaveJSPropertyAsync("tagName", "INPUT");
        await focused.PressSequentiallyAsync("?gr");
        await Assertions.Expect(focused).ToHaveValueAsync("?gr");
        await Assertions.Expect(page.Locator("#shortcuts")).ToBeHiddenAsync();
        Assert.That(page.Url, Does.StartWith($"{Address}/events"));

        await page.Locator("main h1").FocusAsync();
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Single letters are commands" }).UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.Locator("#shortcuts")).ToBeHiddenAsync();
        Assert.That(page.Url, Does.StartWith($"{Address}/events"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_palette_goes_to_a_pasted_id_to_a_rule_by_some_of_its_letters_and_does_what_is_asked()
    {
        var page = await OpenAsync("/workers");

        await PaletteAsync(page, $"#{_event}", $"Event #{_event}");
        await Assertions.Expect(page).ToHaveURLAsync($"{Address}/events/{_event}");

        await PaletteAsync(page, "tyev", "typed.every");
        await Assertions.Expect(page).ToHaveURLAsync($"{Address}/rules/typed.every");

        await PaletteAsync(page, "dark", "Switch to dark theme");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("e");
        Assert.That(await page.GetByRole(AriaRole.Option).CountAsync(), Is.InRange(1, 12));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#palette")).ToBeHiddenAsync();
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_first_tab_leads_past_the_navigation_and_the_heading_has_the_focus_on_another_event()
    {
        var page = await OpenAsync($"/events/{_event}");
        await page.EvaluateAsync("() => document.activeElement?.blur()");

        await page.ReloadAsync();
        await page.Locator(".frame.live main h1").WaitForAsync();
        await page.EvaluateAsync("() => document.activeElement?.blur()");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".frame.live .skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#content")).ToBeFocusedAsync();

        await page.EvaluateAsync($"() => Blazor.navigateTo('events/{_event + 1}')");
        await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync($"{_event + 1}");
        await Assertions.Expect(page.Locator("main h1")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_menu_of_a_phone_holds_the_focus_until_Escape_gives_it_back()
    {
        var page = await OpenAsync("/events", 390, 844);
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Menu" });

        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Attune, overview" })).ToBeFocusedAsync();
        for (var press = 0; press < 14; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.That(await page.EvaluateAsync<bool>("() => !document.activeElement.closest('.bar, .page')"), "behind the menu");
        }

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(button).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Executions" })).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Times_follow_the_chosen_zone_which_is_named_and_kept()
    {
        var page = await OpenAsync("/events?trigger=typed.push");
        var created = page.Locator("main time.instant").First;
        var before = await created.TextContentAsync();

        await page.Locator(".frame.live [popovertarget='view-menu']").ClickAsync();
        var other = page.GetByRole(AriaRole.Combobox, new() { Name = "Another zone" });
        await other.FillAsync("Asia/Nowhere");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("There is no zone “Asia/Nowhere”.")).ToBeVisibleAsync();
        await other.FillAsync("Asia/Kathmandu");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Times in Asia/Kathmandu").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main time.instant").First).Not.ToHaveTextAsync(before!);
        Assert.That(page.Url, Is.EqualTo($"{Address}/events?trigger=typed.push"));

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText("Times in Asia/Kathmandu").First).ToBeVisibleAsync();
        var there = await page.Locator("main time.instant").First.GetAttributeAsync("title");
        Assert.That(there, Does.Match(Kathmandu()));
        await page.Context.CloseAsync();
    }

    private static async Task PaletteAsync(IPage page, string typed, string option)
    {
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync(typed);
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync(option);
        await page.Keyboard.PressAsync("Enter");
    }

    [GeneratedRegex(@"\+05:45")]
    private static partial Regex Kathmandu();
}
