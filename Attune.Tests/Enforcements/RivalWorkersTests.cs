using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>Two programs that want to be the same worker, or to answer for each other.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class RivalWorkersTests(DatabaseEngine engine) : HostTest(engine)
{
    private static int s_number;

    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task The_name_of_a_worker_that_lives_is_registered_again_only_with_its_token()
    {
        var (id, token, execution, _) = await BusyAsync();

        foreach (var wrong in new[] { null, "a token that it never had" })
        {
            var (status, refused) = await RegisterAsync(Name(id), wrong);
            Assert.That((status, Field(refused)), Is.EqualTo((HttpStatusCode.Conflict, "token")));
        }

        Assert.That(await StateAsync(execution), Is.EqualTo(("running", 0)), "a rival ends no lease");
        var (again, owner) = await RegisterAsync(Name(id), token);
        Assert.That((again, owner.GetProperty("data").GetProperty("id").GetInt64()), Is.EqualTo((HttpStatusCode.Created, id)));
        Assert.That(owner.GetProperty("data").GetProperty("token").GetString(), Is.EqualTo(token));
        Assert.That(await StateAsync(execution), Is.EqualTo(("requested", 1)));
    }

    [TestCase("UPDATE worker SET last_heartbeat = now() - INTERVAL '91 seconds' WHERE id = @id")]
    [TestCase("UPDATE worker SET status = 'inactive' WHERE id = @id")]
    public async Task The_name_of_a_worker_that_was_lost_or_stopped_is_anybodys(string end)
    {
        var (id, token, _, _) = await BusyAsync();
        await ExecuteAsync(end, new { id });

        var (status, taken) = await RegisterAsync(Name(id), null);
        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), taken.ToString());
        Assert.That(taken.GetProperty("data").GetProperty("token").GetString(), Is.Not.EqualTo(token));

        var (late, _) = await RegisterAsync(Name(id), token);
        Assert.That(late, Is.EqualTo(HttpStatusCode.Conflict), "now it is the other's");
    }

    [Test]
    public async Task A_worker_that_brings_a_token_of_its_own_can_register_again_whether_or_not_it_heard_the_answer()
    {
        var name = $"rival-{Interlocked.Increment(ref s_number)}";

        var (first, one) = await RegisterAsync(name, "configured by its owner");
        var (second, two) = await RegisterAsync(name, "configured by its owner");

        Assert.That((first, second), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)));
        Assert.That(two.GetProperty("data").GetProperty("id").GetInt64(), Is.EqualTo(one.GetProperty("data").GetProperty("id").GetInt64()));
    }

    [Test]
    public async Task A_claim_cannot_be_made_of_anything_that_is_shown()
    {
        var (id, _, execution, claim) = await BusyAsync();
        var shown = await Api.DataAsync($"/api/v1/executions/{execution}");
        var microseconds = (shown.GetProperty("started_at").GetDateTimeOffset().UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(
            System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(claim, Has.Length.EqualTo(22), "128 bits");
        foreach (var guess in new[] { microseconds, claim[..^1], claim + "A", $"{(char)(claim[0] ^ 1)}{claim[1..]}" })
        {
            var (status, refused) = await PostAsync($"workers/{id}/executions/{execution}/complete", new { claim = guess });
            Assert.That((status, Field(refused)), Is.EqualTo((HttpStatusCode.Conflict, "claim")), guess);
        }

        var everything = shown.ToString()
            + await RawAsync($"executions?worker={id}") + await RawAsync($"executions/{execution}/history") + await RawAsync(
                $"workers/{id}")
            + await RawAsync("workers") + await RawAsync($"workers/{id}/history") + (
                await PostAsync($"workers/{id}/heartbeat", new { })).Answer;
        Assert.That(everything, Does.Not.Contain(claim));
        Assert.That(
            (await PostAsync($"workers/{id}/executions/{execution}/complete", new { claim })).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Claims_and_tokens_are_in_no_message_that_the_database_sends()
    {
        await using var connection = await Running.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Cancellation);
        var messages = new List<string>();
        connection.Notification += (_, message) => messages.Add(message.Payload);
        await connection.ExecuteAsync("LISTEN execution_created; LISTEN execution_status_changed; LISTEN worker_status_changed");

        var (id, token, execution, claim) = await BusyAsync();
        await PostAsync($"workers/{id}/executions/{execution}/complete", new { claim });
        await PostAsync($"workers/{id}/stop", new { token });
        await connection.ExecuteAsync("SELECT 1");

        Assert.That(messages, Has.Some.Contains("completed").And.Some.Contains("inactive"));
        Assert.That(string.Join('\n', messages), Does.Not.Contain(claim).And.Not.Contain(token));
    }

    [Test]
    public async Task Only_the_worker_itself_ends_its_leases_and_is_told_their_claims()
    {
        var (id, token, execution, claim) = await BusyAsync();
        await ExecuteAsync("UPDATE execution SET started_at = started_at - INTERVAL '31 seconds' WHERE id = @execution", new { execution });

        foreach (var (path, body) in new (string, object)[]
        {
            ("heartbeat", new { executions = Array.Empty<long>() }), ("claim", new { executions = Array.Empty<long>() }), ("stop", new { }),
            ("heartbeat", new { token = "that of a rival, made up" }),
        })
        {
            var (status, refused) = await PostAsync($"workers/{id}/{path}", body);
            Assert.That((status, Field(refused)), Is.EqualTo((HttpStatusCode.Forbidden, "token")), path);
        }

        Assert.That(await StateAsync(execution), Is.EqualTo(("running", 0)));
        Assert.That(Held((await PostAsync($"workers/{id}/heartbeat", new { })).Answer).GetProperty("claim").ValueKind, Is.EqualTo(
            JsonValueKind.Null));
        Assert.That(
            Held((await PostAsync($"workers/{id}/heartbeat", new { token })).Answer).GetProperty("claim").GetString(), Is.EqualTo(claim));
        Assert.That((await PostAsync($"workers/{id}/stop", new { token })).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StateAsync(execution), Is.EqualTo(("requested", 0)));
    }

    // As a program of an earlier build did, whose claim was made of when its lease began.
    [Test]
    public async Task A_worker_from_before_there_were_tokens_goes_on_until_it_registers()
    {
        var (id, _, execution, claim) = await BusyAsync();
        await ExecuteAsync("UPDATE worker SET token_hash = NULL WHERE id = @id", new { id });

        Assert.That(Held((await PostAsync($"workers/{id}/heartbeat", new { executions = new[] { execution } })).Answer).GetProperty(
            "claim").GetString(), Is.EqualTo(claim));
        var (status, taken) = await RegisterAsync(Name(id), null);
        Assert.That(status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(taken.GetProperty("data").GetProperty("token").GetString(), Is.Not.Empty);
    }

    private static string Name(long id) => $"rival-of-{id}";

    private static string? Field(JsonElement refused) => refused.GetProperty("details").GetProperty("field").GetString();

    private static JsonElement Held(JsonElement heartbeat) => heartbeat.GetProperty("data").GetProperty("executions")[0];

    /// <summary>A worker that has one execution.</summary>
    private async Task<(long Id, string Token, long Execution, string Claim)> BusyAsync()
    {
        var number = Interlocked.Increment(ref s_number);
        var action = $"rival.action_{number}";
        await PostAsync("actions", new { @ref = action, label = "An action" });
        var worker = (await PostAsync("workers", new { name = $"rival-{number}", actions = new[] { action } })).Answer.GetProperty("data");
        var id = worker.GetProperty("id").GetInt64();
        await ExecuteAsync("UPDATE worker SET name = @name WHERE id = @id", new { id, name = Name(id) });
        await PostAsync("executions/execute", new { action_ref = action });
        var offered = (await PostAsync($"workers/{id}/claim", new { })).Answer.GetProperty("data")[0];
        return (
            id, worker.GetProperty("token").GetString()!, offered.GetProperty("id").GetInt64(), offered.GetProperty("claim").GetString()!);
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> RegisterAsync(string name, string? token) =>
        PostAsync("workers", new { name, actions = new[] { "rival.other" }, token });

    private async Task<(string?, int)> StateAsync(long id)
    {
        var execution = await Api.DataAsync($"/api/v1/executions/{id}");
        return (execution.GetProperty("status").GetString(), execution.GetProperty("lost_count").GetInt32());
    }

    private async Task<string> RawAsync(string path) => (await Api.SendRawAsync(HttpMethod.Get, $"/api/v1/{path}", null, null)).Body;

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, object body)
    {
        var (status, answer) = await Api.SendRawAsync(
            HttpMethod.Post, $"/api/v1/{path}", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)), "application/json");
        return (status, JsonElement.Parse(answer));
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var connection = await Running.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: Cancellation));
    }
}
