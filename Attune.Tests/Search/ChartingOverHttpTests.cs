using System.Text.Json;

namespace Attune.Tests.Search;

/// <summary>What is at a path, as a program asks for it.</summary>
[TestFixture(DatabaseEngine.Native)]
public sealed class ChartingOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task Values_at_a_path_come_with_what_was_looked_at()
    {
        var trigger = $"chart.http_{Guid.NewGuid():N}";
        var key = await Api.TriggerWithWebhookAsync(trigger);
        foreach (var sum in new[] { 5, 10, 30 })
        {
            await Api.DeliverAsync(key, $$"""{"sum": {{sum}}, "status": "{{(sum > 5 ? "high" : "low")}}"}""");
        }

        var sums = await GetAsync($"events/values?trigger={trigger}&path=sum&q={Uri.EscapeDataString("status == \"high\"")}");
        Assert.That(sums.GetProperty("numbers").GetRawText(), Is.EqualTo("""{"count":2,"least":10,"mean":20,"most":30}"""));
        Assert.That(sums.GetProperty("events").GetInt32(), Is.EqualTo(3));
        Assert.That(sums.GetProperty("complete").GetBoolean(), Is.True);

        var states = await GetAsync($"events/values?trigger={trigger}&path=status");
        Assert.That(states.GetProperty("top").GetRawText(), Is.EqualTo("""[{"value":"high","count":2},{"value":"low","count":1}]"""));
    }

    [TestCase("events/values", 400, "path")]
    [TestCase("events/values?path=a..b", 422, "path")]
    [TestCase("events/values?path=event.created", 422, "path")]
    [TestCase("events/values?path=a&q=a%20%3E", 422, "q")]
    [TestCase("events/values?path=a&result=banana", 400, "result")]
    [TestCase("events/values?path=a&page=2", 400, "page")]
    public async Task Values_that_cannot_be_read_are_refused(string path, int status, string field)
    {
        var (answered, text) = await Api.SendRawAsync(HttpMethod.Get, $"/api/v1/{path}", null, null);

        Assert.That((int)answered, Is.EqualTo(status), text);
        Assert.That(JsonElement.Parse(text).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), text);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var (status, text) = await Api.SendRawAsync(HttpMethod.Get, $"/api/v1/{path}", null, null);
        Assert.That((int)status, Is.EqualTo(200), text);
        return JsonElement.Parse(text).GetProperty("data");
    }
}
