using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Attune.Tests.Faults.Chaos;

/// <summary>An event that a host has said it keeps.</summary>
/// <param name="Number">What the caller numbered it with; the payload follows from it.</param>
/// <param name="Id">The event's id.</param>
internal sealed record Promise(long Number, long Id);

/// <summary>
/// Senders of every kind: webhooks with a delivery id, calls with a key, which both are sent until they are answered and now and
/// then once more, and calls without, which are sent once.
/// </summary>
internal sealed class ChaosCallers(ChaosHosts hosts, string webhookKey, ConcurrentQueue<string> complaints, int seed)
{
    private const long NumbersOfACaller = 1_000_000;
    private const int OneInSoManyAgain = 7;

    private readonly ConcurrentQueue<Promise> _promises = new();
    private readonly ConcurrentQueue<long> _unknown = new();

    public IReadOnlyCollection<Promise> Promises => _promises;

    /// <summary>The numbers of events that may have been written or not: nobody said.</summary>
    public IReadOnlyCollection<long> Unknown => _unknown;

    /// <summary>The payload of the event with a number, as PostgreSQL can make it too.</summary>
    public static string Payload(long number) => JsonSerializer.Serialize(new
    {
        number,
        level = number % 10,
        odd = number % 2 == 1,
        text = $"{{{{ event.id }}}} {number}",
    });

    /// <summary>Sends one event after the other; when it is over, what was begun is brought to its end.</summary>
    public async Task CallAsync(int caller, CancellationToken over)
    {
        using var client = new ChaosClient(hosts, complaints, seed + caller);
        var random = new Random(seed * 31 + caller);
        for (var number = caller * NumbersOfACaller; !over.IsCancellationRequested; number++)
        {
            var kind = number % 4;
            if (kind == 3)
            {
                await SendOnceAsync(client, number);
            }
            else
            {
                await InsistAsync(client, number, kind == 0);
                if (random.Next(OneInSoManyAgain) == 0)
                {
                    var earlier = number - random.NextInt64(Math.Min(number % NumbersOfACaller, 40) + 1);
                    if (earlier % 4 != 3)
                    {
                        await InsistAsync(client, earlier, earlier % 4 == 0);
                    }
                }
            }
        }
    }

    private async Task InsistAsync(ChaosClient client, long number, bool webhook)
    {
        var data = webhook
            ? await client.InsistAsync(
                HttpMethod.Post, $"/api/v1/webhooks/{webhookKey}", Payload(number), CancellationToken.None,
                ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", Name(number)))
            : await client.InsistAsync(
                HttpMethod.Post, "/api/v1/events", Body(number), CancellationToken.None, ("Idempotency-Key", Name(number)));
        if (data is { } answer)
        {
            _promises.Enqueue(new(number, answer.GetProperty(webhook ? "event_id" : "id").GetInt64()));
        }
        else
        {
            complaints.Enqueue($"Event {number} was not taken.");
        }
    }

    private async Task SendOnceAsync(ChaosClient client, long number)
    {
        var (status, text) = await client.TryAsync(HttpMethod.Post, "/api/v1/events", Body(number), CancellationToken.None);
        if (status == HttpStatusCode.Created)
        {
            _promises.Enqueue(new(number, JsonElement.Parse(text).GetProperty("data").GetProperty("id").GetInt64()));
        }
        else
        {
            _unknown.Enqueue(number);
        }
    }

    private static string Body(long number) => $$"""{"trigger_ref": "chaos.push", "payload": {{Payload(number)}}}""";

    private static string Name(long number) => number.ToString("'n'0", CultureInfo.InvariantCulture);
}
