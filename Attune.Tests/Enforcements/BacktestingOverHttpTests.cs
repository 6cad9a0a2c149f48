using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Enforcements;

/// <summary>Backtests as a program sees them: a stream of server-sent events.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class BacktestingOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task Progress_comes_first_and_the_report_last()
    {
        var (trigger, rule) = await RuleAndEventsAsync("stream");

        var items = await StreamAsync(
            HttpMethod.Get, $"rules/{rule}/backtest?until={DateTimeOffset.UtcNow.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}&first=1", null);

        var report = items[^1].Data;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                items.Select(item => item.EventType), Is.EqualTo((string[])[.. Enumerable.Repeat("progress", items.Count - 1), "report"]));
            Assert.That(items[0].Data.GetProperty("share").GetDouble(), Is.Zero);
            Assert.That(report.GetProperty("rule_ref").GetString(), Is.EqualTo(rule));
            Assert.That(report.GetProperty("trigger_ref").GetString(), Is.EqualTo(trigger));
            Assert.That((Number(report, "events"), Number(report, "matches"), Number(report, "recorded")), Is.EqualTo((3L, 2L, 2L)));
            Assert.That(report.GetProperty("first_matches").GetArrayLength(), Is.EqualTo(1));
            Assert.That(report.GetProperty("days").EnumerateArray().Sum(day => Number(day, "matches")), Is.EqualTo(2));
            Assert.That(report.GetProperty("days")[0].GetProperty("day").GetString(), Does.Match(@"^\d{4}-\d\d-\d\d$"));
            Assert.That(Number(report.GetProperty("difference"), "same"), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task A_draft_is_tried_in_place_of_a_rule_and_by_itself()
    {
        var (trigger, rule) = await RuleAndEventsAsync("draft");
        const string conditions = """[{"field": "sum", "operator": "less_than", "value": 15}]""";

        var instead = (await StreamAsync(HttpMethod.Post, $"rules/{rule}/backtest", $$$"""
            {"until": "{{{DateTimeOffset.UtcNow.AddMinutes(1):O}}}", "draft": {"conditions": {{{conditions}}}}}
            """))[^1].Data;
        var alone = (await StreamAsync(HttpMethod.Post, "rules/backtest", $$$"""
            {"until": "{{{DateTimeOffset.UtcNow.AddMinutes(1):O}}}", "draft": {"trigger_ref": "{{{trigger}}}", "conditions": {{{conditions}}}}}
            """))[^1].Data;

        Assert.That((Number(instead, "matches"), Number(instead.GetProperty("difference"), "added"), Number(
            instead.GetProperty("difference"), "removed")),
            Is.EqualTo((2L, 1L, 1L)));
        Assert.That((Number(alone, "matches"), alone.GetProperty("difference").ValueKind), Is.EqualTo((2L, JsonValueKind.Null)));
    }

    [TestCase("GET", "rules/no.such/backtest", null, 404, "rule")]
    [TestCase("GET", "rules/core.heartbeat/backtest?version=99", null, 404, "version")]
    [TestCase("GET", "rules/core.heartbeat/backtest?since=2020-01-01", null, 422, "since")]
    [TestCase("GET", "rules/core.heartbeat/backtest?since=soon", null, 400, "since")]
    [TestCase("GET", "rules/core.heartbeat/backtest?first=1000", null, 422, "first")]
    [TestCase("GET", "rules/core.heartbeat/backtest?first=99999999999", null, 422, "first")]
    [TestCase("POST", "rules/core.heartbeat/backtest", """{"draft": {"conditions": [{"field": "a", "operator": "?"}]}}""", 422,
        "conditions[0].operator")]
    [TestCase("POST", "rules/core.heartbeat/backtest", """{"since": "soon"}""", 422, "since")]
    [TestCase("POST", "rules/backtest", "{}", 422, "draft")]
    [TestCase("POST", "rules/backtest", """{"draft": {}}""", 422, "trigger_ref")]
    public async Task A_backtest_that_cannot_be_made_is_refused_before_the_stream_begins(
        string method, string path, string? body, int status, string? field)
    {
        var (answered, text) = await Api.SendRawAsync(
            new HttpMethod(method), $"/api/v1/{path}", body is null ? null : Encoding.UTF8.GetBytes(body),
            body is null ? null : "application/json");

        Assert.That((int)answered, Is.EqualTo(status), text);
        Assert.That(JsonElement.Parse(text).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), text);
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private async Task<(string Trigger, string Rule)> RuleAndEventsAsync(string name)
    {
        var trigger = $"backtest.{name}_{Guid.NewGuid():N}";
        var key = await Api.TriggerWithWebhookAsync(trigger);
        await Api.RuleAsync($"{trigger}_rule", trigger, new[] { new { field = "sum", @operator = "greater_or_equal", value = 10 } });
        foreach (var sum in new[] { 5, 10, 20 })
        {
            await Api.DeliverAsync(key, $$"""{"sum": {{sum}}}""");
        }

        return (trigger, $"{trigger}_rule");
    }

    private async Task<IReadOnlyList<SseItem<JsonElement>>> StreamAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}")
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
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
