using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>One event from every side, and last night's failures: the tasks of a first-time user.</summary>
public sealed class DetailsTests : BrowserTest
{
    [Test]
    public async Task Why_a_rule_did_not_match_is_seen_and_the_event_is_sent_again_otherwise()
    {
        var key = await Api.TriggerWithWebhookAsync("details.order");
        await Api.RuleAsync("details.big", "details.order", new[]
        {
            new { field = "total", @operator = "greater_than", value = (object)100 },
            new { field = "customer.tier", @operator = "equals", value = (object)"gold" },
        });
        var id = await Api.DeliverAsync(key, """{"total": 70, "customer": {"tier": "gold"}}""");

        var page = await OpenAsync($"/events/{id}");
        var why = page.GetByRole(AriaRole.Region, new() { Name = "Why, or why not" });
        await Assertions.Expect(why).ToContainTextAsync("1 of 2 conditions false.");
        await why.GetByRole(AriaRole.Button, new() { Name = "total", Exact = true }).ClickAsync();
        var marked = page.Locator(".json .marked");
        await Assertions.Expect(marked).ToContainTextAsync("70");
        await Assertions.Expect(marked).ToBeInViewportAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Send again" }).ClickAsync();
        var payload = page.GetByRole(AriaRole.Textbox, new() { Name = "Payload, as JSON" });
        await Assertions.Expect(payload).ToBeFocusedAsync();
        await payload.FillAsync("""{"total": 170,, "customer": {"tier": "gold"}}""");
        await Assertions.Expect(page.Locator("#send-mistake")).ToContainTextAsync("Line 1, column 15");
        await payload.FillAsync("""{"total": 170, "customer": {"tier": "gold"}}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Region, new() { Name = "Send again" });
        await Assertions.Expect(form).ToContainTextAsync("1 of 1 rule would match.");
        await Assertions.Expect(form).ToContainTextAsync("payload.total");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("h1")).Not.ToHaveTextAsync($"Event #{id}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("The one rule on this trigger matches.");
        await Assertions.Expect(page.Locator($"[data-property='Sent again from'] a[href='events/{id}']")).ToBeVisibleAsync();
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Keys_lead_to_the_neighbours_and_to_the_form_and_do_nothing_while_somebody_types()
    {
        var key = await Api.TriggerWithWebhookAsync("details.keys");
        var (first, second) = (await Api.DeliverAsync(key, """{"n": 1}"""), await Api.DeliverAsync(key, """{"n": 2}"""));

        var page = await OpenAsync($"/events/{first}");
        await page.Keyboard.PressAsync("]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Event #{second}");
        await page.Keyboard.PressAsync("[");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Event #{first}");
        await page.Keyboard.PressAsync("r");
        var payload = page.GetByRole(AriaRole.Textbox, new() { Name = "Payload, as JSON" });
        await Assertions.Expect(payload).ToBeFocusedAsync();
        await payload.FillAsync("");
        await page.Keyboard.PressAsync("]");

        await Assertions.Expect(payload).ToHaveValueAsync("]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Event #{first}");
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Failures_are_grouped_and_run_again()
    {
        var key = await Api.TriggerWithWebhookAsync("details.hook");
        await Api.PostAsync("/api/v1/rules", new
        {
            @ref = "details.call", label = "Call", trigger_ref = "details.hook", action_ref = "core.http_request",
            conditions = Array.Empty<object>(), action_params = new { url = "http://127.0.0.1:9/{{ event.payload.id }}" },
        });
        for (var number = 1; number <= 3; number++)
        {
            await Api.DeliverAsync(key, $$"""{"id": {{number}}}""");
        }

        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=details.call&status=failed")).Count == 3, "all have failed");

        var page = await OpenAsync("/executions/failures?rule=details.call");
        await Assertions.Expect(page.Locator(".groups .count")).ToHaveTextAsync("3");
        await page.GetByRole(AriaRole.Link, new() { Name = "See them" }).ClickAsync();
        await Assertions.Expect(page.Locator(".members tbody tr")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Run all again" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Run 3 executions again");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin with 3" }).ClickAsync();

        await Assertions.Expect(page.Locator(".how-far p")).ToHaveTextAsync("3 done, 0 failed, 0 left.", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator(".items tbody tr td:nth-child(3) a")).ToHaveCountAsync(3);
        NothingComplained();
        await page.Context.CloseAsync();
    }
}
