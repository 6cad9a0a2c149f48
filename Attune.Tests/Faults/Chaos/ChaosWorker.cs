using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Attune.Tests.Faults.Chaos;

/// <summary>A remote worker that fails now and then, and now and then dies with work leased to it.</summary>
internal sealed class ChaosWorker(ChaosHosts hosts, ConcurrentQueue<string> complaints, string name, int seed) : IDisposable
{
    private readonly ChaosClient _client = new(hosts, complaints, seed);
    private readonly Random _random = new(seed);
    private readonly ConcurrentQueue<Promise> _completed = new();

    /// <summary>What a host said is completed: the number in its result, and the execution.</summary>
    public IReadOnlyCollection<Promise> Completed => _completed;

    public async Task WorkAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var worker = await SendAsync("", new { name, actions = new[] { "chaos.remote" }, token = $"the secret of {name}" });
            if (worker is { } registered)
            {
                await LiveAsync(registered.GetProperty("id").GetInt64(), over);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task LiveAsync(long worker, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var (status, text) = await _client.TryAsync(
                HttpMethod.Post, $"/api/v1/workers/{worker}/claim", """{"limit": 5, "wait_seconds": 1}""", CancellationToken.None);
            if (status != HttpStatusCode.OK)
            {
                // What was leased to it, if anything, it has never heard of: it registers anew, and so that is requeued.
                return;
            }

            foreach (var execution in JsonElement.Parse(text).GetProperty("data").EnumerateArray())
            {
                var luck = _random.Next(20);
                if (luck == 0)
                {
                    return;
                }

                await AnswerAsync(worker, execution, fails: luck < 4);
            }
        }
    }

    private async Task AnswerAsync(long worker, JsonElement execution, bool fails)
    {
        var id = execution.GetProperty("id").GetInt64();
        var claim = execution.GetProperty("claim");
        var number = execution.GetProperty("config").GetProperty("number").GetInt64();
        if (fails)
        {
            await SendAsync($"/{worker}/executions/{id}/fail", new { claim, error = "It was not its day." });
        }
        else if (await SendAsync($"/{worker}/executions/{id}/complete", new { claim, result = new { number } }) is not null)
        {
            _completed.Enqueue(new(number, id));
        }
    }

    private Task<JsonElement?> SendAsync(string path, object body) => _client.InsistAsync(
        HttpMethod.Post, "/api/v1/workers" + path, JsonSerializer.Serialize(body), CancellationToken.None);
}
