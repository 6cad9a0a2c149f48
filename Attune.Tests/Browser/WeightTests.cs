using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What a page costs to load, and that it looks no worse for what is left out.</summary>
public sealed partial class WeightTests : BrowserTest
{
    private const int MostBytes = 300_000;

    // The classes on a page for which the package's sheet has a rule, and ours has none although every other class of the rule is there.
    private const string Unstyled = """
        async whole => {
          const rules = text => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(text);
            const all = [];
            const walk = list => {
              for (const rule of list) {
                rule.selectorText ? all.push(rule.selectorText) : rule.cssRules && walk(rule.cssRules);
              }
            };
            walk(sheet.cssRules);
            return new Set(all.flatMap(selector => selector.split(/,(?![^(]*\))/)).map(selector => selector.trim()));
          };
          const link = document.querySelector('link[href*="/mud."]');
          const ours = rules(await (await fetch(link.href)).text());
          return [...rules(whole)].filter(selector => {
            const plain = selector.replace(/::?(before|after|placeholder|-[a-z-]+|hover|active|focus[a-z-]*)/g, '');
            try {
              return plain.includes('.mud-') && !ours.has(selector) && document.querySelector(plain);
            } catch {
              return false;
            }
          });
        }
        """;

    [TestCase("/")]
    [TestCase("/events")]
    public async Task A_first_visit_takes_less_than_300_kB_and_all_of_it_is_compressed(string path)
    {
        await using var line = new CuttableLine(Running.Address);
        var responses = new List<IResponse>();
        var page = await NewPageAsync();
        page.Response += (_, response) =>
        {
            lock (responses)
            {
                responses.Add(response);
            }
        };

        await page.GotoAsync(line.Address + path);
        await page.Locator(".frame.live main h1").WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.That(line.BytesToBrowser, Is.LessThan(MostBytes), "over the wire, the socket and all headers included");
        IResponse[] texts;
        lock (responses)
        {
            texts = [.. responses.Where(response => Text().IsMatch(response.Url))];
        }

        foreach (var response in texts)
        {
            var headers = await response.AllHeadersAsync();
            Assert.That(headers.GetValueOrDefault("content-encoding"), Is.AnyOf("gzip", "br"), response.Url);
            Assert.That(
                headers.GetValueOrDefault("cache-control"), Does.Contain("immutable").And.Contain("max-age=31536000"), response.Url);
        }

        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_second_visit_loads_no_style_sheet_and_no_script_again()
    {
        var page = await OpenAsync("/events");
        var asked = new List<string>();
        page.RequestFinished += (_, request) => asked.Add(request.Url);

        await GoAsync(page, "/rules");

        var transferred = await page.EvaluateAsync<JsonElement>("""
            () => performance.getEntriesByType('resource').filter(one => /\.(css|js)$/.test(one.name))
              .map(one => ({ name: one.name, size: one.transferSize }))
            """);
        Assert.That(asked, Is.Not.Empty);
        Assert.That(transferred.GetArrayLength(), Is.GreaterThan(5));
        Assert.That(
            transferred.EnumerateArray().Where(one => one.GetProperty("size").GetInt64() > 0).Select(one => one.ToString()), Is.Empty);
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task The_frame_can_be_read_before_the_circuit_is_open()
    {
        var page = await NewPageAsync();
        await page.RouteAsync("**/_blazor**", route => route.AbortAsync());

        await page.GotoAsync(Address + "/events");

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Executions" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main .title")).ToHaveTextAsync("Events");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Nothing_on_a_page_lacks_a_rule_of_the_packages_own_style_sheet()
    {
        var key = await Api.TriggerWithWebhookAsync("weighed.push");
        await Api.RuleAsync("weighed.every", "weighed.push", Array.Empty<object>());
        var happened = await Api.DeliverAsync(key, """{"a": {"b": [1, 2, 3]}}""");
        var page = await OpenAsync("/");
        var whole = await page.EvaluateAsync<string>("async () => await (await fetch('_content/MudBlazor/MudBlazor.min.css')).text()");
        foreach (var path in (string[])
        [
            "/", "/events", $"/events/{happened}", "/enforcements", "/executions", "/rules", "/rules/weighed.every",
            "/rules/weighed.every/backtest?try=draft", "/triggers", "/triggers/weighed.push", "/workers",
        ])
        {
            await GoAsync(page, path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            var missing = await page.EvaluateAsync<string[]>(Unstyled, whole);

            Assert.That(missing, Is.Empty, $"{path}: add what these belong to in Attune.Web/Build/TrimStyleSheet.cs");
        }

        await page.Context.CloseAsync();
    }

    [GeneratedRegex(@"\.(css|js)$")]
    private static partial Regex Text();
}
