using System.Net;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Events;

/// <summary>Webhooks whose senders prove what they post, over HTTP; and what these senders are answered.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class ProvedWebhookTests(DatabaseEngine engine) : HostTest(engine)
{
    private const string Secret = "not to be shown to anybody";

    private static readonly string[] Schemes = [.. WebhookSender.Signing.Where(OverHttp), .. WebhookSender.Telling];

    [TestCaseSource(nameof(Schemes))]
    public async Task A_delivery_that_is_proved_is_taken_and_its_secret_is_in_no_event(string scheme)
    {
        var settings = WebhookSender.Settings(scheme);
        var secret = WebhookSender.Secret(scheme, Secret);
        settings[scheme == "basic" ? "password" : "secret"] = secret;
        var (reference, key) = await TriggerAsync(new { verification = settings });
        const string body = """{"n":  1}""";
        (string, string)[] headers =
            [.. WebhookSender.Headers(scheme, secret, body, DateTimeOffset.UtcNow).Select(one => (one.Key, one.Value))];

        var (taken, receipt) = await PostAsync(key, body, headers);
        var (unproved, _) = await PostAsync(key, body);

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.OK), receipt);
        Assert.That(unproved.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        var id = JsonElement.Parse(receipt).GetProperty("data").GetProperty("event_id");
        var read = await Api.DataAsync($"/api/v1/events/{id}");
        Assert.That(read.GetRawText(), Does.Not.Contain(Secret).And.Not.Contain(secret));
        Assert.That(read.GetProperty("config").TryGetProperty("hmac_verified", out _), Is.EqualTo(WebhookSender.Signing.Contains(scheme)));
        Assert.That((await Api.GetAsync($"/api/v1/triggers/{reference}")).GetRawText(), Does.Not.Contain(secret));
    }

    [Test]
    public async Task A_delivery_that_is_played_again_an_hour_later_is_refused()
    {
        var (_, key) = await TriggerAsync(new { verification = new { scheme = "stripe", secret = Secret } });
        var headers = WebhookSender.Headers("stripe", Secret, "{}", DateTimeOffset.UtcNow.AddHours(-1));

        var (response, answer) = await PostAsync(key, "{}", [.. headers.Select(one => (one.Key, one.Value))]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer, Does.Contain("300 seconds"));
    }

    [Test]
    public async Task Twilio_signs_the_address_as_it_knows_it()
    {
        var (_, key) = await TriggerAsync(new
        {
            verification = new { scheme = "twilio", secret = Secret, base_url = "https://hooks.example.org/in/" },
        });
        const string json = "{}";
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{}"u8));
        var target = $"/api/v1/webhooks/{key}?a=%20b&bodySHA256={hash}";
        var signature = WebhookSender.Sha1(Encoding.UTF8.GetBytes(Secret), "https://hooks.example.org/in" + target);

        var (response, answer) = await PostAsync(target["/api/v1/webhooks/".Length..], json, ("X-Twilio-Signature", signature));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), answer);
    }

    [TestCase("basic", "Basic")]
    [TestCase("token", "Bearer")]
    public async Task A_sender_without_its_password_is_asked_for_it(string scheme, string expected)
    {
        var settings = WebhookSender.Settings(scheme);
        settings[scheme == "basic" ? "password" : "secret"] = Secret;
        var (_, key) = await TriggerAsync(new { verification = settings });

        var (response, answer) = await PostAsync(key, "{}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.Single().Scheme, Is.EqualTo(expected));
        Assert.That(JsonElement.Parse(answer).GetProperty("code").GetString(), Is.EqualTo("UNAUTHORIZED"));
    }

    [Test]
    public async Task Both_proofs_are_asked_for_where_both_are_set()
    {
        var (_, key) = await TriggerAsync(new
        {
            hmac = new { enabled = true, secret = "one" }, verification = new { scheme = "gitlab", secret = "two" },
        });
        var signature = ("X-Webhook-Signature", WebhookSettingsTests.Signature("sha256", "one", "{}"u8.ToArray()));

        Assert.That((await PostAsync(key, "{}", signature)).Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await PostAsync(key, "{}", ("X-Gitlab-Token", "two"))).Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await PostAsync(key, "{}", signature, ("X-Gitlab-Token", "two"))).Response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("github")]
    [TestCase("gitlab")]
    [TestCase("hmac")]
    public async Task Deliveries_that_are_not_proved_use_up_nothing_of_what_may_be_sent(string scheme)
    {
        var rate = new { enabled = true, requests = 3, window_seconds = 3600 };
        var (_, key) = await TriggerAsync(scheme == "hmac"
            ? new { hmac = new { enabled = true, secret = Secret }, rate_limit = rate }
            : new { verification = new { scheme, secret = Secret }, rate_limit = rate });
        var statuses = new List<int>();
        foreach (var (secret, times) in ((string, int)[])[("wrong", 5), (Secret, 4)])
        {
            var headers = WebhookSender.Headers(scheme == "hmac" ? "github" : scheme, secret, "{}", DateTimeOffset.UtcNow);
            for (var i = 0; i < times; i++)
            {
                statuses.Add((int)(await PostAsync(key, "{}", [.. headers.Select(one => (one.Key, one.Value))])).Response.StatusCode);
            }
        }

        Assert.That(statuses, Is.EqualTo((int[])[401, 401, 401, 429, 429, 200, 200, 200, 429]));
    }

    [Test]
    public async Task Questions_use_up_nothing_of_what_may_be_sent_and_are_bounded_themselves()
    {
        var (_, key) = await TriggerAsync(new { rate_limit = new { enabled = true, requests = 2, window_seconds = 3600 } });
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await Api.Http.GetAsync($"/api/v1/webhooks/{key}?challenge=a");
            statuses.Add((int)response.StatusCode);
        }

        statuses.Add((int)(await PostAsync(key, "{}")).Response.StatusCode);

        Assert.That(statuses, Is.EqualTo((int[])[200, 200, 429, 200]));
    }

    [Test]
    public async Task The_answer_to_a_delivery_can_be_set()
    {
        var (_, twiml) = await TriggerAsync(new { answer = new { body = "<Response/>", content_type = "text/xml" } });
        var (_, json) = await TriggerAsync(new { answer = new { status = 202, body = new { ok = true } } });
        var (_, nothing) = await TriggerAsync(new { answer = new { status = 204 } });
        var (_, created) = await TriggerAsync(new { answer = new { status = 201 } });

        var answers = new List<(int, string?, string)>();
        foreach (var key in (string[])[twiml, json, nothing])
        {
            var (response, text) = await PostAsync(key, "{}");
            answers.Add(((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text));
        }

        var (status, receipt) = await PostAsync(created, "{}");

        Assert.That(answers, Is.EqualTo(((int, string?, string)[])
            [(200, "text/xml", "<Response/>"), (202, "application/json", """{"ok":true}"""), (204, null, "")]));
        Assert.That(((int)status.StatusCode, receipt), Is.EqualTo((201, receipt)));
        Assert.That(JsonElement.Parse(receipt).GetProperty("data").GetProperty("event_id").GetInt64(), Is.Positive);
    }

    // Those that sign the address, or a form, have tests of their own.
    private static bool OverHttp(string scheme) => scheme is not ("twilio" or "twilio form" or "described");

    private async Task<(string Ref, string Key)> TriggerAsync(object settings)
    {
        var reference = $"proved.t_{Guid.NewGuid():N}";
        await Api.PostAsync("/api/v1/triggers", new { @ref = reference, label = reference });
        var enabled = await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/enable", new { webhook_config = settings });
        return (reference, enabled.GetProperty("data").GetProperty("webhook_key").GetString()!);
    }

    private async Task<(HttpResponseMessage Response, string Text)> PostAsync(
        string address, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{address}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Api.Http.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }
}
