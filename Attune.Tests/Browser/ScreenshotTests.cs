using System.Text.Json;
using Bogus;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>
/// Writes a picture of every page to the folder that <c>ATTUNE_SCREENSHOTS</c> names, from data that is the same each time, for
/// people to look at.
/// </summary>
public sealed class ScreenshotTests : BrowserTest
{
    private static readonly (int Width, int Height)[] Windows = [(390, 844), (1440, 900), (1920, 1080)];

    private static readonly string[] Repositories = ["acme/api", "acme/web", "acme/billing", "acme/infra"];

    [Test]
    public async Task Every_page_is_pictured_in_both_themes_at_three_widths()
    {
        if (Environment.GetEnvironmentVariable("ATTUNE_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            Assert.Ignore("Pictures are only made when ATTUNE_SCREENSHOTS names a folder for them.");
            return;
        }

        Directory.CreateDirectory(folder);
        var paths = await FillAsync();
        var page = await NewPageAsync();
        foreach (var (name, path) in paths)
        {
            await GoAsync(page, path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                foreach (var (width, height) in Windows)
                {
                    await page.SetViewportSizeAsync(width, height);
                    await page.ScreenshotAsync(new()
                    {
                        Path = Path.Combine(folder, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"), FullPage = true,
                    });
                }
            }
        }

        await page.Context.CloseAsync();
        Assert.That(Directory.GetFiles(folder, "*.png"), Has.Length.GreaterThanOrEqualTo(paths.Count * 6));
    }

    // Four senders, rules that match some of what they send, and one that fails.
    private async Task<IReadOnlyList<(string Name, string Path)>> FillAsync()
    {
        var faker = new Faker { Random = new Randomizer(20260314) };
        var push = await Api.TriggerWithWebhookAsync("github.push");
        var charge = await Api.TriggerWithWebhookAsync("stripe.charge");
        var alert = await Api.TriggerWithWebhookAsync("alertmanager.alert");
        await Api.RuleAsync(
            "deploy.on_main", "github.push", new[] { new { field = "ref", @operator = "equals", value = "refs/heads/main" } },
            new { text = "Deploy {{ event.payload.repository.full_name }}" });
        await Api.RuleAsync(
            "billing.large_charge", "stripe.charge",
            new[] { new { field = "data.amount", @operator = "greater_than", value = 50000 } },
            new { text = "{{ event.payload.data.amount }} {{ event.payload.data.currency }}" });
        await Api.RuleAsync(
            "oncall.page", "alertmanager.alert", new[] { new { field = "severity", @operator = "equals", value = "critical" } },
            new { text = "{{ event.payload.summary }}" });
        long last = 0;
        for (var round = 0; round < 40; round++)
        {
            await Api.DeliverAsync(alert, JsonSerializer.Serialize(new
            {
                severity = faker.PickRandom("critical", "warning", "info"), summary = $"{faker.Hacker.Noun()} is above its limit",
                instance = faker.Internet.Ip(), startsAt = "2026-03-14T15:09:26Z",
            }));
            await Api.DeliverAsync(charge, JsonSerializer.Serialize(new
            {
                type = "charge.succeeded",
                data = new { id = $"ch_{faker.Random.AlphaNumeric(16)}", amount = faker.Random.Int(500, 90000), currency = "eur" },
                customer = new { name = faker.Name.FullName(), email = faker.Internet.ExampleEmail() },
            }));
            last = await Api.DeliverAsync(push, JsonSerializer.Serialize(new
            {
                @ref = $"refs/heads/{faker.PickRandom("main", "main", "release", "feature/search")}",
                repository = new { full_name = faker.PickRandom(Repositories), stargazers_count = faker.Random.Int(0, 900) },
                pusher = new { name = faker.Name.FullName(), email = faker.Internet.ExampleEmail() },
                commits = Enumerable.Range(0, 3).Select(
                    _ => new { id = faker.Random.Hexadecimal(40, ""), message = faker.Hacker.Phrase() }),
            }));
        }

        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync("/api/v1/executions?rule_ref=oncall.page&status=completed")).Count > 0, "some have run");
        var enforcement = (await Api.ListAsync("/api/v1/enforcements?rule_ref=deploy.on_main"))[0].GetProperty("id").GetInt64();
        var execution = (await Api.ListAsync($"/api/v1/executions?enforcement={enforcement}"))[0].GetProperty("id").GetInt64();
        var worker = (await Api.ListAsync("/api/v1/workers"))[0].GetProperty("id").GetInt64();
        var failed = (await Api.ListAsync("/api/v1/events?trigger_ref=github.push"))[^1].GetProperty("id").GetInt64();
        var job = (await Api.PostAsync("/api/v1/jobs", new { kind = "rerun_executions", filter = new { rule_ref = "deploy.on_main" } }))
            .GetProperty("data").GetProperty("id").GetInt64();
        return
        [
            ("overview", "/"), ("events", "/events"), ("events-search", "/events?q=data.amount%20%3E%2050000"),
            ("events-none", "/events?trigger=github.release"), ("events-unmatched", "/events/unmatched"), ("event", $"/events/{last}"),
            ("event-why", $"/events/{last}?why=deploy.on_main"), ("event-send", $"/events/{last}?send=1"),
            ("event-gone", "/events/987654321"), ("compare", $"/events/compare?left={last}&right={failed}"), ("enforcements", "/enforcements"),
            ("enforcement", $"/enforcements/{enforcement}"), ("executions", "/executions"), ("execution", $"/executions/{execution}"),
            ("failures", "/executions/failures"), ("rules", "/rules"), ("rule", "/rules/deploy.on_main"), ("rule-new", $"/rules/new?event={last}"),
            ("rule-edit", "/rules/deploy.on_main/edit"), ("rule-health", "/rules/health"), ("backtest", "/rules/deploy.on_main/backtest"),
            ("triggers", "/triggers"), ("trigger", "/triggers/github.push"), ("trigger-new", "/triggers/new"),
            ("deliveries", "/triggers/github.push/deliveries"), ("actions", "/actions"), ("action", "/actions/core.echo"),
            ("action-new", "/actions/new"), ("packs", "/packs"), ("pack", "/packs/github"), ("workers", "/workers"),
            ("worker", $"/workers/{worker}"), ("jobs", "/jobs"), ("job", $"/jobs/{job}"), ("storage", "/storage"), ("views", "/views"),
            ("not-found", "/nowhere"),
        ];
    }
}
