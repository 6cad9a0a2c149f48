using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What axe finds on the pages, by WCAG 2.2 AA: on every page, in both themes, at a desk and on a phone.</summary>
public sealed class AccessibilityTests : BrowserTest
{
    private static readonly AxeRunOptions Everything = new()
    {
        RunOnly = new RunOnlyOptions
        {
            Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        },
        ResultTypes = [ResultType.Violations],
    };

    // Another theme has other colours, and nothing else that is another.
    private static readonly AxeRunOptions Colours = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] }, ResultTypes = [ResultType.Violations],
    };

    private long _event;
    private long _enforcement;
    private long _execution;
    private long _worker;

    [OneTimeSetUp]
    public async Task RunARuleAsync()
    {
        var key = await Api.TriggerWithWebhookAsync("heard.push");
        await Api.RuleAsync(
            "heard.every", "heard.push", new[] { new { field = "total", @operator = "greater_than", value = 5 } },
            new { text = "{{ event.payload.total }}" });
        await Api.DeliverAsync(key, """{"total": 1}""");
        _event = await Api.DeliverAsync(key, """{"total": 300, "deep": {"list": [1, null, true, {"a": "b"}]}}""");
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=heard.every&status=completed")).Count > 0, "it has run");
        _enforcement = (await Api.ListAsync($"/api/v1/enforcements?event={_event}"))[0].GetProperty("id").GetInt64();
        _worker = (await Api.ListAsync("/api/v1/workers"))[0].GetProperty("id").GetInt64();
        _execution = (await Api.ListAsync($"/api/v1/executions?enforcement={_enforcement}"))[0].GetProperty("id").GetInt64();
    }

    private IEnumerable<string> Paths() =>
    [
        "/", "/events", "/events?trigger=heard.nothing", $"/events/{_event}", $"/events/{_event}?why=heard.every", "/events/987654321",
        "/enforcements", $"/enforcements/{_enforcement}", "/executions", $"/executions/{_execution}", "/rules", "/rules/heard.every",
        "/rules/heard.every/backtest?try=draft", "/triggers", "/triggers/heard.push", "/workers", $"/workers/{_worker}", "/nowhere",
    ];

    [Test]
    public async Task Every_page_is_free_of_violations_in_both_themes_at_a_desk_and_on_a_phone_and_fits_320_pixels()
    {
        var page = await NewPageAsync();
        await ThemeAsync(page, ColorScheme.Light);
        using (Assert.EnterMultipleScope())
        {
            foreach (var path in Paths())
            {
                await page.SetViewportSizeAsync(1440, 900);
                await GoAsync(page, path);
                await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                await CheckAsync(page, $"{path} at a desk", Everything);
                await ThemeAsync(page, ColorScheme.Dark);
                await CheckAsync(page, $"{path} at a desk, dark", Colours);
                await ThemeAsync(page, ColorScheme.Light);
                await page.SetViewportSizeAsync(390, 844);
                await CheckAsync(page, $"{path} on a phone", Everything);
                await FitsAsync(page, path);
            }
        }

        await page.Context.CloseAsync();
    }

    [Test]
    public async Task What_opens_over_a_page_is_free_of_violations()
    {
        var page = await OpenAsync("/events");
        using (Assert.EnterMultipleScope())
        {
            await page.Keyboard.PressAsync("Control+k");
            await page.GetByRole(AriaRole.Option, new() { Name = "Enforcements" }).WaitForAsync();
            await CheckAsync(page, "the palette", Everything);
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("?");
            await CheckAsync(page, "the shortcuts", Everything);
            await page.Keyboard.PressAsync("Escape");
            await page.Locator(".frame.live [popovertarget='view-menu']").ClickAsync();
            await CheckAsync(page, "theme and zone", Everything);
            await page.Keyboard.PressAsync("Escape");
            await page.SetViewportSizeAsync(390, 844);
            await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
            await CheckAsync(page, "the menu of a phone", Everything);
        }

        await page.Context.CloseAsync();
    }

    // As wide as a small phone, and as a desk at four times zoom.
    private static async Task FitsAsync(IPage page, string path)
    {
        await page.SetViewportSizeAsync(320, 640);
        Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(320), path);
        var view = await page.Locator(".frame.live [popovertarget='view-menu']").BoundingBoxAsync();
        Assert.That(view!.X + view.Width, Is.LessThanOrEqualTo(320), $"{path}: theme and zone can be reached");
    }

    private static async Task CheckAsync(IPage page, string where, AxeRunOptions options)
    {
        var result = await page.RunAxe(options);
        Assert.That(
            result.Violations.SelectMany(violation => violation.Nodes.Select(
                node => $"{violation.Id}: {node.Html} {node.Any.FirstOrDefault()?.Message}")),
            Is.Empty, where);
    }

    private static async Task ThemeAsync(IPage page, ColorScheme scheme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        if (page.Url.StartsWith("http", StringComparison.Ordinal))
        {
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", scheme == ColorScheme.Dark ? "dark" : "light");
            await page.EvaluateAsync("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        }
    }
}
