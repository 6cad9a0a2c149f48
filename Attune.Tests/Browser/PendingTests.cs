using System.Globalization;
using Attune.Modules.Enforcements;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace Attune.Tests.Browser;

public sealed class PendingTests : BrowserTest
{
    [Test]
    public async Task Resolved_At_reads_Pending_in_grey_and_turns_into_the_time_by_itself()
    {
        var key = await Api.TriggerWithWebhookAsync("pending.push");
        await Api.RuleAsync("pending.every", "pending.push", Array.Empty<object>());

        // While nobody can request an execution, nothing is resolved.
        await using var connection = await Running.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE execution IN SHARE ROW EXCLUSIVE MODE", connection, holding))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var happened = await Api.DeliverAsync(key, "{}");
        var enforcement = (await Api.ListAsync($"/api/v1/enforcements?event={happened}"))[0].GetProperty("id").GetInt64();
        var page = await OpenAsync($"/enforcements/{enforcement}");
        var pending = page.Locator("main").GetByText("Pending", new() { Exact = true });
        var resolvedAt = page.Locator("[data-property='Resolved At']").GetByText("Pending", new() { Exact = true });
        await Assertions.Expect(resolvedAt).ToHaveCountAsync(2);
        Assert.That(await IsGreyAsync(resolvedAt.First), Is.True);
        await Assertions.Expect(page.Locator("[data-property='Status']")).ToContainTextAsync("Pending");

        await holding.CommitAsync();

        await Assertions.Expect(pending).ToHaveCountAsync(0);
        var resolved = await Running.Services.GetRequiredService<IEnforcementRepository>().FindAsync(enforcement, CancellationToken.None);
        Assert.That(resolved!.ResolvedAt, Is.Not.Null);
        await Assertions.Expect(page.Locator("main").GetByText(
            resolved.ResolvedAt!.Value.ToString("HH:mm:ss", CultureInfo.InvariantCulture)).First).ToBeVisibleAsync();
        NothingComplained();
        await page.Context.CloseAsync();
    }

    // Grey: the three channels are near to each other.
    private static async Task<bool> IsGreyAsync(ILocator text)
    {
        var colour = await text.EvaluateAsync<string>("element => getComputedStyle(element).color");
        var channels = colour[(colour.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',').Take(3)
            .Select(channel => double.Parse(channel, CultureInfo.InvariantCulture)).ToArray();
        return channels.Max() - channels.Min() < 60;
    }
}
