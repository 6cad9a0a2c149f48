using System.Net;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Enforcements;

/// <summary>Why, and why not, as a program asks.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class ExplainingOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    private static readonly object[] Conditions =
    [
        new { field = "kind", @operator = "equals", value = "refund" }, new { field = "sum", @operator = "greater_than", value = 10 },
        new { field = "missing", @operator = "exists" },
    ];

    [Test]
    public async Task An_explanation_has_the_shape_that_clients_know()
    {
        var (rule, id) = await RuleAndEventAsync("shape");

        var data = await Api.DataAsync($"/api/v1/events/{id}/explain?rule={rule}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(data.GetProperty("matches").GetBoolean(), Is.False);
            Assert.That(data.GetProperty("rule_ref").GetString(), Is.EqualTo(rule));
            Assert.That(data.GetProperty("rule_version").GetInt32(), Is.EqualTo(1));
            Assert.That(data.GetProperty("reasons").GetArrayLength(), Is.Zero);
            Assert.That(data.GetProperty("conditions").EnumerateArray().Select(one => JsonElement.DeepEquals(one, JsonElement.Parse(
                one.GetProperty("field").GetString() switch
                {
                    "kind" => """
                        {"field": "kind", "path": "event.payload.kind", "operator": "equals", "expected": "refund", "found": true,
                         "actual": "order", "verdict": "false"}
                        """,
                    "sum" => """
                        {"field": "sum", "path": "event.payload.sum", "operator": "greater_than", "expected": 10, "found": true,
                         "actual": "12", "verdict": "unknown", "reason": "text, where a number is asked for"}
                        """,
                    _ => """
                        {"field": "missing", "path": "event.payload.missing", "operator": "exists", "expected": null, "found": false,
                         "actual": null, "verdict": "false"}
                        """,
                }))), Is.EqualTo((bool[])[true, true, true]), data.GetRawText());
        }
    }

    [Test]
    public async Task All_rules_of_the_trigger_are_told_of_in_one_answer()
    {
        var (rule, id) = await RuleAndEventAsync("all");

        var data = await Api.DataAsync($"/api/v1/events/{id}/explain/rules");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((data.GetProperty("total").GetInt32(), data.GetProperty("matching").GetInt32()), Is.EqualTo((1, 0)));
            Assert.That(data.GetProperty("rules")[0].GetProperty("rule_ref").GetString(), Is.EqualTo(rule));
            Assert.That(data.GetProperty("rules")[0].GetProperty("conditions").GetArrayLength(), Is.EqualTo(3));
        }
    }

    [Test]
    public async Task A_version_and_a_draft_can_be_asked()
    {
        var (rule, id) = await RuleAndEventAsync("draft");
        await SendAsync(HttpMethod.Put, $"rules/{rule}", """{"conditions": []}""", HttpStatusCode.OK);
        var now = await Api.DataAsync($"/api/v1/events/{id}/explain?rule={rule}&version=2");
        var before = await Api.DataAsync($"/api/v1/events/{id}/explain?rule={rule}");
        var draft = await SendAsync(
            HttpMethod.Post, $"events/{id}/explain",
            """{"ref": "any.thing", "label": "A rule's body will do", "conditions": [{"field": "kind", "operator": "equals", "value": "order"}]}""", HttpStatusCode.OK);

        Assert.That((now.GetProperty("matches").GetBoolean(), now.GetProperty("rule_version").GetInt32()), Is.EqualTo((true, 2)));
        Assert.That((before.GetProperty("matches").GetBoolean(), before.GetProperty("rule_version").GetInt32()), Is.EqualTo((false, 1)));
        Assert.That(draft.GetProperty("data").GetProperty("matches").GetBoolean(), Is.True);
    }

    [TestCase("GET", "events/{0}/explain", null, 400, "rule")]
    [TestCase("GET", "events/{0}/explain?rule=no.such", null, 404, "rule")]
    [TestCase("GET", "events/{0}/explain?rule={1}&version=9", null, 404, "version")]
    [TestCase("GET", "events/{0}/explain?rule={1}&version=0", null, 400, "version")]
    [TestCase("GET", "events/{0}/explain?rule={1}&version=x", null, 400, "version")]
    [TestCase("GET", "events/999999999/explain?rule={1}", null, 404, null)]
    [TestCase("GET", "events/x/explain?rule={1}", null, 400, "id")]
    [TestCase("GET", "events/{0}/explain/rules?limit=0", null, 400, "limit")]
    [TestCase("GET", "events/{0}/explain/rules?limit=501", null, 400, "limit")]
    [TestCase("GET", "events/{0}/explain/rules?rule={1}", null, 400, "rule")]
    [TestCase("GET", "events/999999999/explain/rules", null, 404, null)]
    [TestCase("POST", "events/{0}/explain", """{"conditions": 5}""", 422, "conditions")]
    [TestCase("POST", "events/{0}/explain?rule={1}", """{"draft": {"conditions": []}}""", 422, "draft")]
    [TestCase("POST", "events/{0}/explain?rule={1}", """{"conditions": null}""", 422, "conditions")]
    [TestCase("POST", "events/{0}/explain", """{"conditions": [{"field": "a", "operator": "like"}]}""", 422, "conditions[0].operator")]
    [TestCase("POST", "events/{0}/explain", """{"action_params": {"a": "{{ nothing }}"}}""", 422, "action_params.a")]
    [TestCase("POST", "events/{0}/explain", """{"trigger_ref": "a\u0000b"}""", 422, "trigger_ref")]
    [TestCase("GET", "rules/{1}/versions/9", null, 404, "version")]
    [TestCase("GET", "rules/{1}/versions/1/diff?against=7", null, 404, "version")]
    [TestCase("GET", "rules/{1}/versions/1/diff?against=x", null, 400, "against")]
    [TestCase("GET", "rules/no.such/versions/1/diff", null, 404, null)]
    public async Task A_question_that_cannot_be_answered_is_refused_with_the_reason(
        string method, string path, string? body, int status, string? field)
    {
        var (rule, id) = await RuleAndEventAsync("refused");

        var answer = await SendAsync(
            new HttpMethod(method), path.Replace("{0}", $"{id}", StringComparison.Ordinal).Replace("{1}", rule, StringComparison.Ordinal),
            body, (HttpStatusCode)status);

        Assert.That(
            answer.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null, Is.EqualTo(field),
            answer.GetRawText());
    }

    [Test]
    public async Task Versions_are_shown_one_by_one_and_as_a_difference()
    {
        var (rule, id) = await RuleAndEventAsync("versions");
        await SendAsync(HttpMethod.Put, $"rules/{rule}", """{"condition": "any"}""", HttpStatusCode.OK);
        await SendAsync(HttpMethod.Put, $"rules/{rule}", """{"conditions": [{"field": "kind", "operator": "equals", "value": "order"}]}""",
            HttpStatusCode.OK);

        var one = await Api.DataAsync($"/api/v1/rules/{rule}/versions/2");
        var last = await Api.DataAsync($"/api/v1/rules/{rule}/versions/3/diff");
        var both = await Api.DataAsync($"/api/v1/rules/{rule}/versions/3/diff?against=1");
        var first = await Api.DataAsync($"/api/v1/rules/{rule}/versions/1/diff");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.GetProperty("version").GetInt32(), one.GetProperty("condition").GetString()), Is.EqualTo((2, "any")));
            Assert.That((last.GetProperty("from_version").GetInt32(), last.GetProperty("to_version").GetInt32()), Is.EqualTo((2, 3)));
            Assert.That(
                Fields(last), Is.EqualTo((string[])["conditions[0].value changed", "conditions[1] removed", "conditions[2] removed"]));
            Assert.That(last.GetProperty("changes")[0].GetProperty("from").GetString(), Is.EqualTo("refund"));
            Assert.That(last.GetProperty("changes")[0].GetProperty("to").GetString(), Is.EqualTo("order"));
            Assert.That(Fields(both), Is.EqualTo((string[])["condition changed", .. Fields(last)]));
            Assert.That(first.GetProperty("from_version").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(Fields(first), Has.Length.EqualTo(6));
            Assert.That(id, Is.Positive);
        }
    }

    private static string[] Fields(JsonElement difference) =>
        [.. difference.GetProperty("changes").EnumerateArray().Select(
            change => $"{change.GetProperty("field").GetString()} {change.GetProperty("kind").GetString()}")];

    private async Task<(string Rule, long Event)> RuleAndEventAsync(string name)
    {
        var trigger = $"why.{name}_{Guid.NewGuid():N}";
        var key = await Api.TriggerWithWebhookAsync(trigger);
        await Api.RuleAsync($"{trigger}_rule", trigger, Conditions);
        return ($"{trigger}_rule", await Api.DeliverAsync(key, """{"kind": "order", "sum": "12"}"""));
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        var (status, answer) = await Api.SendRawAsync(
            method, $"/api/v1/{path}", body is null ? null : Encoding.UTF8.GetBytes(body), body is null ? null : "application/json");
        Assert.That(status, Is.EqualTo(expected), answer);
        return JsonElement.Parse(answer);
    }
}
