using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Faults.Chaos;

/// <summary>A program that knows all hosts, and asks another when one does not answer.</summary>
internal sealed class ChaosClient(ChaosHosts hosts, ConcurrentQueue<string> complaints, int seed) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(40) };
    private readonly Random _random = new(seed);

    /// <summary>Asks until it is answered: what is sent has to mean the same the second time.</summary>
    /// <returns>The answer; null where the thing was not there, was there already, or was not to be done any more.</returns>
    public async Task<JsonElement?> InsistAsync(
        HttpMethod method, string path, string? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        while (true)
        {
            var (status, text) = await TryAsync(method, path, body, cancellationToken, headers);
            switch (status)
            {
                case HttpStatusCode.OK or HttpStatusCode.Created:
                    return JsonElement.Parse(text).TryGetProperty("data", out var data) ? data : null;
                case HttpStatusCode.NotFound or HttpStatusCode.Conflict:
                    return null;
                case null:
                    await Task.Delay(Pause, cancellationToken);
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>Asks once.</summary>
    /// <returns>No status when nobody knows what became of it.</returns>
    public async Task<(HttpStatusCode? Status, string Text)> TryAsync(
        HttpMethod method, string path, string? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var addresses = hosts.Addresses;
        if (addresses.Length == 0)
        {
            return (null, "");
        }

        using var request = new HttpRequestMessage(method, addresses[_random.Next(addresses.Length)] + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return (null, text);
            }

            // A host may refuse; that it has failed is never an answer.
            if ((int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
            {
                complaints.Enqueue($"{method} {path} {body}: {(int)response.StatusCode} {text}");
            }

            return (response.StatusCode, text);
        }
        catch (Exception error) when (
            error is HttpRequestException or IOException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, error.Message);
        }
    }

    public void Dispose() => _http.Dispose();
}
