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
