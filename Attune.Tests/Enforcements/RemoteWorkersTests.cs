using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Workers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>A worker that is a program of its own, over HTTP, on a real host.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class RemoteWorkersTests(DatabaseEngine engine) : HostTest(engine)
{
    private static int s_number;

    // What each worker was given when it registered.
    private readonly ConcurrentDictionary<long, string> _tokens = [];

    private NpgsqlDataSource Database => Running.Services.GetRequiredService<NpgsqlDataSource>();

    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task A_worker_registers_claims_and_completes()
    {
        var action = await NewActionAsync("""{"n": {"type": "integer", "required": true}, "greeting": {"default": "hello"}}""");
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action, """{"n": 1}""");

        var offered = (await ClaimAsync(worker)).Single();
        Assert.That(offered.GetProperty("id").GetInt64(), Is.EqualTo(id));
        Assert.That(offered.GetProperty("config").GetRawText(), Does.Contain("\"hello\"").And.Contain("\"n\""));
        Assert.That(offered.GetProperty("timeout_seconds").GetInt32(), Is.EqualTo(300));
        Assert.That(await ClaimAsync(worker), Is.Empty, "it is leased already");
        var done = await AnswerAsync(worker, offered, "complete", """, "result": {"sum": 3}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(done.GetProperty("status").GetString(), Is.EqualTo("completed"));
            Assert.That(done.GetProperty("worker").GetInt64(), Is.EqualTo(worker));
            Assert.That(done.GetProperty("result").GetProperty("succeeded").GetBoolean(), Is.True);
            Assert.That(done.GetProperty("result").GetProperty("data").GetProperty("sum").GetInt32(), Is.EqualTo(3));
            Assert.That(done.GetProperty("result").GetProperty("duration_ms").GetInt64(), Is.Not.Negative);
        }

        var again = await AnswerAsync(worker, offered, "complete", """, "result": {"sum": 4}""");
        Assert.That(
            again.GetProperty("result").GetProperty("data").GetProperty("sum").GetInt32(), Is.EqualTo(3), "an answer is taken once");
        await RefusedAsync($"workers/{worker}/executions/{id}/fail", $$"""{"claim": "{{Token(offered)}}", "error": "no"}""",
            HttpStatusCode.Conflict, "claim");

        Assert.That(
            (await Api.ListAsync($"/api/v1/executions/{id}/history")).Reverse()
                .Select(entry => entry.GetProperty("new_values").GetProperty("status").GetString()),
            Is.EqualTo(new[] { "requested", "scheduled", "running", "completed" }));
    }

    [TestCase("complete", """, "result": {"log": "a\u0000b", "half": "\ud800"}""", "completed")]
    [TestCase("fail", """, "error": "a\u0000b", "result": {"log": "a\u0000b", "half": "\ud800"}, "retry": false""", "failed")]
    public async Task A_result_with_what_cannot_be_stored_is_repaired_and_its_execution_ends(string how, string fields, string status)
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);

        await AnswerAsync(worker, (await ClaimAsync(worker)).Single(), how, fields);

        var execution = await Api.DataAsync($"/api/v1/executions/{id}");
        Assert.That(execution.GetProperty("status").GetString(), Is.EqualTo(status));
        Assert.That(execution.GetProperty("result").GetProperty("repaired").GetBoolean(), Is.True);
        var data = execution.GetProperty("result").GetProperty("data");
        Assert.That(
            (data.GetProperty("log").GetString(), data.GetProperty("half").GetString()), Is.EqualTo(("a\uFFFDb", "\uFFFD")));
    }

    [TestCase("complete", """, "result": {"sum": 1e999999}""", "result.sum")]
    [TestCase("complete", """, "result": {"sums": [1, -1e-99999]}""", "result.sums[1]")]
    [TestCase("complete", """, "result": "LONG" """, "result")]
    [TestCase("complete", """, "result": DEEP""", "result[0]")]
    [TestCase("fail", """, "error": "It broke.", "result": 1e999999, "retry": false""", "result")]
    [TestCase("fail", """, "error": "It broke.", "result": "LONG", "retry": false""", "result")]
    public async Task A_result_that_cannot_be_stored_is_refused_and_its_execution_has_failed(string how, string fields, string field)
    {
        var action = await NewActionAsync(maxRetries: 2);
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);
        var claim = Token((await ClaimAsync(worker)).Single());
        fields = fields.Replace("LONG", new string('x', 1024 * 1024)).Replace("DEEP", new string('[', 999) + new string(']', 999));

        await RefusedAsync(
            $"workers/{worker}/executions/{id}/{how}", $$"""{"claim": "guessed"{{fields}}}""", HttpStatusCode.Conflict, "claim");
        Assert.That((await Api.DataAsync($"/api/v1/executions/{id}")).GetProperty("status").GetString(), Is.EqualTo("running"));
        var answer = await SendAsync(
            $"workers/{worker}/executions/{id}/{how}", $$"""{"claim": "{{claim}}"{{fields}}}""", HttpStatusCode.UnprocessableEntity);

        Assert.That(answer.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field).Or.StartsWith("result[0][0]"));
        var execution = await Api.DataAsync($"/api/v1/executions/{id}");
        Assert.That(execution.GetProperty("status").GetString(), Is.EqualTo("failed"));
        Assert.That(execution.GetProperty("result").GetProperty("error").GetString(), Does.Contain("cannot be stored: result"));
        Assert.That(await ClaimAsync(worker), Is.Empty, "it was done, and is not done again");
    }

    [TestCase("""{"claim": "CLAIM", "result": "LONG"}""", "failed")]
    [TestCase("""{"result": "LONG", "claim": "CLAIM"}""", "running")]
    public async Task A_result_that_is_too_large_to_be_read_ends_an_execution_whose_claim_comes_before_it(string body, string status)
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);
        var claim = Token((await ClaimAsync(worker)).Single());
        body = body.Replace("CLAIM", claim).Replace("LONG", new string('x', 9 * 1024 * 1024));

        var (refused, _) = await Api.SendRawAsync(
            HttpMethod.Post, $"/api/v1/workers/{worker}/executions/{id}/complete", Encoding.UTF8.GetBytes(body), "application/json");

        Assert.That(refused, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That((await Api.DataAsync($"/api/v1/executions/{id}")).GetProperty("status").GetString(), Is.EqualTo(status));
    }

    [Test]
    public async Task A_claim_waits_until_there_is_something_to_do()
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        var waiting = ClaimAsync(worker, """{"wait_seconds": 60, "limit": 10}""");
        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>("SELECT last_heartbeat > created FROM worker WHERE id = @worker", new { worker }), "it has asked");

        var id = await RequestAsync(action);

        Assert.That((await waiting).Single().GetProperty("id").GetInt64(), Is.EqualTo(id));
        Assert.That(await ClaimAsync(worker, """{"wait_seconds": 0}"""), Is.Empty);
    }

    [Test]
    public async Task A_claim_that_nobody_waits_for_any_more_takes_nothing()
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        using var gone = new CancellationTokenSource();
        var waiting = Running.Services.GetRequiredService<RemoteClaims>().ClaimAsync(
            worker, [action], 5, CancellationToken.None, gone.Token);
        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>("SELECT last_heartbeat > created FROM worker WHERE id = @worker", new { worker }), "it has asked");

        await gone.CancelAsync();
        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        var id = await RequestAsync(action);

        Assert.That((await ClaimAsync(worker)).Single().GetProperty("id").GetInt64(), Is.EqualTo(id));
    }

    [Test]
    public async Task An_execution_that_its_worker_does_not_know_of_is_requeued_once_the_worker_says_so()
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        var (known, lost) = (await RequestAsync(action), await RequestAsync(action));
        await ClaimAsync(worker, """{"limit": 2}""");
        var says = $$"""{"executions": [{{known}}], "token": "{{_tokens[worker]}}"}""";

        await SendAsync($"workers/{worker}/heartbeat", says, HttpStatusCode.OK);
        Assert.That(await LostAsync(lost), Is.EqualTo(("running", 0)), "the answer to the claim may be on its way");
        await ExecuteAsync("UPDATE execution SET started_at = started_at - INTERVAL '31 seconds' WHERE id = ANY(@ids)",
            new { ids = new[] { known, lost } });
        await SendAsync($"workers/{worker}/heartbeat", null, HttpStatusCode.OK);
        Assert.That(await LostAsync(lost), Is.EqualTo(("running", 0)), "nothing was said of it");

        var held = (await SendAsync($"workers/{worker}/heartbeat", says, HttpStatusCode.OK)).GetProperty("data").GetProperty("executions");
        Assert.That(held.EnumerateArray().Single().GetProperty("id").GetInt64(), Is.EqualTo(known));
        Assert.That(await LostAsync(lost), Is.EqualTo(("requested", 1)));
        Assert.That(await LostAsync(known), Is.EqualTo(("running", 0)));

        Assert.That((await ClaimAsync(worker, $$"""{"executions": [], "token": "{{_tokens[worker]}}"}""")).Single().GetProperty(
            "id").GetInt64(), Is.EqualTo(known), "older than the other");
        await RefusedAsync($"workers/{worker}/heartbeat", """{"executions": ["x"]}""", HttpStatusCode.UnprocessableEntity, "executions[0]");
    }

    [Test]
    public async Task Workers_at_two_hosts_claim_several_at_once_and_no_execution_twice()
    {
        await using var second = await Running.StartAnotherAsync();
        var action = await NewActionAsync();
        var ids = await ListAsync<long>(
            "INSERT INTO execution (action_ref, max_retries) SELECT @action, 0 FROM generate_series(1, 200) RETURNING id", new { action });
        var workers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RegisterAsync(action)));
        var apis = new[] { Api, second.Api, Api, second.Api };

        var claimed = await Task.WhenAll(workers.Select(async (worker, index) =>
        {
            var all = new List<long>();
            while (await ClaimAsync(worker, """{"limit": 7}""", apis[index]) is { Count: > 0 } some)
            {
                all.AddRange(some.Select(one => one.GetProperty("id").GetInt64()));
                foreach (var one in some)
                {
                    await AnswerAsync(worker, one, "complete", "", apis[^(index + 1)]);
                }
            }

            return all;
        }));

        Assert.That(claimed.SelectMany(all => all), Is.EquivalentTo(ids));
        Assert.That(
            await ScalarAsync<bool>("SELECT bool_and(status = 'completed') FROM execution WHERE id = ANY(@ids)", new { ids }), Is.True);
    }

    [Test]
    public async Task An_execution_that_failed_is_attempted_again_unless_the_worker_says_that_it_is_no_use()
    {
        var action = await NewActionAsync(maxRetries: 1);
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);

        var failed = await AnswerAsync(
            worker, (await ClaimAsync(worker)).Single(), "fail", """, "error": "It broke.", "result": {"line": 3}""");
        Assert.That(failed.GetProperty("status").GetString(), Is.EqualTo("failed"));
        Assert.That(failed.GetProperty("result").GetProperty("error").GetString(), Is.EqualTo("It broke."));
        Assert.That(failed.GetProperty("result").GetProperty("data").GetProperty("line").GetInt32(), Is.EqualTo(3));
        var next = (await Api.ListAsync($"/api/v1/executions?original_execution={id}")).Single().GetProperty("id").GetInt64();
        await ExecuteAsync("UPDATE execution SET not_before = now() WHERE id = @next", new { next });
        var attempt = (await ClaimAsync(worker)).Single();
        Assert.That((attempt.GetProperty("id").GetInt64(), attempt.GetProperty("retry_count").GetInt32()), Is.EqualTo((next, 1)));
        await AnswerAsync(worker, attempt, "complete", "");

        var hopeless = await RequestAsync(action);
        await AnswerAsync(worker, (await ClaimAsync(worker)).Single(), "fail", """, "error": "Never.", "retry": false""");
        Assert.That(await Api.ListAsync($"/api/v1/executions?original_execution={hopeless}"), Is.Empty);
    }

    [Test]
    public async Task A_worker_that_is_silent_is_lost_its_late_answer_is_refused_and_a_heartbeat_makes_it_active_again()
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);
        var offered = (await ClaimAsync(worker)).Single();
        await ExecuteAsync("UPDATE worker SET last_heartbeat = now() - INTERVAL '91 seconds' WHERE id = @worker", new { worker });
        await LookAsync();

        Assert.That((await Api.DataAsync($"/api/v1/workers/{worker}")).GetProperty("status").GetString(), Is.EqualTo("inactive"));
        var requeued = await Api.DataAsync($"/api/v1/executions/{id}");
        Assert.That(
            (requeued.GetProperty("status").GetString(), requeued.GetProperty("lost_count").GetInt32()), Is.EqualTo(("requested", 1)));
        await RefusedAsync(
            $"workers/{worker}/executions/{id}/complete", $$"""{"claim": "{{Token(offered)}}"}""", HttpStatusCode.Conflict, "claim");

        var beat = await SendAsync($"workers/{worker}/heartbeat", null, HttpStatusCode.OK);
        Assert.That(beat.GetProperty("data").GetProperty("worker").GetProperty("status").GetString(), Is.EqualTo("active"));
        Assert.That(beat.GetProperty("data").GetProperty("executions").GetArrayLength(), Is.Zero);
        await RefusedAsync(
            $"workers/{worker}/executions/{id}/complete", $$"""{"claim": "{{Token(offered)}}"}""", HttpStatusCode.Conflict, "claim");

        var second = (await ClaimAsync(worker)).Single();
        Assert.That(second.GetProperty("id").GetInt64(), Is.EqualTo(id));
        await RefusedAsync(
            $"workers/{worker}/executions/{id}/complete", $$"""{"claim": "{{Token(offered)}}"}""", HttpStatusCode.Conflict, "claim");
        Assert.That((await AnswerAsync(worker, second, "complete", "")).GetProperty("status").GetString(), Is.EqualTo("completed"));

        var history = (await Api.ListAsync($"/api/v1/workers/{worker}/history")).Reverse().Select(
            entry => entry.GetProperty("new_values").GetProperty("status").GetString());
        Assert.That(history, Is.EqualTo(new[] { "active", "inactive", "active" }));
    }

    [Test]
    public async Task A_worker_learns_of_a_cancel_by_its_heartbeat_and_ends_the_execution()
    {
        var action = await NewActionAsync(maxRetries: 3);
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);
        var offered = (await ClaimAsync(worker)).Single();

        var cancelled = await SendAsync($"executions/{id}/cancel", null, HttpStatusCode.OK);
        Assert.That(cancelled.GetProperty("data").GetProperty("status").GetString(), Is.EqualTo("canceling"));
        var held = (await SendAsync($"workers/{worker}/heartbeat", Itself(worker), HttpStatusCode.OK)).GetProperty("data").GetProperty(
            "executions")[0];
        Assert.That(
            (held.GetProperty("id").GetInt64(), held.GetProperty("claim").GetString(), held.GetProperty("status").GetString()),
            Is.EqualTo((id, Token(offered), "canceling")));
        var ended = await AnswerAsync(worker, offered, "fail", """, "error": "Stopped." """);

        Assert.That(ended.GetProperty("status").GetString(), Is.EqualTo("cancelled"));
        Assert.That(await Api.ListAsync($"/api/v1/executions?original_execution={id}"), Is.Empty);
        await SendAsync($"executions/{id}/cancel", null, HttpStatusCode.OK);
        await RefusedAsync("executions/999999999/cancel", null, HttpStatusCode.NotFound, null);
    }

    [Test]
    public async Task An_execution_is_requeued_when_its_worker_releases_it_stops_or_registers_again()
    {
        var action = await NewActionAsync();
        var name = NewName("worker");
        var worker = await RegisterAsync(action, name);
        var id = await RequestAsync(action);

        await AnswerAsync(worker, (await ClaimAsync(worker)).Single(), "release", "");
        Assert.That(await LostAsync(id), Is.EqualTo(("requested", 0)));

        await ClaimAsync(worker);
        var stopped = await SendAsync($"workers/{worker}/stop", Itself(worker), HttpStatusCode.OK);
        Assert.That(stopped.GetProperty("data").GetProperty("status").GetString(), Is.EqualTo("inactive"));
        Assert.That(await LostAsync(id), Is.EqualTo(("requested", 0)), "stopping in good order is no loss");

        await ClaimAsync(worker);
        Assert.That(await RegisterAsync(action, name, _tokens[worker]), Is.EqualTo(worker), "a name is one worker");
        Assert.That(await LostAsync(id), Is.EqualTo(("requested", 1)));
    }

    [Test]
    public async Task Parameters_that_the_action_does_not_take_never_reach_a_worker()
    {
        var action = await NewActionAsync("""{"n": {"type": "integer", "required": true}}""");
        var worker = await RegisterAsync(action);
        var unfit = await ScalarAsync<long>(
            """INSERT INTO execution (action_ref, config) VALUES (@action, '{"n": "x"}') RETURNING id""", new { action });

        Assert.That(await ClaimAsync(worker), Is.Empty);
        var failed = await Api.DataAsync($"/api/v1/executions/{unfit}");
        Assert.That(failed.GetProperty("result").GetProperty("error").GetString(), Is.EqualTo("parameters.n must be a whole number."));
        await RefusedAsync("executions/execute", $$"""{"action_ref": "{{action}}"}""", HttpStatusCode.UnprocessableEntity, "parameters.n");
    }

    [Test]
    public async Task A_request_that_cannot_be_accepted_is_refused_by_the_name_of_its_field()
    {
        var action = await NewActionAsync();
        var worker = await RegisterAsync(action);
        var id = await RequestAsync(action);
        var answer = $"workers/{worker}/executions/{id}";
        var claim = $"\"claim\": \"{Token((await ClaimAsync(worker)).Single())}\"";
        var builtIn = await ScalarAsync<long>("SELECT id FROM worker WHERE worker_type = 'local' LIMIT 1");
        const HttpStatusCode invalid = HttpStatusCode.UnprocessableEntity;

        foreach (var (path, body, status, field) in new (string, string?, HttpStatusCode, string?)[]
        {
            ("workers", "{}", invalid, "name"),
            ("workers", """{"name": "machine/1"}""", invalid, "name"),
            ("workers", """{"name": "a", "worker_type": "local"}""", invalid, "worker_type"),
            ("workers", """{"name": "a", "worker_role": "sensor"}""", invalid, "worker_role"),
            ("workers", """{"name": "a", "port": 0}""", invalid, "port"),
            ("workers", """{"name": "a", "port": "x"}""", invalid, "port"),
            ("workers", """{"name": "a", "host": "\u0000"}""", invalid, "host"),
            ("workers", """{"name": "a", "actions": ["x"]}""", invalid, "actions[0]"),
            ("workers", """{"name": "a", "capabilities": []}""", invalid, "capabilities"),
            ("workers", """{"name": "a", "meta": {"a": "\u0000"}}""", invalid, "meta.a"),
            ("workers", """{"name": "a", "token": "too short"}""", invalid, "token"),
            ($"workers/{worker}/heartbeat", """{"token": "not the one of this worker"}""", HttpStatusCode.Forbidden, "token"),
            ($"workers/{worker}/heartbeat", """{"executions": []}""", HttpStatusCode.Forbidden, "token"),
            ($"workers/{worker}/claim", """{"executions": []}""", HttpStatusCode.Forbidden, "token"),
            ($"workers/{worker}/stop", null, HttpStatusCode.Forbidden, "token"),
            ("workers/999999/heartbeat", null, HttpStatusCode.NotFound, null),
            ("workers/999999/claim", "{}", HttpStatusCode.NotFound, null),
            ($"workers/{builtIn}/heartbeat", null, HttpStatusCode.Conflict, null),
            ($"workers/{builtIn}/claim", """{"actions": ["core.echo"]}""", HttpStatusCode.Conflict, null),
            ($"workers/{builtIn}/stop", null, HttpStatusCode.Conflict, null),
            ($"workers/{worker}/claim", """{"limit": 101}""", invalid, "limit"),
            ($"workers/{worker}/claim", """{"limit": 0}""", invalid, "limit"),
            ($"workers/{worker}/claim", """{"wait_seconds": 61}""", invalid, "wait_seconds"),
            ($"workers/{worker}/claim", """{"actions": []}""", invalid, "actions"),
            ($"{answer}/complete", "{}", invalid, "claim"),
            ($"{answer}/complete", """{"claim": ""}""", invalid, "claim"),
            ($"{answer}/complete", $$"""{"claim": "{{new string('x', 101)}}"}""", invalid, "claim"),
            ($"{answer}/complete", """{"claim": "1"}""", HttpStatusCode.Conflict, "claim"),
            ($"{answer}/fail", $$"""{ {{claim}} }""", invalid, "error"),
            ($"workers/{worker}/executions/999999999/complete", $$"""{ {{claim}} }""", HttpStatusCode.NotFound, null),
            ($"workers/999999/executions/{id}/complete", $$"""{ {{claim}} }""", HttpStatusCode.NotFound, null),
            ($"workers/{builtIn}/executions/{id}/complete", $$"""{ {{claim}} }""", HttpStatusCode.Conflict, null),
        })
        {
            await RefusedAsync(path, body, status, field);
        }

        Assert.That((await Api.DataAsync($"/api/v1/executions/{id}")).GetProperty("status").GetString(), Is.EqualTo("running"));
    }

    [Test]
    public async Task Actions_are_made_changed_and_deleted()
    {
        var name = $"remote.action_{Interlocked.Increment(ref s_number)}";
        var made = (await SendAsync("actions", $$$"""
            {"ref": "{{{name}}}", "label": "An action", "param_schema": {"n": {"type": "integer"}}, "timeout_seconds": 5, "max_retries": 2}
            """, HttpStatusCode.Created)).GetProperty("data");
        Assert.That((made.GetProperty("is_adhoc").GetBoolean(), made.GetProperty("pack_ref").GetString()), Is.EqualTo((true, "remote")));

        await RefusedAsync("actions", $$"""{"ref": "{{name}}", "label": "Again"}""", HttpStatusCode.Conflict, "ref");
        foreach (var (body, field) in new[]
        {
            ("""{"ref": "x", "label": "L"}""", "ref"), ("""{"ref": "aa.b"}""", "label"), ("""{"ref": "Ab.c", "label": "L"}""", "ref"),
            ("""{"ref": "aa.b", "label": "L", "param_schema": {"n": {"type": "text"}}}""", "param_schema.n.type"),
            ("""{"ref": "aa.b", "label": "L", "timeout_seconds": -1}""", "timeout_seconds"),
            ("""{"ref": "aa.b", "label": "L", "max_retries": 101}""", "max_retries"),
        })
        {
            await RefusedAsync("actions", body, HttpStatusCode.UnprocessableEntity, field);
        }

        var changed = (await SendAsync($"actions/{name}", """{"timeout_seconds": 0, "max_retries": 0, "label": "Other"}""",
            HttpStatusCode.OK, HttpMethod.Put)).GetProperty("data");
        Assert.That(changed.GetProperty("timeout_seconds").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((changed.GetProperty("max_retries").GetInt32(), changed.GetProperty("label").GetString()), Is.EqualTo((0, "Other")));
        Assert.That(changed.GetProperty("param_schema").GetProperty("n").GetProperty("type").GetString(), Is.EqualTo(
            "integer"), "what is left out stays");

        await SendAsync($"actions/{name}", null, HttpStatusCode.OK, HttpMethod.Delete);
        await SendAsync($"actions/{name}", null, HttpStatusCode.NotFound, HttpMethod.Delete);
        await SendAsync("actions/core.echo", null, HttpStatusCode.Conflict, HttpMethod.Delete);
    }

    private static string Token(JsonElement offered) => offered.GetProperty("claim").GetString()!;

    private static string NewName(string name) => $"remote-{name}-{Interlocked.Increment(ref s_number)}";

    private Task LookAsync() => new LostWorkers(
        Database, Running.Services.GetRequiredService<LeaseEndings>(), Running.Services.GetRequiredService<IOptions<WorkersOptions>>(),
        TimeProvider.System, NullLogger<LostWorkers>.Instance)
        .LookAsync(TimeRange.Always.Since, Cancellation);

    private async Task<string> NewActionAsync(string schema = "{}", int maxRetries = 0)
    {
        var name = $"remote.action_{Interlocked.Increment(ref s_number)}";
        await SendAsync("actions", $$$"""
            {"ref": "{{{name}}}", "label": "An action", "param_schema": {{{schema}}}, "timeout_seconds": 300, "max_retries": {{{maxRetries}}}}
            """, HttpStatusCode.Created);
        return name;
    }

    private string Itself(long worker) => $$"""{"token": "{{_tokens[worker]}}"}""";

    private async Task<long> RegisterAsync(string action, string? name = null, string? token = null)
    {
        name ??= NewName("worker");
        var made = (await SendAsync("workers", $$$"""
            {"name": "{{{name}}}", "actions": ["{{{action}}}"], "host": "there", "meta": {"version": 1}, "token": {{{JsonSerializer.Serialize(token)}}} }
            """, HttpStatusCode.Created)).GetProperty("data");
        var id = made.GetProperty("id").GetInt64();
        _tokens[id] = made.GetProperty("token").GetString()!;
        return id;
    }

    private async Task<long> RequestAsync(string action, string parameters = "{}") =>
        (await SendAsync(
            "executions/execute", $$$"""{"action_ref": "{{{action}}}", "parameters": {{{parameters}}} }""", HttpStatusCode.Created))
            .GetProperty("data").GetProperty("id").GetInt64();

    private async Task<IReadOnlyList<JsonElement>> ClaimAsync(long worker, string body = "{}", ApiClient? api = null) =>
        [.. (await SendAsync($"workers/{worker}/claim", body, HttpStatusCode.OK, api: api)).GetProperty("data").EnumerateArray()];

    private async Task<JsonElement> AnswerAsync(long worker, JsonElement offered, string verb, string more, ApiClient? api = null) =>
        (await SendAsync(
            $"workers/{worker}/executions/{offered.GetProperty("id")}/{verb}", $$"""{"claim": "{{Token(offered)}}"{{more}} }""",
            HttpStatusCode.OK, api: api))
            .GetProperty("data");

    private async Task<(string?, int)> LostAsync(long id)
    {
        var execution = await Api.DataAsync($"/api/v1/executions/{id}");
        return (execution.GetProperty("status").GetString(), execution.GetProperty("lost_count").GetInt32());
    }

    private async Task<JsonElement> SendAsync(
        string path, string? body, HttpStatusCode expected, HttpMethod? method = null, ApiClient? api = null)
    {
        var (status, answer) = await (api ?? Api).SendRawAsync(
            method ?? HttpMethod.Post, $"/api/v1/{path}", body is null ? null : Encoding.UTF8.GetBytes(body),
            body is null ? null : "application/json");
        Assert.That(status, Is.EqualTo(expected), $"{path} {answer}");
        return JsonElement.Parse(answer);
    }

    private async Task RefusedAsync(string path, string? body, HttpStatusCode status, string? field)
    {
        var answer = await SendAsync(path, body, status);
        Assert.That(answer.GetProperty("error").GetString(), Is.Not.Empty);
        Assert.That(
            answer.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null, Is.EqualTo(field),
            $"{path} {answer}");
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: Cancellation));
    }

    private async Task<T> ScalarAsync<T>(string sql, object? parameters = null) => (await ListAsync<T>(sql, parameters)).Single();

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: Cancellation))).AsList();
    }
}
