using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace Attune.Tests.Browser;

/// <summary>What only a browser tells of a chart: pointer, keys, and the way back.</summary>
public sealed class ChartsTests : BrowserTest
{
    [OneTimeSetUp]
    public async Task WriteADayAsync()
    {
        await using var connection = await Running.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO event (trigger_ref, payload, created) "
            + "SELECT 'charted.push', '{}', now() - number * INTERVAL '7 minutes' FROM generate_series(1, 200) AS number", connection);
        await insert.ExecuteNonQueryAsync();
    }

    [Test]
    public async Task A_range_is_chosen_by_pointer_or_by_keys_at_one_address_and_Back_undoes_it()
    {
        // A range that has ended: its bars stay where they are.
        var now = DateTimeOffset.UtcNow;
        var all = $"/events?trigger=charted.push&from={Uri.EscapeDataString(Iso(now.AddHours(-20)))}&to={Uri.EscapeDataString(Iso(now.AddHours(-1)))}";
        var page = await OpenAsync(all);
        // Rows may bring a scroll bar, and with it fewer bars.
        await page.Locator("td.id").First.WaitForAsync();
        var slots = page.Locator("[data-slot]");
        await slots.First.WaitForAsync();
        var since = await slots.Nth(5).GetAttributeAsync("data-since");
        var until = await slots.Nth(9).GetAttributeAsync("data-until");
        var wanted = Running.Address + $"/events?trigger=charted.push&from={Uri.EscapeDataString(since!)}&to={Uri.EscapeDataString(until!)}";

        var from = (await slots.Nth(5).BoundingBoxAsync())!;
        var to = (await slots.Nth(9).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(from.X + (from.Width / 2), from.Y + 50);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(to.X + (to.Width / 2), to.Y + 50, new() { Steps = 5 });
        await Assertions.Expect(page.Locator("[data-part=tip]")).ToContainTextAsync("From ");
        await page.Mouse.UpAsync();
        await Assertions.Expect(page).ToHaveURLAsync(wanted);
        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Running.Address + all);

        await Assertions.Expect(slots.Nth(5)).ToHaveAttributeAsync("data-since", since!);
        await page.Locator("[role=application]").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        for (var i = 0; i < 5; i++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-part=said]")).ToContainTextAsync("wider range");
        await page.Keyboard.PressAsync("Home");
        for (var i = 0; i < 5; i++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        for (var i = 0; i < 4; i++)
        {
            await page.Keyboard.PressAsync("Shift+ArrowRight");
        }

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(wanted);
        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Running.Address + all);
        NothingComplained();
        await page.Context.CloseAsync();

        static string Iso(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:00:00'Z'", CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task Leaving_the_chart_or_Escape_lets_the_choice_go()
    {
        var page = await OpenAsync("/events?trigger=charted.push&range=24h");
        // Rows may bring a scroll bar, and with it fewer bars.
        await page.Locator("td.id").First.WaitForAsync();
        var slots = page.Locator("[data-slot]");
        await slots.First.WaitForAsync();
        var box = (await slots.Nth(3).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 5, box.Y + 50);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 300, box.Y + 50, new() { Steps = 3 });
        await page.Mouse.MoveAsync(box.X + 300, box.Y + 400, new() { Steps = 3 });
        await page.Mouse.UpAsync();

        await Assertions.Expect(page.Locator("[data-part=selection]")).ToHaveAttributeAsync("width", "0");
        await page.Locator("[role=application]").FocusAsync();
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("[data-part=selection].chosen")).ToHaveCountAsync(0);
        Assert.That(page.Url, Does.EndWith("range=24h"));
        await page.Context.CloseAsync();
    }
}
