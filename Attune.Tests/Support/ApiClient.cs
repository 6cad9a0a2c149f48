using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Support;

/// <summary>What a program says to Attune over HTTP, in the words of a scenario.</summary>
internal sealed class ApiClient(string address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };

    public HttpClient Http => _http;

    /// <summary>Makes a trigger with a webhook and answers its key.</summary>
    public async Task<string> TriggerWithWebhookAsync(string reference)
    {
        await PostAsync("/api/v1/triggers", new { @ref = reference, label = reference });
        var enabled = await PostAsync($"/api/v1/triggers/{reference}/webhooks/enable", null);
        return enabled.GetProperty("data").GetProperty("webhook_key").GetString()!;
    }

    /// <summary>Makes an enabled rule that runs core.echo.</summary>
    public Task<JsonElement> RuleAsync(string reference, string trigger, object conditions, object? parameters = null) =>
        PostAsync("/api/v1/rules", new
        {
            @ref = reference,
            label = reference,
            description = "made by a test",
            trigger_ref = trigger,
            action_ref = "core.echo",
            conditions,
            action_params = parameters ?? new { },
        });

    /// <summary>Sends a body to a webhook as GitHub does, and answers the event's id.</summary>
    public async Task<long> DeliverAsync(string key, string body, string? delivery = null, string eventName = "push")
    {
        using var response = await TryDeliverAsync(key, body, delivery, eventName);
        return (await ReadAsync(response)).GetProperty("data").GetProperty("event_id").GetInt64();
    }

    public async Task<HttpResponseMessage> TryDeliverAsync(string key, string body, string? delivery = null, string eventName = "push")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{key}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-GitHub-Event", eventName);
        request.Headers.Add("X-GitHub-Delivery", delivery ?? Guid.NewGuid().ToString());
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("GitHub-Hookshot", "044aadd"));
        return await _http.SendAsync(request);
    }

    /// <summary>The one thing at an address.</summary>
    public async Task<JsonElement> DataAsync(string path) => (await GetAsync(path)).GetProperty("data");

    /// <summary>The things of a list, its first page.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path) => [.. (await DataAsync(path)).EnumerateArray()];

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return await ReadAsync(response);
    }

    public async Task<JsonElement> PostAsync(string path, object? body)
    {
        using var content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(path, content);
        return await ReadAsync(response);
    }

    /// <summary>Sends what a client should not, and answers the status and the body.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendRawAsync(HttpMethod method, string path, byte[]? body, string? contentType)
    {
        using var request = new HttpRequestMessage(method, path);

        // A body that is refused by its length is answered before it is sent.
        request.Headers.ExpectContinue = body is { Length: > 1_000_000 };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(
            response.IsSuccessStatusCode, Is.True, () => $"{response.RequestMessage!.RequestUri}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }
}
