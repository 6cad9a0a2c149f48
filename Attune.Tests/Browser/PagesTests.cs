using Microsoft.Playwright;

namespace Attune.Tests.Browser;

public sealed class PagesTests : BrowserTest
{
    private string _key = "";
    private long _event;
    private long _enforcement;
    private long _execution;

    [OneTimeSetUp]
    public async Task RunARuleAsync()
    {
        _key = await Api.TriggerWithWebhookAsync("seen.push");
        await Api.RuleAsync(
            "seen.every", "seen.push", Array.Empty<object>(), new { text = "{{ event.payload.repository.description }}" });
        _event = await Api.DeliverAsync(_key, GitHubBodies.Push("main"));
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=seen.every&status=completed")).Count > 0, "it has run");
        _enforcement = (await Api.ListAsync($"/api/v1/enforcements?event={_event}"))[0].GetProperty("id").GetInt64();
        _execution = (await Api.ListAsync($"/api/v1/executions?enforcement={_enforcement}"))[0].GetProperty("id").GetInt64();
    }

    [Test]
    public async Task An_event_shows_by_itself_on_the_list()
    {
        var page = await OpenAsync("/events?trigger=seen.push");

        var id = await Api.DeliverAsync(_key, """{"just": "now"}""");

        await Assertions.Expect(page.GetByText($"#{id}").Or(page.GetByText($"{id}", new() { Exact = true })).First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Markup_in_a_payload_is_text()
    {
        foreach (var path in (string[])[$"/events/{_event}", $"/enforcements/{_enforcement}", $"/executions/{_execution}"])
        {
            var page = await OpenAsync(path);

            await Assertions.Expect(page.GetByText("<script>document.title").First).ToBeVisibleAsync();
            Assert.That(await page.TitleAsync(), Does.Not.Contain("owned"));
            Assert.That(await page.Locator("img[src='x']").CountAsync(), Is.Zero);
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task Event_and_enforcement_pages_have_an_overview_and_metadata_and_no_history()
    {
        foreach (var path in (string[])[$"/events/{_event}", $"/enforcements/{_enforcement}"])
        {
            var page = await OpenAsync(path);

            await Assertions.Expect(page.GetByText("Overview", new() { Exact = true }).Locator("visible=true").First).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("Metadata", new() { Exact = true }).First).ToBeVisibleAsync();
            Assert.That(await page.Locator("main").GetByText("History").CountAsync(), Is.Zero, path);
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task The_execution_page_has_the_history()
    {
        var page = await OpenAsync($"/executions/{_execution}");

        await Assertions.Expect(page.Locator("main").GetByText("History").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main").GetByText("scheduled", new() { Exact = false }).First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Lineage_is_linked_both_ways()
    {
        await LinkedAsync($"/events/{_event}", $"/enforcements/{_enforcement}");
        await LinkedAsync($"/enforcements/{_enforcement}", $"/events/{_event}");
        await LinkedAsync($"/enforcements/{_enforcement}", $"/executions/{_execution}");
        await LinkedAsync($"/executions/{_execution}", $"/enforcements/{_enforcement}");

        async Task LinkedAsync(string from, string to)
        {
            var page = await OpenAsync(from);
            await Assertions.Expect(page.Locator($"main a[href$='{to[1..]}']").First).ToBeVisibleAsync();
            await page.Context.CloseAsync();
        }
    }

    [Test]
    public async Task An_event_that_is_gone_is_said_to_be_expired()
    {
        var page = await OpenAsync("/events/987654321");

        await Assertions.Expect(page.GetByText("expired", new() { Exact = false }).First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
