using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What a page costs to load.</summary>
public sealed partial class WeightTests : BrowserTest
{
    private const int MostBytes = 300_000;

    [TestCase("/")]
    [TestCase("/events")]
    public async Task A_first_visit_takes_less_than_300_kB_and_all_of_it_is_compressed(string path)
    {
        await using var line = new CuttableLine(Running.Address);
        var responses = new List<IResponse>();
        var page = await NewPageAsync(isFirstVisit: true);
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
        await RefuseSocketsAsync(page);

        await page.GotoAsync(Address + "/events");

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Executions" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main .title")).ToHaveTextAsync("Events");
        await page.Context.CloseAsync();
    }

    [GeneratedRegex(@"\.(css|js)$")]
    private static partial Regex Text();
}
