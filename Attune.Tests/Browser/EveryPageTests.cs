using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What holds of each page. One visit answers all of it, since a visit is what costs.</summary>
public sealed class EveryPageTests : BrowserTest
{
    // Names in braces are ids of what one event led to.
    private static readonly string[] Pages =
    [
        "/", "/events", "/events?trigger=seen.nothing", "/events?q=total%20%3E%2099", "/events?chart=total", "/events/unmatched",
        "/events/compare", "/events/pinned",
        "/events/{event}", "/events/{event}?why=seen.every", "/events/{event}?send=1", "/enforcements", "/enforcements/{enforcement}",
        "/executions", "/executions/{execution}", "/executions/failures", "/rules", "/rules/seen.every", "/rules/core.heartbeat",
        "/rules/new", "/rules/new?event={event}", "/rules/seen.every/edit", "/rules/health", "/rules/seen.every/backtest",
        "/rules/seen.every/backtest?try=draft", "/triggers", "/triggers/seen.push", "/triggers/new", "/triggers/seen.push/edit",
        "/triggers/seen.push/deliveries", "/actions", "/actions/core.echo", "/actions/new", "/packs", "/packs/seen", "/packs/seen/edit",
        "/workers", "/workers/{worker}", "/jobs", "/jobs/{job}", "/storage", "/views",
    ];

    private static readonly string[] NotThere = ["/events/987654321", "/jobs/987654321", "/nowhere"];

    // Colours change in transitions, and what inherits one begins its own after it. One that stands still is not waited for.
    private const string Settled = """
        async () => {
          const wait = time => new Promise(done => setTimeout(done, time));
          for (let still = 0, turn = 0; still < 3 && turn < 30; turn++) {
            await wait(20);
            const moving = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
            still = moving.length > 0 ? 0 : still + 1;
            await Promise.race([Promise.all(moving.map(one => one.finished.catch(() => { }))), wait(200)]);
          }
        }
        """;

    private readonly Dictionary<string, long> _ids = [];
    private IPage? _page;

    [OneTimeSetUp]
    public async Task RunARuleAsync()
    {
        var key = await Api.TriggerWithWebhookAsync("seen.push");
        await Api.RuleAsync(
            "seen.every", "seen.push", new[] { new { field = "total", @operator = "greater_than", value = 5 } },
            new { text = "{{ event.payload.repository.description }}" });
        await Api.DeliverAsync(key, """{"total": 1}""");
        _ids["event"] = await Api.DeliverAsync(
            key, """{"total": 300, "repository": {"description": "a"}, "deep": {"list": [1, null, true, {"a": "b"}]}}""");
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=seen.every&status=completed")).Count > 0, "it has run");
        _ids["enforcement"] = await FirstAsync($"/api/v1/enforcements?event={_ids["event"]}");
        _ids["execution"] = await FirstAsync($"/api/v1/executions?enforcement={_ids["enforcement"]}");
        _ids["worker"] = await FirstAsync("/api/v1/workers");
        _ids["job"] = (await Api.PostAsync("/api/v1/jobs", new { kind = "rerun_executions", filter = new { rule_ref = "seen.every" } })).GetProperty("data").GetProperty("id").GetInt64();

        _page = await NewPageAsync();
        await _page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        await GoAsync(_page, "/");
    }

    [TestCaseSource(nameof(Pages))]
    public async Task A_page_fits_its_window_loads_all_from_here_and_is_free_of_violations(string path)
    {
        Quiet();
        await VisitAsync(path);
        NothingComplained();
    }

    [TestCaseSource(nameof(NotThere))]
    public Task A_page_that_is_not_there_fits_its_window_and_is_free_of_violations(string path) => VisitAsync(path);

    private async Task VisitAsync(string pattern)
    {
        var page = _page!;
        var path = _ids.Aggregate(pattern, (text, id) => text.Replace($"{{{id.Key}}}", $"{id.Value}", StringComparison.Ordinal));
        await page.SetViewportSizeAsync(1440, 900);
        await ThemeAsync(ColorScheme.Light);
        await GoAsync(page, path);
        await page.WaitForFunctionAsync("() => !document.querySelector('[aria-busy=\"true\"], .skeletons')");
        using (Assert.EnterMultipleScope())
        {
            await FitsAsync(1440);
            await CheckAsync("at a desk", Axe.Everything);
            Assert.That(
                await page.EvaluateAsync<string[]>(StyleSheet.Unstyled), Is.Empty,
                "styles that are left out: add what these belong to in Attune.Web/Build/TrimStyleSheet.cs");
            await ThemeAsync(ColorScheme.Dark);
            await CheckAsync("in the dark", Axe.Colours);
            await page.SetViewportSizeAsync(390, 844);
            await CheckAsync("on a phone", Axe.Narrow);
            await FitsAsync(390);

            // As wide as a small phone, and as a desk at four times zoom.
            await page.SetViewportSizeAsync(320, 640);
            await FitsAsync(320);
        }

        async Task CheckAsync(string where, object options) => Assert.That(await Axe.ViolationsAsync(page, options), Is.Empty, where);

        async Task FitsAsync(int width)
        {
            Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), "its width");
            var view = await page.Locator(".frame.live [popovertarget='view-menu']").BoundingBoxAsync();
            Assert.That(view!.X + view.Width, Is.LessThanOrEqualTo(width), "theme and zone can be reached");
        }

        async Task ThemeAsync(ColorScheme scheme)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await Assertions.Expect(page.Locator("html"))
                .ToHaveAttributeAsync("data-theme", scheme == ColorScheme.Dark ? "dark" : "light");
            await page.EvaluateAsync(Settled);
        }
    }

    private async Task<long> FirstAsync(string list) => (await Api.ListAsync(list))[0].GetProperty("id").GetInt64();
}
