using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Attune.Tests.Events;

/// <summary>
/// Webhooks that ask something of those who post, over HTTP: what is not right is refused, and so is what cannot be told.
/// </summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class GuardedWebhookTests(DatabaseEngine engine) : HostTest(engine)
{
    private const string Secret = "not to be shown to anybody";

    [TestCase("sha256", "X-Hub-Signature-256")]
    [TestCase("sha512", "X-Webhook-Signature")]
    public async Task A_signed_body_is_taken_and_one_that_was_changed_is_not(string algorithm, string header)
    {
        var key = await WebhookAsync(new { hmac = new { enabled = true, secret = Secret, algorithm } });
        const string body = """{"payload":  {"n": 1}}""";
        var signature = $"{algorithm}={WebhookSettingsTests.Signature(algorithm, Secret, Encoding.UTF8.GetBytes(body))}";

        var (taken, receipt) = await PostAsync(key, body, (header, signature));
        var (changed, _) = await PostAsync(key, body.Replace("1", "2", StringComparison.Ordinal), (header, signature));
        var (respaced, _) = await PostAsync(key, body.Replace("  ", " ", StringComparison.Ordinal), (header, signature));
        var (unsigned, answer) = await PostAsync(key, body);

        Assert.That(taken, Is.EqualTo(HttpStatusCode.OK), receipt.ToString());
        Assert.That((changed, respaced, unsigned), Is.EqualTo(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)));
        Assert.That(answer.GetProperty("code").GetString(), Is.EqualTo("UNAUTHORIZED"));
        var read = await Api.DataAsync($"/api/v1/events/{receipt.GetProperty("data").GetProperty("event_id")}");
        Assert.That(read.GetProperty("config").GetProperty("hmac_verified").GetBoolean(), Is.True);
        Assert.That(read.GetRawText(), Does.Not.Contain(signature[7..]).And.Not.Contain(key));
    }

    [Test]
    public async Task No_answer_shows_the_secret()
    {
        var reference = NewRef();
        var settings = new { hmac = new { enabled = true, secret = Secret },
            rate_limit = new { enabled = true, requests = 5, window_seconds = 60 } };
        string[] answers =
        [
            (await Api.PostAsync("/api/v1/triggers", new { @ref = reference, label = reference, webhook_config = settings })).GetRawText(),
            (await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/enable", null)).GetRawText(),
            (await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/regenerate", null)).GetRawText(),
            (await PutAsync(reference, new { label = "Another", webhook_config = settings })).Body,
            (await Api.GetAsync($"/api/v1/triggers/{reference}")).GetRawText(),
            (await Api.GetAsync("/api/v1/triggers?per_page=100")).GetRawText(),
            (await Api.PostAsync($"/api/v1/triggers/{reference}/disable", null)).GetRawText(),
        ];

        Assert.That(answers, Has.None.Contains(Secret));
        var shown = (await Api.DataAsync($"/api/v1/triggers/{reference}")).GetProperty("webhook_config");
        Assert.That(shown.GetRawText(), Is.EqualTo(
            """{"rate_limit":{"enabled":true,"requests":5,"window_seconds":60},"hmac":{"enabled":true,"algorithm":"sha256","has_secret":true}}"""));
    }

    [Test]
    public async Task Settings_that_were_read_can_be_written_back_without_losing_the_secret()
    {
        var (reference, key) = await TriggerAsync(new { hmac = new { enabled = true, secret = Secret } });
        var shown = (await Api.DataAsync($"/api/v1/triggers/{reference}")).GetProperty("webhook_config");

        var (status, _) = await PutAsync(reference, new { webhook_config = shown });

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await PostAsync(key, "{}")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        var signature = WebhookSettingsTests.Signature("sha256", Secret, "{}"u8.ToArray());
        Assert.That((await PostAsync(key, "{}", ("X-Hub-Signature-256", $"sha256={signature}"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Settings_that_make_no_sense_are_refused_with_their_field_and_change_nothing()
    {
        var (reference, _) = await TriggerAsync(new { payload_size_limit_kb = 7 });
        var wrong = new { webhook_config = new { hmac = new { enabled = true, secret = " " } }, label = "Changed" };

        var (status, body) = await PutAsync(reference, wrong);
        var (enabling, _) = await Api.SendRawAsync(HttpMethod.Post, $"/api/v1/triggers/{reference}/webhooks/enable",
            JsonSerializer.SerializeToUtf8Bytes(wrong), "application/json");
        var (making, _) = await Api.SendRawAsync(HttpMethod.Post, "/api/v1/triggers",
            JsonSerializer.SerializeToUtf8Bytes(new { @ref = NewRef(), label = "x", wrong.webhook_config }), "application/json");

        Assert.That((status, enabling, making), Is.EqualTo(
            (HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity)));
        Assert.That(
            JsonElement.Parse(body).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo("webhook_config.hmac.secret"));
        var trigger = await Api.DataAsync($"/api/v1/triggers/{reference}");
        Assert.That((trigger.GetProperty("label").GetString(), trigger.GetProperty("webhook_config").GetRawText()),
            Is.EqualTo((reference, """{"payload_size_limit_kb":7}""")));
    }

    [TestCase("[]")]
    [TestCase("\"off\"")]
    [TestCase("""{"hmac": {"enabled": true}}""")]
    [TestCase("""{"hmac": {"enabled": "yes", "secret": "long enough"}}""")]
    [TestCase("""{"hmac": {"enabled": true, "secret": "long enough", "algorithm": "md5"}}""")]
    [TestCase("""{"ip_whitelist": {"enabled": true}}""")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["127.0.0.1", "nonsense"]}}""")]
    [TestCase("""{"rate_limit": {"enabled": true}}""")]
    [TestCase("""{"hmca": {"enabled": true, "secret": "long enough"}}""")]
    public async Task Settings_in_the_database_that_cannot_be_used_close_the_webhook(string stored)
    {
        var (reference, key) = await TriggerAsync(null);
        await StoreAsync(reference, stored);

        var (status, answer) = await PostAsync(key, "{}");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(answer.GetProperty("error").GetString(), Does.Contain("settings"));
        Assert.That((await Api.DataAsync($"/api/v1/triggers/{reference}")).GetProperty("webhook_config").GetProperty(
            "mistake").GetString(), Is.Not.Empty);
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Is.Empty);
    }

    [TestCase("127.0.0.1", HttpStatusCode.OK)]
    [TestCase("127.0.0.0/8", HttpStatusCode.OK)]
    [TestCase("192.0.2.1", HttpStatusCode.Forbidden)]
    public async Task The_address_of_the_socket_decides_and_no_header_does(string allowed, HttpStatusCode expected)
    {
        var key = await WebhookAsync(new { ip_whitelist = new { enabled = true, ips = new[] { allowed } } });

        var (status, answer) = await PostAsync(
            key, "{}", ("X-Forwarded-For", "192.0.2.1"), ("X-Real-IP", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"));

        Assert.That(status, Is.EqualTo(expected), answer.ToString());
    }

    [Test]
    public async Task A_trusted_proxy_is_believed_whom_it_speaks_for()
    {
        await using var behind = await RunningHost.StartAsync(
            Engine, ("TrustedProxies", "127.0.0.1, 198.51.100.0/24"), ("ForwardedHeaders_Enabled", "true"));
        var reference = NewRef();
        await behind.Api.PostAsync("/api/v1/triggers", new
        {
            @ref = reference, label = "x", webhook_config = new { ip_whitelist = new { enabled = true, ips = new[] { "192.0.2.0/24" } } },
        });
        var enabled = await behind.Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/enable", null);
        var key = enabled.GetProperty("data").GetProperty("webhook_key").GetString()!;

        Assert.That((await PostAsync(behind.Api, key, "{}", ("X-Forwarded-For", "192.0.2.9"))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await PostAsync(behind.Api, key, "{}", ("X-Forwarded-For", "192.0.2.9, 198.51.100.7"))).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await PostAsync(behind.Api, key, "{}", ("X-Forwarded-For", "192.0.2.9, 203.0.113.1"))).Status, Is.EqualTo(
            HttpStatusCode.Forbidden),
            "only what a trusted proxy has written counts");
        Assert.That((await PostAsync(behind.Api, key, "{}", ("X-Forwarded-For", "nonsense"))).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await PostAsync(behind.Api, key, "{}")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_body_past_the_webhooks_own_limit_is_too_large()
    {
        var key = await WebhookAsync(new { payload_size_limit_kb = 2 });

        Assert.That((await PostAsync(key, $"\"{new string('x', 2046)}\"")).Status, Is.EqualTo(HttpStatusCode.OK));
        var (status, answer) = await PostAsync(key, $"\"{new string('x', 2047)}\"");

        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(answer.GetProperty("error").GetString(), Does.Contain("payload_size_limit_kb"));
    }

    [Test]
    public async Task A_sender_who_posts_too_often_is_told_when_to_come_back_and_nobody_else_is_held_up()
    {
        var key = await WebhookAsync(new { rate_limit = new { enabled = true, requests = 3, window_seconds = 3600 } });
        var other = await WebhookAsync(new { rate_limit = new { enabled = true, requests = 3, window_seconds = 3600 } });

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await PostAsync(key, "{}")).Status);
        }

        using var request = Request(key, "{}");
        using var refused = await Api.Http.SendAsync(request);

        Assert.That(statuses, Is.EqualTo((HttpStatusCode[])
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests]));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), Is.InRange(1, 3600));
        Assert.That((await PostAsync(other, "{}")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task An_address_of_a_webhook_takes_POST_whether_there_is_one_or_not()
    {
        var key = await WebhookAsync(new { });

        foreach (var address in (string[])[key, "wh_nobody"])
        {
            foreach (var method in (string[])["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/webhooks/{address}");
                using var response = await Api.Http.SendAsync(request);

                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed), method);
                Assert.That(response.Content.Headers.Allow, Is.EqualTo((string[])["POST"]), method);
            }
        }
    }

    [TestCase("gzip", HttpStatusCode.OK)]
    [TestCase("identity", HttpStatusCode.OK)]
    [TestCase("utf-8", HttpStatusCode.OK)]
    [TestCase("zstd", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_is_packed_in_a_way_that_is_not_taken_is_refused_for_that(string encoding, HttpStatusCode expected)
    {
        var key = await WebhookAsync(new { });
        using var request = Request(key, "{}");
        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        using var response = await Api.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_delivery_whose_id_is_too_long_for_a_key_is_taken_once()
    {
        var (reference, key) = await TriggerAsync(null);
        var id = new string('d', 1_000);

        var (status, first) = await PostAsync(key, "{}", ("X-GitHub-Delivery", id));
        var (_, again) = await PostAsync(key, "{}", ("X-GitHub-Delivery", id));
        var (_, other) = await PostAsync(key, "{}", ("X-GitHub-Delivery", id + "d"));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), first.ToString());
        Assert.That(IdOf(again), Is.EqualTo(IdOf(first)));
        Assert.That(IdOf(other), Is.Not.EqualTo(IdOf(first)));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(2));

        static long IdOf(JsonElement receipt) => receipt.GetProperty("data").GetProperty("event_id").GetInt64();
    }

    [Test]
    public async Task A_webhook_and_a_call_of_a_disabled_trigger_are_refused_in_clear_words()
    {
        var (reference, key) = await TriggerAsync(null);
        await Api.PostAsync($"/api/v1/triggers/{reference}/disable", null);

        var (status, answer) = await PostAsync(key, "{}");
        var (called, body) = await Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/events", JsonSerializer.SerializeToUtf8Bytes(new { trigger_ref = reference }), "application/json");

        Assert.That((status, called), Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.Conflict)));
        Assert.That(answer.GetProperty("error").GetString(), Does.Contain($"'{reference}' is disabled"));
        Assert.That(body, Does.Contain($"'{reference}' is disabled"));
    }

    private static string NewRef() => $"guarded.t_{Guid.NewGuid():N}";

    private async Task<string> WebhookAsync(object settings) => (await TriggerAsync(settings)).Key;

    private async Task<(string Ref, string Key)> TriggerAsync(object? settings)
    {
        var reference = NewRef();
        await Api.PostAsync("/api/v1/triggers", new { @ref = reference, label = reference });
        var enabled = await Api.PostAsync(
            $"/api/v1/triggers/{reference}/webhooks/enable", settings is null ? null : new { webhook_config = settings });
        return (reference, enabled.GetProperty("data").GetProperty("webhook_key").GetString()!);
    }

    private Task<(HttpStatusCode Status, string Body)> PutAsync(string reference, object body) => Api.SendRawAsync(
        HttpMethod.Put, $"/api/v1/triggers/{reference}", JsonSerializer.SerializeToUtf8Bytes(body), "application/json");

    private Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string key, string body, params (string, string)[] headers) =>
        PostAsync(Api, key, body, headers);

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        ApiClient api, string key, string body, params (string, string)[] headers)
    {
        using var request = Request(key, body, headers);
        using var response = await api.Http.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    private static HttpRequestMessage Request(string key, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{key}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private async Task StoreAsync(string reference, string settings)
    {
        await using var database = NpgsqlDataSource.Create(Running.ConnectionString);
        await using var command = database.CreateCommand("UPDATE attune.trigger SET webhook_config = $1::jsonb WHERE ref = $2");
        command.Parameters.AddWithValue(settings);
        command.Parameters.AddWithValue(reference);
        Assert.That(await command.ExecuteNonQueryAsync(), Is.EqualTo(1));
    }
}
