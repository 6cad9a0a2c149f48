using System.Net;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Pipeline;

/// <summary>What a careless or a hostile client sends: it gets an answer it can act on, and nobody else notices.</summary>
[TestFixture]
public sealed class HostileInputTests() : HostTest(DatabaseEngine.Native)
{
    private const string Json = "application/json";

    private string _key = "";

    [OneTimeSetUp]
    public async Task MakeWebhookAsync() => _key = await Api.TriggerWithWebhookAsync("hostile.push");

    [TestCase("""{"trigger_ref": "hostile.push", "payload": "a\u0000b"}""", 422)]
    [TestCase("""{"trigger_ref": "hostile.push", "payload": {"a\u0000b": 1}}""", 422)]
    [TestCase("""{"trigger_ref": "hostile.push", "payload": "\ud800"}""", 422)]
    [TestCase("""{"trigger_ref": "hostile.push", "payload": 1e999999}""", 422)]
    [TestCase("""{"trigger_ref": "hostile.push\u0000"}""", 404, 422)]
    [TestCase("""{"trigger_ref": "no.such"}""", 404)]
    [TestCase("""{"trigger_ref": ""}""", 422)]
    [TestCase("""{"trigger_ref": 5}""", 400, 422)]
    [TestCase("""{"payload": {}}""", 400, 422)]
    [TestCase("""[]""", 400, 422)]
    [TestCase("""null""", 400, 422)]
    [TestCase("""{""", 400)]
    [TestCase("", 400)]
    public async Task An_event_that_cannot_be_stored_is_refused_with_words(string body, params int[] expected) =>
        await RefusedAsync(HttpMethod.Post, "/api/v1/events", Encoding.UTF8.GetBytes(body), Json, expected);

    [Test]
    public async Task Nesting_of_ten_thousand_levels_is_refused()
    {
        var deep = Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000));

        await RefusedAsync(HttpMethod.Post, $"/api/v1/webhooks/{_key}", deep, Json, 400, 422);
        await RefusedAsync(
            HttpMethod.Post, "/api/v1/events", [.. """{"trigger_ref": "hostile.push", "payload": """u8, .. deep, .. "}"u8], Json, 400, 422);
    }

    [Test]
    public async Task A_body_of_ten_megabytes_is_too_large()
    {
        var large = Encoding.UTF8.GetBytes($"{{\"trigger_ref\": \"hostile.push\", \"payload\": \"{new string('x', 10_000_000)}\"}}");

        await RefusedAsync(HttpMethod.Post, "/api/v1/events", large, Json, 413);
        await RefusedAsync(HttpMethod.Post, $"/api/v1/webhooks/{_key}", large, Json, 413);
    }

    [Test]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        byte[] latin = [.. "{\"name\": \""u8, 0xE9, 0xFF, .. "\"}"u8];

        await RefusedAsync(HttpMethod.Post, "/api/v1/events", latin, Json, 400, 422);
        await RefusedAsync(HttpMethod.Post, "/api/v1/events", [0xFF, 0xFE, .. latin], Json, 400, 422);
    }

    [TestCase("not json")]
    [TestCase("""{"a": 1e999999}""")]
    public async Task A_webhook_body_that_is_no_JSON_that_can_be_stored_is_refused(string body) =>
        await RefusedAsync(HttpMethod.Post, $"/api/v1/webhooks/{_key}", Encoding.UTF8.GetBytes(body), Json, 400, 422);

    [Test]
    public async Task A_webhook_key_that_nobody_has_is_not_found() =>
        await RefusedAsync(HttpMethod.Post, "/api/v1/webhooks/wh_nobody", "{}"u8.ToArray(), Json, 404);

    [TestCase("/api/v1/events?cursor=zzz")]
    [TestCase("/api/v1/events?since=yesterday")]
    [TestCase("/api/v1/events?trigger=abc")]
    [TestCase("/api/v1/enforcements?status=bogus")]
    [TestCase("/api/v1/enforcements?event=1e5")]
    [TestCase("/api/v1/executions?status=bogus")]
    [TestCase("/api/v1/events?trigger_ref=%00")]
    [TestCase("/api/v1/rules?trigger_ref=%00")]
    public async Task A_filter_that_makes_no_sense_is_refused_by_name(string path) =>
        await RefusedAsync(HttpMethod.Get, path, null, null, 400, 422);

    [TestCase("/api/v1/events?page=-5&per_page=100000")]
    [TestCase("/api/v1/events?page=0&per_page=0")]
    [TestCase("/api/v1/enforcements?page=99999999999999999999")]
    [TestCase("/api/v1/executions?page=1000000")]
    [TestCase("/api/v1/triggers?page=1000000")]
    [TestCase("/api/v1/rules?page=-1")]
    public async Task Paging_is_clamped_and_never_fails(string path)
    {
        var list = await Api.GetAsync(path);

        var pagination = list.GetProperty("pagination");
        Assert.That(pagination.GetProperty("page").GetInt64(), Is.GreaterThanOrEqualTo(1));
        Assert.That(pagination.GetProperty("page_size").GetInt64(), Is.InRange(1, 100));
    }

    [TestCase("""{"conditions": {"a": 1}}""", "conditions.a")]
    [TestCase("""{"conditions": [{"field": "a", "operator": "resembles", "value": 1}]}""", "conditions[0].operator")]
    [TestCase("""{"conditions": [{"operator": "equals", "value": 1}]}""", "conditions[0].field")]
    [TestCase("""{"conditions": [{"field": "a", "operator": "matches", "value": "("}]}""", "conditions[0].value")]
    [TestCase("""{"conditions": ["a"]}""", "conditions[0]")]
    [TestCase("""{"action_params": []}""", "action_params")]
    public async Task A_rule_that_says_nothing_sensible_is_refused_at_its_place(string part, string place)
    {
        var rule = new Dictionary<string, object>
        {
            ["ref"] = "hostile.rule",
            ["label"] = "x",
            ["trigger_ref"] = "hostile.push",
            ["action_ref"] = "core.echo",
        };
        foreach (var property in JsonElement.Parse(part).EnumerateObject())
        {
            rule[property.Name] = property.Value;
        }

        var body = await RefusedAsync(HttpMethod.Post, "/api/v1/rules", JsonSerializer.SerializeToUtf8Bytes(rule), Json, 422);

        Assert.That(body.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(place));
    }

    [TestCase("BAD.ref")]
    [TestCase("nodot")]
    [TestCase("two.dots.here")]
    [TestCase("sp ace.x")]
    [TestCase("")]
    [TestCase(".")]
    public async Task A_trigger_with_a_bad_reference_is_refused(string reference) => await RefusedAsync(
        HttpMethod.Post, "/api/v1/triggers", JsonSerializer.SerializeToUtf8Bytes(new { @ref = reference, label = "x" }), Json, 422);

    [Test]
    public async Task A_reference_that_is_taken_is_a_conflict() => await RefusedAsync(
        HttpMethod.Post, "/api/v1/triggers", JsonSerializer.SerializeToUtf8Bytes(new { @ref = "hostile.push", label = "x" }), Json, 409);

    [Test]
    public async Task An_event_cannot_be_changed_or_deleted_over_HTTP()
    {
        await RefusedAsync(HttpMethod.Put, "/api/v1/events/1", "{}"u8.ToArray(), Json, 404, 405);
        await RefusedAsync(HttpMethod.Delete, "/api/v1/events/1", null, null, 404, 405);
    }

    [Test]
    public async Task A_good_event_beside_many_bad_ones_is_stored()
    {
        var bad = Enumerable.Range(0, 50).Select(_ => Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/events", """{"trigger_ref": "hostile.push", "payload": "\u0000"}"""u8.ToArray(), Json));
        var good = Enumerable.Range(0, 50).Select(turn => Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/events", Encoding.UTF8.GetBytes($$"""{"trigger_ref": "hostile.push", "payload": {{turn}}}"""), Json));

        var answers = await Task.WhenAll(bad.Zip(good).SelectMany(pair => (Task<(HttpStatusCode, string)>[])[pair.First, pair.Second]));

        Assert.That(answers.Count(answer => answer.Item1 == HttpStatusCode.Created), Is.EqualTo(50));
        Assert.That(answers.Count(answer => answer.Item1 == HttpStatusCode.UnprocessableEntity), Is.EqualTo(50));
    }

    private async Task<JsonElement> RefusedAsync(
        HttpMethod method, string path, byte[]? body, string? contentType, params int[] expected)
    {
        var (status, text) = await Api.SendRawAsync(method, path, body, contentType);

        Assert.That((int)status, Is.AnyOf([.. expected.Cast<object>()]), text);
        var answer = JsonElement.Parse(text);
        Assert.That(answer.GetProperty("error").GetString(), Is.Not.Empty);
        Assert.That(answer.GetProperty("code").GetString(), Is.Not.Empty);
        return answer;
    }
}
