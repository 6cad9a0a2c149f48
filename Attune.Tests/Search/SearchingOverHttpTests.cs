using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Attune.Tests.Search;

/// <summary>Searches as a program sees them: a stream of server-sent events.</summary>
[TestFixture(DatabaseEngine.Native)]
public sealed class SearchingOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task Hits_come_as_they_are_found_then_the_end()
    {
        var trigger = $"search.http_{Guid.NewGuid():N}";
        var key = await Api.TriggerWithWebhookAsync(trigger);
        foreach (var sum in new[] { 5, 10, 20 })
        {
            await Api.DeliverAsync(key, $$"""{"sum": {{sum}}}""");
        }

        var items = await StreamAsync($"events/search?trigger={trigger}&q={Uri.EscapeDataString("sum >= 10")}");

        Assert.That(items.Select(item => item.EventType).Distinct(), Is.EquivalentTo((string[])["progress", "hits", "end"]));
        var hits = items.Where(item => item.EventType == "hits").SelectMany(item => item.Data.GetProperty("items").EnumerateArray()).ToList();
        Assert.That(hits.Select(hit => hit.GetProperty("trigger_ref").GetString()), Is.EqualTo((string[])[trigger, trigger]));
        Assert.That(items[^1].Data.GetProperty("reason").GetString(), Is.EqualTo("complete"));
        Assert.That(items[^2].Data.GetProperty("rows").GetInt64(), Is.EqualTo(3));

        var first = (await StreamAsync($"events/search?trigger={trigger}&first=1&q={Uri.EscapeDataString("sum >= 10")}"))[^1].Data;
        Assert.That(first.GetProperty("reason").GetString(), Is.EqualTo("enough"));
        var next = await StreamAsync(
            $"events/search?trigger={trigger}&q={Uri.EscapeDataString("sum >= 10")}&cursor={first.GetProperty("next").GetString()}");
        Assert.That(next.Where(item => item.EventType == "hits").Sum(item => item.Data.GetProperty("items").GetArrayLength()), Is.EqualTo(1));
    }

    [TestCase("events/search", 400, "q", null, null)]
    [TestCase("events/search?q=a%20%3E", 422, "q", 1, 4)]
    [TestCase("events/search?q=a%20%3D%3D%201%0Aand%20b", 422, "q", 2, 6)]
    [TestCase("events/search?q=a%00", 400, "q", null, null)]
    [TestCase("events/search?q=a%20exists&first=0", 422, "first", null, null)]
    [TestCase("events/search?q=a%20exists&since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", 422, "since", null, null)]
    [TestCase("events/search?q=a%20exists&colour=red", 400, "colour", null, null)]
    [TestCase("events/search?q=a%20exists&cursor=nonsense", 400, "cursor", null, null)]
    [TestCase("executions/search?q=error%20exists", 422, "q", 1, 1)]
    [TestCase("executions/search?q=status%20exists&status=banana", 400, "status", null, null)]
    public async Task A_search_that_cannot_be_made_is_refused_before_the_stream_begins(
        string path, int status, string field, int? line, int? column)
    {
        var (answered, text) = await Api.SendRawAsync(HttpMethod.Get, $"/api/v1/{path}", null, null);

        Assert.That((int)answered, Is.EqualTo(status), text);
        var details = JsonElement.Parse(text).GetProperty("details");
        Assert.That(details.GetProperty("field").GetString(), Is.EqualTo(field), text);
        Assert.That(details.TryGetProperty("line", out var told) ? told.GetInt32() : (int?)null, Is.EqualTo(line), text);
        Assert.That(details.TryGetProperty("column", out told) ? told.GetInt32() : (int?)null, Is.EqualTo(column), text);
    }

    private async Task<IReadOnlyList<SseItem<JsonElement>>> StreamAsync(string path)
    {
        using var response = await Api.Http.GetAsync($"/api/v1/{path}", HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        await using var stream = await response.Content.ReadAsStreamAsync();
        var items = new List<SseItem<JsonElement>>();
        await foreach (var item in SseParser.Create(stream, (_, bytes) => JsonElement.Parse(bytes)).EnumerateAsync())
        {
            items.Add(item);
        }

        return items;
    }
}
