using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Attune.Tests.Faults.Chaos;

/// <summary>
/// An administrator who cannot leave things alone: edits, switches, makes and deletes rules and triggers, and cancels executions.
/// </summary>
internal sealed class ChaosEditor(ChaosHosts hosts, ConcurrentQueue<string> complaints, int seed) : IDisposable
{
    private readonly ChaosClient _client = new(hosts, complaints, seed);
    private readonly Random _random = new(seed);
    private int _briefs;

    /// <summary>How many changes were made.</summary>
    public int Changes { get; private set; }

    /// <summary>The trigger with a webhook, the rules on it, and the action of the remote worker; answers the webhook's key.</summary>
    public async Task<string> FurnishAsync()
    {
        await PostAsync("/api/v1/triggers", new { @ref = "chaos.push", label = "Pushed" });
        await PostAsync("/api/v1/actions", new { @ref = "chaos.remote", label = "Somebody else's", max_retries = 2, timeout_seconds = 60 });
        await RuleAsync("chaos.every", "chaos.push", "core.echo", [],
            new { message = "{{ event.payload.text }}", number = "{{ event.payload.number }}" });
        await RuleAsync("chaos.odd", "chaos.push", "core.noop", [Condition("odd", "equals", true)]);
        await RuleAsync("chaos.edited", "chaos.push", "core.noop", [Condition("level", "less_than", 5)]);
        await RuleAsync("chaos.switched", "chaos.push", "core.noop", []);
        await RuleAsync("chaos.slow", "chaos.push", "core.sleep", [Condition("level", "equals", 7)], new { seconds = 0.4 });
        await RuleAsync(
            "chaos.remote", "chaos.push", "chaos.remote", [Condition("level", "equals", 3)], new { number = "{{ event.payload.number }}" });
        await PostAsync("/api/v1/rules", new
        {
            @ref = "chaos.ticking",
            label = "Every second",
            trigger_ref = "core.cron",
            trigger_params = new { expression = "* * * * * *", missed_ticks = "all" },
            action_ref = "core.noop",
        });
        var webhook = await PostAsync("/api/v1/triggers/chaos.push/webhooks/enable", null);
        return webhook!.Value.GetProperty("webhook_key").GetString()!;
    }

    /// <summary>Changes one thing after the other until it is over.</summary>
    public async Task EditAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await (_random.Next(4) switch
            {
                0 =>
                    SendAsync(HttpMethod.Put, "/api/v1/rules/chaos.edited",
                        new { conditions = new[] { Condition("level", "less_than", _random.Next(1, 10)) } }),
                1 => PostAsync($"/api/v1/rules/chaos.switched/{(_random.Next(3) == 0 ? "disable" : "enable")}", null),
                2 => ComeAndGoAsync(),
                _ => CancelAsync(),
            });
            Changes++;
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1_500)), CancellationToken.None);
        }
    }

    /// <summary>Switches the timer off, or nothing would ever come to rest.</summary>
    public Task StopTimerAsync() => PostAsync("/api/v1/rules/chaos.ticking/disable", null);

    public void Dispose() => _client.Dispose();

    // Events and enforcements outlive what they came from.
    private async Task ComeAndGoAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"chaos.brief_{++_briefs}");
        await PostAsync("/api/v1/triggers", new { @ref = name, label = "Brief" });
        await RuleAsync(name, name, "core.noop", []);
        for (var i = 0; i < 3; i++)
        {
            await _client.InsistAsync(
                HttpMethod.Post, "/api/v1/events", JsonSerializer.Serialize(new { trigger_ref = name, payload = new { i } }),
                CancellationToken.None,
                ("Idempotency-Key", $"{name}:{i}"));
        }

        await SendAsync(HttpMethod.Delete, $"/api/v1/rules/{name}", null);
        await SendAsync(HttpMethod.Delete, $"/api/v1/triggers/{name}", null);
    }

    private async Task CancelAsync()
    {
        var slow = await SendAsync(HttpMethod.Get, "/api/v1/executions?action_ref=core.sleep&per_page=3", null);
        foreach (var execution in slow is { } list ? [.. list.EnumerateArray()] : Array.Empty<JsonElement>())
        {
            if (execution.GetProperty("status").GetString() is "requested" or "scheduled" or "running")
            {
                await PostAsync($"/api/v1/executions/{execution.GetProperty("id").GetInt64()}/cancel", null);
            }
        }
    }

    private Task<JsonElement?> RuleAsync(string reference, string trigger, string action, object[] conditions, object? parameters = null) =>
        PostAsync("/api/v1/rules", new
        {
            @ref = reference,
            label = reference,
            trigger_ref = trigger,
            action_ref = action,
            conditions,
            action_params = parameters ?? new { },
        });

    private Task<JsonElement?> PostAsync(string path, object? body) => SendAsync(HttpMethod.Post, path, body);

    private Task<JsonElement?> SendAsync(HttpMethod method, string path, object? body) =>
        _client.InsistAsync(method, path, body is null ? null : JsonSerializer.Serialize(body), CancellationToken.None);

    private static object Condition(string field, string @operator, object value) => new { field, @operator, value };
}
