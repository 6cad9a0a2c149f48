using Microsoft.Playwright;

namespace Attune.Tests.Browser;

public sealed class BacktestTests : BrowserTest
{
    [Test]
    public async Task A_rule_and_a_draft_are_tried_on_stored_events()
    {
        var key = await Api.TriggerWithWebhookAsync("tried.order");
        await Api.RuleAsync("tried.big", "tried.order", new[]
        {
            new { field = "total", @operator = "greater_than", value = (object)100 },
            new { field = "paid", @operator = "equals", value = (object)true },
        });
        var big = await Api.DeliverAsync(key, """{"total": 300, "paid": true}""");
        var small = await Api.DeliverAsync(key, """{"total": 70, "paid": true}""");
        await Api.DeliverAsync(key, """{"total": 5, "paid": false}""");

        var page = await OpenAsync("/rules/tried.big");
        await page.GetByRole(AriaRole.Link, new() { Name = "Backtest", Exact = true }).ClickAsync();
        await RunAsync(page);

        var outcome = page.GetByRole(AriaRole.Region, new() { Name = "Outcome" });
        await Assertions.Expect(outcome).ToContainTextAsync("v1 on events of tried.order");
        Assert.That(await TilesAsync(outcome), Is.EqualTo((string[])["3", "1", "1", "1"]));
        await Assertions.Expect(outcome.Locator($"a[href^='events/{big}?why=tried.big']")).ToBeVisibleAsync();
        await Assertions.Expect(outcome.Locator("li").Filter(new() { HasText = "total" })).ToContainTextAsync("but was 70");

        await page.GetByRole(AriaRole.Button, new() { Name = "Draft", Exact = true }).ClickAsync();
        var draft = page.GetByRole(AriaRole.Textbox, new() { Name = "Conditions of the draft" });
        await draft.FillAsync("""[{"field": "total", "operator": "more_than", "value": 50}]""");
        await RunAsync(page);
        await Assertions.Expect(page.Locator(".mistake")).ToContainTextAsync("Line 1, column 33: conditions[0].operator must be one of");

        await draft.FillAsync("""[{"field": "total", "operator": "greater_than", "value": 50}]""");
        await RunAsync(page);

        await Assertions.Expect(outcome).ToContainTextAsync("The draft on events of tried.order");
        var newly = outcome.Locator("section").Filter(new() { HasText = "Would newly match" });
        await Assertions.Expect(newly.Locator($"a[href='events/{small}']")).ToBeVisibleAsync();
        Assert.That(page.Url, Does.Contain("try=draft").And.Contain("conditions="));
        Assert.That((await Api.ListAsync("/api/v1/enforcements?rule_ref=tried.big")), Has.Count.EqualTo(1), "nothing was written");

        await page.ReloadAsync();
        await Assertions.Expect(draft).ToHaveValueAsync("""[{"field": "total", "operator": "greater_than", "value": 50}]""");
        NothingComplained();
        await page.Context.CloseAsync();
    }

    private static Task RunAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Run backtest" }).ClickAsync();

    // The numbers alone: what they are of stands beside them.
    private static async Task<IReadOnlyList<string>> TilesAsync(ILocator outcome) =>
        await outcome.Locator(".tiles dd").EvaluateAllAsync<string[]>("all => all.map(one => one.firstChild.textContent.trim())");
}
