using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Modules.Enforcements.Matching;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>Rules, enforcements and executions as a program sees them.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class RulesOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    private static int s_number;

    [Test]
    public async Task A_rule_is_made_read_changed_switched_and_deleted()
    {
        var name = NewName("rule");
        var made = await SendAsync(HttpMethod.Post, "rules", $$$"""
            {"ref": "{{{name}}}", "pack_ref": "http", "label": "A rule", "description": "It does", "trigger_ref": "core.webhook",
             "action_ref": "core.echo", "condition": "any", "conditions": [{"field": "a", "operator": "exists"}],
             "action_params": {"message": "{{ event.payload.a }}"}}
            """, HttpStatusCode.Created);
        Assert.That(made.GetProperty("message").GetString(), Is.EqualTo("Rule created successfully"));
        var rule = made.GetProperty("data");
        string[] fields =
        [
            "id", "ref", "pack", "pack_ref", "label", "description", "action", "action_ref", "trigger", "trigger_ref", "condition",
            "conditions", "expression",
            "action_params", "trigger_params", "window", "enabled", "state", "paused_at", "paused_reason", "faults", "held_back", "is_adhoc",
            "version", "created", "updated",
        ];
        Assert.That(rule.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(fields));
        Assert.That(rule.GetProperty("created").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"));
        Assert.That((rule.GetProperty("enabled").GetBoolean(), rule.GetProperty("condition").GetString()), Is.EqualTo((true, "any")));

        var changed = await SendAsync(HttpMethod.Put, $"rules/{name}", """{"label": "Other", "conditions": []}""", HttpStatusCode.OK);
        Assert.That(changed.GetProperty("data").GetProperty("version").GetInt32(), Is.EqualTo(2));
        Assert.That(changed.GetProperty("data").GetProperty("description").GetString(), Is.EqualTo("It does"));
        var off = await SendAsync(HttpMethod.Post, $"rules/{name}/disable", null, HttpStatusCode.OK);
        Assert.That(off.GetProperty("data").GetProperty("enabled").GetBoolean(), Is.False);
        Assert.That(await RefsAsync("rules/enabled?per_page=100"), Does.Not.Contain(name));
        await SendAsync(HttpMethod.Post, $"rules/{name}/enable", null, HttpStatusCode.OK);
        Assert.That(await RefsAsync("rules/enabled?per_page=100"), Does.Contain(name));
        foreach (var list in new[] { "rules", "packs/http/rules", "actions/core.echo/rules", "triggers/core.webhook/rules" })
        {
            Assert.That(await RefsAsync($"{list}?page_size=100"), Does.Contain(name), list);
        }

        var versions = await Api.ListAsync($"/api/v1/rules/{name}/versions");
        Assert.That(versions.Select(version => version.GetProperty("version").GetInt32()), Is.EqualTo(new[] { 2, 1 }));

        var deleted = await SendAsync(HttpMethod.Delete, $"rules/{name}", null, HttpStatusCode.OK);
        Assert.That(deleted.GetProperty("success").GetBoolean(), Is.True);
        await RefusedAsync(HttpMethod.Get, $"rules/{name}", null, HttpStatusCode.NotFound, "NOT_FOUND", null);
        await RefusedAsync(HttpMethod.Delete, $"rules/{name}", null, HttpStatusCode.NotFound, "NOT_FOUND", null);
        Assert.That(await Api.ListAsync($"/api/v1/rules/{name}/versions"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_state_of_a_rule_is_told_and_changed_beside_enabled()
    {
        var name = NewName("state");
        var made = await SendAsync(HttpMethod.Post, "rules", $$$"""
            {"ref": "{{{name}}}", "label": "A rule", "trigger_ref": "core.webhook", "action_ref": "core.noop", "state": "shadow",
             "window": {"at_most": 1, "in": "5m", "per": ["host"]}}
            """, HttpStatusCode.Created);
        Assert.That(State(made), Is.EqualTo(("shadow", false)));
        Assert.That(await RefsAsync("rules?state=shadow&per_page=100"), Does.Contain(name));
        Assert.That(await RefsAsync("rules?state=enabled&state=disabled&per_page=100"), Does.Not.Contain(name));

        // A client that only knows enabled switches it on and off.
        Assert.That(State(await SendAsync(HttpMethod.Post, $"rules/{name}/enable", null, HttpStatusCode.OK)), Is.EqualTo(("enabled", true)));
        Assert.That(
            State(await SendAsync(HttpMethod.Put, $"rules/{name}", """{"enabled": false}""", HttpStatusCode.OK)), Is.EqualTo(("disabled", false)));
        var shadow = await SendAsync(HttpMethod.Put, $"rules/{name}", """{"state": "shadow"}""", HttpStatusCode.OK);
        Assert.That(State(shadow), Is.EqualTo(("shadow", false)));
        Assert.That(shadow.GetProperty("data").GetProperty("version").GetInt32(), Is.EqualTo(1));

        await RefusedAsync(
            HttpMethod.Put, $"rules/{name}", """{"state": "shadow", "enabled": true}""", HttpStatusCode.UnprocessableEntity,
            "VALIDATION_ERROR", "state");
        await RefusedAsync(
            HttpMethod.Put, $"rules/{name}", """{"window": {"at_most": 1, "in": "soon"}}""", HttpStatusCode.UnprocessableEntity,
            "VALIDATION_ERROR", "window.in");

        static (string?, bool) State(JsonElement answer) => (
            answer.GetProperty("data").GetProperty("state").GetString(), answer.GetProperty("data").GetProperty("enabled").GetBoolean());
    }

    [Test]
    public async Task A_paused_rule_is_told_by_the_rule_and_by_the_health_of_the_host()
    {
        var name = NewName("paused");
        await SendAsync(HttpMethod.Post, "rules", $$$"""
            {"ref": "{{{name}}}", "label": "A rule", "trigger_ref": "core.webhook", "action_ref": "core.noop"}
            """, HttpStatusCode.Created);
        var faults = Running.Services.GetRequiredService<RuleFaults>();
        var id = (await Api.DataAsync($"/api/v1/rules/{name}")).GetProperty("id").GetInt64();
        for (var fault = 0; fault < 20; fault++)
        {
            faults.Report(id, 1, "It takes more than 4,000,000 steps.", 7, DateTimeOffset.UtcNow);
        }

        await Eventually.HoldsAsync(
            async () => (await Api.DataAsync($"/api/v1/rules/{name}")).GetProperty("paused_at").ValueKind == JsonValueKind.String,
            "the rule is paused");
        var rule = await Api.DataAsync($"/api/v1/rules/{name}");
        var (_, health) = await Api.SendRawAsync(HttpMethod.Get, "/health/ready", null, null);

        Assert.That(rule.GetProperty("faults").GetProperty("count").GetInt64(), Is.EqualTo(20));
        Assert.That(rule.GetProperty("paused_reason").GetString(), Does.Contain("4,000,000 steps"));
        Assert.That(health, Does.Contain($"{name} (paused)"));
        await SendAsync(HttpMethod.Post, $"rules/{name}/enable", null, HttpStatusCode.OK);
        Assert.That((await Api.DataAsync($"/api/v1/rules/{name}")).GetProperty("paused_at").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("{", 400, null)]
    [TestCase("", 400, null)]
    [TestCase("[]", 400, null)]
    [TestCase("{}", 422, "ref")]
    [TestCase("""{"label": 5}""", 422, "label")]
    [TestCase("""{"enabled": "yes"}""", 422, "enabled")]
    [TestCase("""{"condition": "sometimes"}""", 422, "condition")]
    [TestCase("""{"conditions": {"when": 1}}""", 422, "conditions.when")]
    [TestCase("""{"conditions": {"expression": "a =="}}""", 422, "conditions.expression")]
    [TestCase("""{"conditions": null}""", 422, "conditions")]
    [TestCase("""{"conditions": [{"field": "a", "operator": "matches", "value": "("}]}""", 422, "conditions[0].value")]
    [TestCase("""{"conditions": [{"operator": "exists"}]}""", 422, "conditions[0].field")]
    [TestCase("""{"conditions": {"any": [{"not": {"field": "a[", "operator": "exists"}}]}}""", 422, "conditions.any[0].not.field")]
    [TestCase("""{"conditions": "always"}""", 422, "conditions")]
    [TestCase(
        """{"conditions": [{"field": "a", "operator": "exists"}, {"field": "a", "operator": "like"}]}""", 422, "conditions[1].operator")]
    [TestCase("""{"conditions": [{"field": "a", "operator": "equals", "value": 1e999999}]}""", 422, "conditions[0].value")]
    [TestCase("""{"action_params": {"message": "{{ nothing }}"}}""", 422, "action_params.message")]
    [TestCase("""{"action_params": {"message": "\u0000"}}""", 422, "action_params.message")]
    [TestCase("""{"action_params": {"message": "\ud800"}}""", 422, "action_params.message")]
    [TestCase("""{"action_params": {"\ud800": 1}}""", 422, "action_params")]
    [TestCase("""{"condtions": []}""", 422, "condtions")]
    [TestCase("""{"draft": {"conditions": []}}""", 422, "draft")]
    [TestCase(
        """{"action_ref": "core.sleep", "action_params": {"seconds": "{{ event.payload.n }} or so"}}""", 422, "action_params.seconds")]
    [TestCase("""{"label": "a\u0000b"}""", 422, "label")]
    [TestCase("""{"label": "\ud800"}""", 422, "label")]
    [TestCase("""{"ref": "http.a\u0000b"}""", 422, "ref")]
    [TestCase("""{"trigger_ref": "no.such"}""", 404, "trigger_ref")]
    [TestCase("""{"action_ref": "no.such"}""", 404, "action_ref")]
    [TestCase("""{"ref": "core.heartbeat"}""", 409, "ref")]
    [TestCase("""{"trigger_ref": "core.interval"}""", 422, "trigger_params.seconds")]
    public async Task A_rule_that_cannot_be_saved_is_refused_with_the_field(string body, int status, string? field)
    {
        // What the case does not speak of is sound.
        if (body.StartsWith("{\"", StringComparison.Ordinal))
        {
            string[] sound =
            [
                $"\"ref\": \"{NewName("refused")}\"", "\"label\": \"A rule\"", "\"trigger_ref\": \"core.webhook\"",
                "\"action_ref\": \"core.echo\"",
            ];
            body = $"{body[..^1]}, {string.Join(", ", sound.Where(member => !body.Contains(member.Split(':')[0] + ":", StringComparison.Ordinal)))}}}";
        }

        await RefusedAsync(HttpMethod.Post, "rules", body, (HttpStatusCode)status, status switch
        {
            400 => "BAD_REQUEST",
            404 => "NOT_FOUND",
            409 => "CONFLICT",
            _ => "VALIDATION_ERROR",
        }, field);
    }

    [TestCase("""{"conditions": null}""", "conditions")]
    [TestCase("""{"conditions": 5}""", "conditions")]
    [TestCase("""{"conditions": [null]}""", "conditions[0]")]
    [TestCase("""{"condition": "none"}""", "condition")]
    [TestCase("""{"conditons": []}""", "conditons")]
    [TestCase("""{"action_params": {"a": ["{{ nothing }}"]}}""", "action_params.a[0]")]
    public async Task A_change_that_cannot_be_saved_is_refused_with_the_field_and_changes_nothing(string body, string field)
    {
        var name = NewName("changed");
        await SendAsync(HttpMethod.Post, "rules", $$"""
            {"ref": "{{name}}", "label": "A rule", "trigger_ref": "core.webhook", "action_ref": "core.echo", "conditions": [{"field": "a", "operator": "exists"}]}
            """, HttpStatusCode.Created);

        await RefusedAsync(HttpMethod.Put, $"rules/{name}", body, HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR", field);

        var rule = await Api.DataAsync($"/api/v1/rules/{name}");
        Assert.That((rule.GetProperty("version").GetInt32(), rule.GetProperty("conditions").GetArrayLength()), Is.EqualTo((1, 1)));
    }

    [TestCase("null")]
    [TestCase("")]
    public async Task A_body_that_is_not_there_is_told_in_the_callers_words(string body)
    {
        var (status, answer) = await Api.SendRawAsync(HttpMethod.Post, "/api/v1/rules", Encoding.UTF8.GetBytes(body), "application/json");

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer, Does.Contain("must be a JSON object"));
    }

    [Test]
    public async Task Bytes_that_are_not_utf_8_are_refused()
    {
        byte[] body = [.. "{\"ref\": \"http.bytes\", \"trigger_ref\": \"core.webhook\", \"action_ref\": \"core.echo\", \"label\": \""u8,
            0xFF, 0xE9, .. "\"}"u8];

        var (status, answer) = await Api.SendRawAsync(HttpMethod.Post, "/api/v1/rules", body, "application/json");

        Assert.That((int)status, Is.EqualTo(400).Or.EqualTo(422), answer);
        var (deep, text) = await Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/rules",
            Encoding.UTF8.GetBytes($$"""{"ref": "http.deep", "action_params": {"a": {{new string('[', 400)}}{{new string(']', 400)}} } }"""), "application/json");
        Assert.That((int)deep, Is.EqualTo(400).Or.EqualTo(422), text);
    }

    [TestCase("enforcements/999999999", 404, null)]
    [TestCase("executions/999999999", 404, null)]
    [TestCase("workers/999999999", 404, null)]
    [TestCase("actions/no.such", 404, null)]
    [TestCase("rules/no.such", 404, null)]
    [TestCase("rules/no.such/versions", 404, null)]
    [TestCase("packs/nope/rules", 404, null)]
    [TestCase("packs/nope/rules?page=7", 404, null)]
    [TestCase("actions/no.such/rules", 404, null)]
    [TestCase("triggers/no.such/rules", 404, null)]
    [TestCase("packs/nope/triggers", 404, null)]
    [TestCase("enforcements/abc", 400, "id")]
    [TestCase("enforcements/99999999999999999999", 400, "id")]
    [TestCase("enforcements?status=pending", 400, "status")]
    [TestCase("enforcements?rule=abc", 400, "rule")]
    [TestCase("enforcements?since=yesterday", 400, "since")]
    [TestCase("enforcements?rule_ref=a%00b", 400, "rule_ref")]
    [TestCase("enforcements?cursor=nonsense", 400, "cursor")]
    [TestCase("executions?status=running,done", 400, "status")]
    [TestCase("executions/status/done", 400, "status")]
    [TestCase("executions/abc/history", 400, "id")]
    [TestCase("executions/stats", 400, "id")]
    [TestCase("executions/stream", 400, "id")]
    [TestCase("actions/search", 404, null)]
    [TestCase("enforcements?include_total=maybe", 400, "include_total")]
    [TestCase("executions?from=2030-01-01", 400, "from")]
    [TestCase("rules/core.heartbeat/versions/x", 400, "version")]
    [TestCase("rules/core.heartbeat/versions/99999999999", 404, "version")]
    [TestCase("rules/core.heartbeat/versions/1/diff?against=0", 400, "against")]
    [TestCase("executions?top_level_only=maybe", 400, "top_level_only")]
    [TestCase("enforcements/1/history", 404, null)]
    public async Task A_request_that_cannot_be_answered_is_refused_with_the_reason(string path, int status, string? field) =>
        await RefusedAsync(HttpMethod.Get, path, null, (HttpStatusCode)status, status == 404 ? "NOT_FOUND" : "BAD_REQUEST", field);

    [TestCase("executions/status/COMPLETED")]
    [TestCase("executions?status=Completed,FAILED")]
    [TestCase("packs/core/rules?page=1000")]
    [TestCase("packs/core/triggers")]
    [TestCase("actions/core.noop/rules")]
    [TestCase("triggers/core.date_time/rules")]
    public async Task A_status_is_read_in_upper_case_too_and_what_has_no_rules_has_an_empty_list(string path) =>
        Assert.That((await Api.GetAsync($"/api/v1/{path}")).GetProperty("data").ValueKind, Is.EqualTo(JsonValueKind.Array));

    [Test]
    public async Task The_rules_of_a_trigger_that_is_gone_are_listed_as_long_as_there_are_any()
    {
        var (trigger, rule) = (NewName("trigger"), NewName("rule"));
        await Api.PostAsync("/api/v1/triggers", new { @ref = trigger, label = trigger });
        await Api.RuleAsync(rule, trigger, Array.Empty<object>());

        await SendAsync(HttpMethod.Delete, $"triggers/{trigger}", null, HttpStatusCode.OK);
        Assert.That(await RefsAsync($"triggers/{trigger}/rules"), Is.EqualTo(new[] { rule }));
        Assert.That(await RefsAsync($"triggers/{trigger}/rules?page=2"), Is.Empty);
        await SendAsync(HttpMethod.Delete, $"rules/{rule}", null, HttpStatusCode.OK);

        await RefusedAsync(HttpMethod.Get, $"triggers/{trigger}/rules", null, HttpStatusCode.NotFound, "NOT_FOUND", null);
    }

    [TestCase("rules", "http.back_rule", """{"label": "L", "trigger_ref": "core.webhook", "action_ref": "core.echo"}""")]
    [TestCase("triggers", "http.back_trigger", """{"label": "L", "webhook_config": {"hmac": {"enabled": true, "secret": "s"}}}""")]
    [TestCase("actions", "http.back_action", """{"label": "L", "param_schema": {"n": {"type": "integer"}}}""")]
    public async Task An_answer_can_be_sent_back_as_it_came(string kind, string name, string body)
    {
        var made = await SendAsync(HttpMethod.Post, kind, $$"""{"ref": "{{name}}", {{body[1..]}}""", HttpStatusCode.Created);

        var put = await SendAsync(HttpMethod.Put, $"{kind}/{name}", made.GetProperty("data").GetRawText(), HttpStatusCode.OK);

        var changed = JsonElement.Parse(put.GetProperty("data").GetRawText().Replace(
            put.GetProperty("data").GetProperty("updated").GetString()!, made.GetProperty("data").GetProperty("updated").GetString(),
            StringComparison.Ordinal));
        Assert.That(JsonElement.DeepEquals(changed, made.GetProperty("data")), $"{changed}");
    }

    [Test]
    public async Task An_unknown_status_names_those_that_there_are()
    {
        var (_, body) = await Api.SendRawAsync(HttpMethod.Get, "/api/v1/enforcements?status=pending", null, null);

        Assert.That(body, Does.Contain("created, processed, disabled"));
    }

    [Test]
    public async Task An_enforcement_that_is_not_there_is_not_found_by_its_id()
    {
        var (_, body) = await Api.SendRawAsync(HttpMethod.Get, "/api/v1/enforcements/999999999", null, null);

        Assert.That(JsonElement.Parse(body).GetProperty("error").GetString(), Is.EqualTo("Enforcement with ID 999999999 not found"));
    }

    [Test]
    public async Task An_enforcement_and_its_execution_are_read_by_event_rule_and_status()
    {
        var trigger = NewName("trigger");
        var name = NewName("rule");
        await Api.PostAsync("/api/v1/triggers", new { @ref = trigger, label = trigger });
        await Api.RuleAsync(name, trigger, Array.Empty<object>(), new { said = "{{ event.payload.say }}" });
        var happened = (await Api.PostAsync(
            "/api/v1/events", new { trigger_ref = trigger, payload = new { say = "<b>hello</b>" } })).GetProperty("data");
        var path =
            $"/api/v1/enforcements?event={happened.GetProperty("id")}&rule_ref={name}&trigger_ref={trigger}&status=processed,created";
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync(path)) is [var one] && one.GetProperty("status").GetString() == "processed",
            "it is processed");

        var listed = (await Api.ListAsync(path)).Single();
        Assert.That(
            listed.EnumerateObject().Select(member => member.Name),
            Is.EquivalentTo(new[] { "id", "rule", "rule_ref", "rule_version", "trigger_ref", "event", "status", "condition", "created",
                "resolved_at", "shadow" }));
        var enforcement = await Api.DataAsync($"/api/v1/enforcements/{listed.GetProperty("id")}");
        Assert.That(enforcement.GetProperty("resolved_at").GetString(), Is.EqualTo(listed.GetProperty("resolved_at").GetString()));
        Assert.That(enforcement.GetProperty("created").GetString(), Is.EqualTo(happened.GetProperty("created").GetString()));
        Assert.That(enforcement.GetProperty("config").GetProperty("said").GetString(), Is.EqualTo("<b>hello</b>"));

        var executions = $"/api/v1/enforcements/{enforcement.GetProperty("id")}/executions";
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync(executions)) is [var one] && one.GetProperty("status").GetString() == "completed",
            "it is completed");
        var id = (await Api.ListAsync(executions)).Single().GetProperty("id");
        var execution = await Api.DataAsync($"/api/v1/executions/{id}");
        Assert.That(execution.GetProperty("result").GetProperty("data").GetProperty("said").GetString(), Is.EqualTo("<b>hello</b>"));
        Assert.That(execution.TryGetProperty("env_vars", out _), Is.False);
        foreach (var filter in new[]
        {
            $"executions?rule_ref={name}", $"executions?trigger_ref={trigger}", $"executions?rule_ref={name}&status=completed,failed",
            $"executions/status/completed?rule_ref={name}", $"executions?rule_ref={name}&pack_name=core&top_level_only=true",
            $"executions?rule_ref={name}&result_contains=HELLO", $"executions?rule_ref={name}&worker={execution.GetProperty("worker")}",
        })
        {
            Assert.That(
                (await Api.ListAsync($"/api/v1/{filter}")).Single().GetProperty("id").GetInt64(), Is.EqualTo(id.GetInt64()), filter);
        }

        var worker = await Api.DataAsync($"/api/v1/workers/{execution.GetProperty("worker")}");
        Assert.That((await Api.ListAsync("/api/v1/workers")).Select(one => one.GetProperty("name").GetString()), Does.Contain(
            worker.GetProperty("name").GetString()));
    }

    [Test]
    public async Task An_action_is_run_when_it_is_asked_for()
    {
        var asked = await SendAsync(
            HttpMethod.Post, "executions/execute", """{"action_ref": "core.echo", "parameters": {"a": 1}, "env_vars": {}}""",
            HttpStatusCode.Created);
        var id = asked.GetProperty("data").GetProperty("id");

        await Eventually.HoldsAsync(
            async () => (await Api.DataAsync($"/api/v1/executions/{id}")).GetProperty("status").GetString() == "completed",
            "it is completed");
        var result = (await Api.DataAsync($"/api/v1/executions/{id}")).GetProperty("result");
        Assert.That(result.GetProperty("data").GetProperty("a").GetInt32(), Is.EqualTo(1));

        await RefusedAsync(
            HttpMethod.Post, "executions/execute", """{"action_ref": "no.such"}""", HttpStatusCode.NotFound, "NOT_FOUND", "action_ref");
        await RefusedAsync(
            HttpMethod.Post, "executions/execute", "{}", HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR", "action_ref");
        await RefusedAsync(
            HttpMethod.Post, "executions/execute", """{"action_ref": "core.echo", "parameters": [1]}""",
            HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR", "parameters");
        await RefusedAsync(
            HttpMethod.Post, "executions/execute", """{"action_ref": "core.echo", "parameters": {"a": "\u0000"}}""",
            HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR", "parameters.a");
        await RefusedAsync(
            HttpMethod.Post, "executions/execute", """{"action_ref": "core.echo", "env_vars": {"A": "b"}}""",
            HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR", "env_vars");
    }

    [Test]
    public async Task Actions_are_listed_page_by_page()
    {
        var first = await Api.GetAsync("/api/v1/actions?page_size=1&include_total=true");
        var second = await Api.GetAsync(
            $"/api/v1/actions?page_size=1&cursor={first.GetProperty("pagination").GetProperty("next_cursor").GetString()}");

        Assert.That(first.GetProperty("pagination").GetProperty("total_items").GetInt64(), Is.GreaterThanOrEqualTo(2));
        Assert.That(
            new[] { first, second }.Select(page => page.GetProperty("data")[0].GetProperty("ref").GetString()), Is.Unique.And.Ordered);
        Assert.That((await Api.DataAsync("/api/v1/actions/core.echo")).GetProperty("label").GetString(), Is.EqualTo("Echo"));
        Assert.That(await Api.ListAsync("/api/v1/actions?page=1000"), Is.Empty);
    }

    private static string NewName(string name) => $"http.{name}_{Interlocked.Increment(ref s_number)}";

    private async Task<IEnumerable<string?>> RefsAsync(string path) =>
        (await Api.ListAsync($"/api/v1/{path}")).Select(rule => rule.GetProperty("ref").GetString());

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        var (status, answer) = await Api.SendRawAsync(
            method, $"/api/v1/{path}", body is null ? null : Encoding.UTF8.GetBytes(body), body is null ? null : "application/json");
        Assert.That(status, Is.EqualTo(expected), answer);
        return JsonElement.Parse(answer);
    }

    private async Task RefusedAsync(HttpMethod method, string path, string? body, HttpStatusCode status, string code, string? field)
    {
        var answer = await SendAsync(method, path, body, status);
        Assert.That(answer.GetProperty("code").GetString(), Is.EqualTo(code), answer.GetRawText());
        Assert.That(answer.GetProperty("error").GetString(), Is.Not.Empty);
        Assert.That(
            answer.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null, Is.EqualTo(field),
            answer.GetRawText());
    }
}
