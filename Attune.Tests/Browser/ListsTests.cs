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
        await Assertions.Expect(page.Locator(".combobox [role=option]")).ToHaveTextAsync(["listed.pull", "listed.push"]);
        await field.PressSequentiallyAsync("sh");
        await Assertions.Expect(page.Locator(".combobox [role=option]")).ToHaveTextAsync(["listed.push"]);
        Assert.That((page.Url, await HistoryAsync(page)), Is.EqualTo((Running.Address + "/events", before)), "while it is typed");

        await page.Keyboard.PressAsync("Enter");
        await ArrivesAsync(page, "/events?trigger=listed.push");
        Assert.That(await HistoryAsync(page), Is.EqualTo(before + 1));

        // An arrow key and Enter take the suggestion that is highlighted.
        await field.FillAsync("listed");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("[role=option][aria-selected=true]")).ToHaveTextAsync("listed.pull");
        await page.Keyboard.PressAsync("Enter");
        await ArrivesAsync(page, "/events?trigger=listed.pull");
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

    [Test]
    public async Task The_row_that_is_clicked_opens_while_events_come_in()
    {
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(stop.Token);
        try
        {
            var page = await OpenAsync("/events");
            await page.Locator("tr[data-row]").First.WaitForAsync();
            await page.EvaluateAsync(
                "() => addEventListener('pointerdown', press => window.pressed = press.target.closest('tr')?.dataset.row, true)");
            for (var turn = 0; turn < 20; turn++)
            {
                await page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).First.ClickAsync();
                await ArrivesAsync(page, "/events");
                await page.Locator("[data-list] tr[data-row]").Nth(3).WaitForAsync();
                var middle = await page.EvaluateAsync<float>(
                    "() => { const row = document.querySelectorAll('[data-list] tr[data-row]')[3].getBoundingClientRect(); return row.top + row.height / 2; }");
                await page.Mouse.MoveAsync(400, middle);
                await page.Mouse.DownAsync();
                await page.Mouse.UpAsync();
                await ArrivesAsync(page, $"/events/{await page.EvaluateAsync<string>("() => window.pressed")}");
            }

            NothingComplained();
            await page.Context.CloseAsync();
        }
        finally
        {
            await stop.CancelAsync();
            await sending;
        }

        async Task SendAsync(CancellationToken stopped)
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!stopped.IsCancellationRequested)
            {
                await pace.WaitForNextTickAsync(CancellationToken.None);
                await Api.DeliverAsync(_key, "{}");
            }
        }
    }

    [Test]
    public async Task New_rows_are_counted_while_the_pointer_is_in_the_table_and_come_in_when_it_leaves()
    {
        var page = await OpenAsync("/events?trigger=listed.push");
        var first = page.Locator("tr[data-row]").First;
        await first.HoverAsync();
        await Assertions.Expect(page.Locator(".state")).ToContainTextAsync("stand still");
        var before = await first.GetAttributeAsync("data-row");

        for (var number = 0; number < 60; number++)
        {
            await Api.DeliverAsync(_key, "{}");
        }

        await Assertions.Expect(page.Locator("button.waiting")).ToContainTextAsync("60 new");
        await Assertions.Expect(page.Locator("[role=status][data-announce]")).ToHaveTextAsync("60 new events");
        Assert.That(await first.GetAttributeAsync("data-row"), Is.EqualTo(before));

        await page.Mouse.MoveAsync(5, 5);
        await Assertions.Expect(page.Locator("button.waiting")).ToHaveCountAsync(0);
        Assert.That(await first.GetAttributeAsync("data-row"), Is.Not.EqualTo(before));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Selected_text_opens_nothing_and_the_middle_button_opens_another_tab()
    {
        var page = await OpenAsync("/executions");
        var text = page.Locator("tr[data-row] td.wide .ref").First;
        var box = (await text.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 2, box.Y + (box.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 40, box.Y + (box.Height / 2));
        await page.Mouse.UpAsync();
        Assert.That(await page.EvaluateAsync<string>("() => getSelection().toString()"), Is.Not.Empty);
        Assert.That(page.Url, Does.EndWith("/executions"));

        var wanted = await page.Locator("tr[data-row]").First.GetAttributeAsync("data-row");
        var other = await page.Context.RunAndWaitForPageAsync(
            () => page.Locator("tr[data-row]").First.Locator("td.status").ClickAsync(new() { Button = MouseButton.Middle }));
        await ArrivesAsync(other, $"/executions/{wanted}");
        Assert.That(page.Url, Does.EndWith("/executions"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Back_shows_the_rows_that_were_shown_and_the_same_one_at_the_top()
    {
        for (var number = 0; number < 110; number++)
        {
            await Api.DeliverAsync(_key, "{}");
        }

        var page = await OpenAsync("/events?trigger=listed.push");
        await page.GetByRole(AriaRole.Button, new() { Name = "Older events" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(100);
        var row = page.Locator("tr[data-row]").Nth(80);
        await row.ScrollIntoViewIfNeededAsync();
        var id = await row.GetAttributeAsync("data-row");
        var before = (await row.BoundingBoxAsync())!.Y;
        await row.ClickAsync();
        await ArrivesAsync(page, $"/events/{id}");
        await Api.DeliverAsync(_key, "{}");

        await page.GoBackAsync();

        await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(100);
        var again = page.Locator($"tr[data-row='{id}']");
        await Assertions.Expect(again.Locator("a.open")).ToBeFocusedAsync();
        Assert.That((await again.BoundingBoxAsync())!.Y, Is.EqualTo(before).Within(8));
        await Assertions.Expect(page.Locator("button.waiting")).ToContainTextAsync("1 new");
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Rows_and_the_time_range_are_reached_by_the_keyboard_alone()
    {
        var page = await OpenAsync("/events?trigger=listed.push");
        await page.Locator("tr[data-row]").First.WaitForAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("k");
        var first = await page.Locator("tr[data-row]").First.GetAttributeAsync("data-row");
        await Assertions.Expect(page.Locator("tr[data-row]").First.Locator("a.open")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await ArrivesAsync(page, $"/events/{first}");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator($"tr[data-row='{first}'] a.open")).ToBeFocusedAsync();

        var range = page.GetByRole(AriaRole.Button, new() { Name = "Time range" });
        await range.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Any time", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(range).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Last 90 days" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await ArrivesAsync(page, "/events?trigger=listed.push&range=90d");
        await Assertions.Expect(range).ToBeFocusedAsync();
        NothingComplained();
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task A_column_that_is_switched_off_stays_off()
    {
        var page = await OpenAsync("/events");
        var source = page.GetByRole(AriaRole.Columnheader, new() { Name = "Source" });
        await Assertions.Expect(source).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Columns and height of rows" }).ClickAsync();
        await page.GetByLabel("Source").Last.UncheckAsync();
        await page.GetByLabel("Compact").CheckAsync();

        await Assertions.Expect(source).ToBeHiddenAsync();
        await page.ReloadAsync();
        await page.Locator("tr[data-row]").First.WaitForAsync();
        await Assertions.Expect(source).ToBeHiddenAsync();
        Assert.That((await page.Locator("tr[data-row]").First.BoundingBoxAsync())!.Height, Is.LessThan(34));
        await page.Context.CloseAsync();
    }

    private static Task<int> HistoryAsync(IPage page) => page.EvaluateAsync<int>("() => history.length");
}
