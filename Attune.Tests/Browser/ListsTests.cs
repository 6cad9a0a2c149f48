using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What only a browser can tell of lists: keys, focus, history, what stands still.</summary>
public sealed class ListsTests : BrowserTest
{
    private string _key = "";

    [OneTimeSetUp]
    public async Task SendSomeAsync()
    {
        _key = await Api.TriggerWithWebhookAsync("listed.push");
        await Api.TriggerWithWebhookAsync("listed.pull");
        await Api.RuleAsync("listed.every", "listed.push", Array.Empty<object>());
        await Api.DeliverAsync(_key, "{}");
    }

    [Test]
    public async Task The_field_of_a_trigger_takes_what_was_typed_and_writes_one_entry_of_history()
    {
        var page = await OpenAsync("/events");
        var field = page.GetByRole(AriaRole.Combobox, new() { Name = "Trigger" });
        var before = await HistoryAsync(page);

        await field.ClickAsync();
        await field.PressSequentiallyAsync("listed.pu");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["listed.pull", "listed.push"]);
        await field.PressSequentiallyAsync("sh");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["listed.push"]);
        Assert.That((page.Url, await HistoryAsync(page)), Is.EqualTo((Running.Address + "/events", before)), "while it is typed");

        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/events?trigger=listed.push");
        Assert.That(await HistoryAsync(page), Is.EqualTo(before + 1));

        // An arrow key and Enter take the suggestion that is highlighted.
        await field.FillAsync("listed");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("[role=option][aria-selected=true]")).ToHaveTextAsync("listed.pull");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/events?trigger=listed.pull");
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_tab_key_goes_through_the_filters_and_leaves_the_address_as_it_is()
    {
        foreach (var list in (string[])["/events", "/enforcements", "/executions"])
        {
            var page = await OpenAsync(list);
            var first = page.GetByRole(AriaRole.Combobox).First;
            await first.ClickAsync();
            await page.Keyboard.PressAsync("ArrowDown");

            for (var stop = 0; stop < 8; stop++)
            {
                await page.Keyboard.PressAsync("Tab");
            }

            await Assertions.Expect(first).ToHaveValueAsync("");
            Assert.That(page.Url, Is.EqualTo(Running.Address + list));
            await page.Context.CloseAsync();
        }
    }

    private static Task<int> HistoryAsync(IPage page) => page.EvaluateAsync<int>("() => history.length");
}
