using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Attune.Modules.Events.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;

namespace Attune.Tests.Events;

/// <summary>The questions that senders ask before they post, over HTTP: each is answered as documented, and becomes no event.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class WebhookHandshakeTests(DatabaseEngine engine) : HostTest(engine)
{
    private const string Topic = "arn:aws:sns:eu-west-1:123456789012:orders";

    private static IEnumerable<TestCaseData> Questions()
    {
        yield return new("POST", "", """{"type":"url_verification","challenge":"a-b.c"}""", null, """{"challenge":"a-b.c"}""");
        yield return new("POST", "?validationToken=Validation%3A+Testing+%3Cb%3E+1", "", null, "Validation: Testing &lt;b&gt; 1");
        yield return new("POST", "?validationtoken=abc", "{}", null, "abc");
        yield return new("POST", "",
            """
            [{"id":"1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent",
              "data":{"validationCode":"512d38b6","validationUrl":"https://rp-eastus2.eventgrid.azure.net"}}]
            """,
            ("aeg-event-type", "SubscriptionValidation"), """{"validationResponse":"512d38b6"}""");
        yield return new("POST", "", """{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{}}""",
            ("Twitch-Eventsub-Message-Type", "webhook_callback_verification"), "pogchamp-kappa-360noscope-vohiyo");
        yield return new("GET", "", null, ("X-Okta-Verification-Challenge", "mY0ta"), """{"verification":"mY0ta"}""");
        yield return new("GET", "?challenge=dbx-1_2", null, null, "dbx-1_2");
    }

    [TestCaseSource(nameof(Questions))]
    public async Task A_question_that_nobody_could_mistake_is_answered_without_any_setting(
        string method, string query, string? body, (string, string)? header, string expected)
    {
        var (reference, key) = await TriggerAsync(null);

        var (response, text) = await SendAsync(method, key + query, body, header is { } one ? [one] : []);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((response.StatusCode, text), Is.EqualTo((HttpStatusCode.OK, expected)));
            Assert.That(
                response.Content.Headers.ContentType?.MediaType, Is.EqualTo(expected[0] == '{' ? "application/json" : "text/plain"));
            Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo((string[])["nosniff"]));
        }

        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Is.Empty);
    }

    [TestCase("POST", "", """{"type":"url_verification","challenge":"<script>alert(1)</script>"}""")]
    [TestCase("POST", "?validationToken=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "")]
    [TestCase("POST", "?validationToken=a&validationToken=b", "")]
    [TestCase("GET", "?challenge=%3Cscript%3Ealert(1)%3C%2Fscript%3E", null)]
    [TestCase("GET", "?challenge=a%0d%0aSet-Cookie:%20b", null)]
    [TestCase("GET", "?challenge=", null)]
    [TestCase("GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=", null)]
    public async Task Nothing_that_a_browser_could_run_is_repeated(string method, string query, string? body)
    {
        var (_, key) = await TriggerAsync(null);

        var (response, text) = await SendAsync(method, key + query, body);

        Assert.That(text, Does.Not.Contain("<"));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.AnyOf("application/json", "text/plain"));
        Assert.That(response.Headers.Contains("Set-Cookie"), Is.False);
    }

    [TestCase("""{"type":"url_verification","challenge":"\ud800"}""")]
    [TestCase("""{"type":"url_verification","challenge":"a\u0000"}""")]
    [TestCase("""[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"\udfff"}}]""")]
    public async Task A_challenge_that_is_no_text_is_refused(string body)
    {
        var (_, key) = await TriggerAsync(null);

        var (response, text) = await SendAsync("POST", key, body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), text);
    }

    [Test]
    public async Task A_body_that_only_looks_like_a_question_is_an_event()
    {
        var (reference, key) = await TriggerAsync(null);
        string[] bodies =
        [
            """{"type":"url_verification"}""", """{"type":"url_verification","challenge":5}""", """{"challenge":"x"}""",
            """[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent"},{}]""", """{"Type":"SubscriptionConfirmation"}""",
            """{"type":"\ud800","challenge":"x"}""", """{"\udc00":1,"challenge":"x"}""",
        ];

        foreach (var body in bodies)
        {
            Assert.That((await SendAsync("POST", key, body)).Response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        }

        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(bodies.Length));
    }

    [Test]
    public async Task No_question_is_answered_where_settings_say_none_or_name_another_sender()
    {
        var (reference, none) = await TriggerAsync(new { handshake = "none" });
        var (_, okta) = await TriggerAsync(new { handshake = new { sender = "okta" } });

        Assert.That((await SendAsync("POST", none, """{"type":"url_verification","challenge":"a"}""")).Text, Does.Contain("event_id"));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(1));
        Assert.That((await SendAsync("POST", okta, """{"type":"url_verification","challenge":"a"}""")).Text, Does.Contain("event_id"));
        foreach (var key in (string[])[none, okta])
        {
            var (response, _) = await SendAsync("GET", $"{key}?challenge=a", null);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
            Assert.That(response.Content.Headers.Allow, Is.EqualTo((string[])["POST"]));
        }

        Assert.That(
            (await SendAsync("GET", "wh_nobody?challenge=a", null)).Response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task CloudEvents_senders_are_told_who_may_send_and_how_often()
    {
        var (_, open) = await TriggerAsync(null);
        var (_, limited) = await TriggerAsync(new
        {
            rate_limit = new { enabled = true, requests = 10, window_seconds = 30 },
            handshake = new { sender = "event_grid", origins = new[] { "eventgrid.azure.net" } },
        });
        (string, string)[] asked = [("WebHook-Request-Origin", "eventgrid.azure.net"), ("WebHook-Request-Rate", "120")];

        var (first, _) = await SendAsync("OPTIONS", open, null, asked);
        var (second, _) = await SendAsync("OPTIONS", limited, null, asked);
        var (stranger, _) = await SendAsync("OPTIONS", limited, null, ("WebHook-Request-Origin", "other.example"));
        var (garbage, _) = await SendAsync("OPTIONS", open, null, ("WebHook-Request-Origin", "a b<c>"));
        var (twice, _) = await SendAsync(
            "OPTIONS", open, null, ("WebHook-Request-Origin", "a.example"), ("WebHook-Request-Origin", "b.example"));
        var (preflight, _) = await SendAsync("OPTIONS", open, null, ("Origin", "https://other.example"));

        Assert.That((first.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(Header(first, "WebHook-Allowed-Origin"), Is.EqualTo("eventgrid.azure.net"));
        Assert.That((Header(first, "WebHook-Allowed-Rate"), Header(second, "WebHook-Allowed-Rate")), Is.EqualTo(("*", "20")));
        Assert.That(first.Content.Headers.Allow, Is.EqualTo((string[])["POST"]));
        Assert.That((stranger.StatusCode, garbage.StatusCode, twice.StatusCode, preflight.StatusCode), Is.EqualTo(
            (HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed)));
        Assert.That(stranger.Headers.Contains("WebHook-Allowed-Origin"), Is.False);
    }

    [Test]
    public async Task Metas_question_is_answered_for_the_token_that_is_set_and_for_no_other()
    {
        var (reference, key) = await TriggerAsync(new { handshake = new { sender = "meta", token = "hush" } });
        var (_, unset) = await TriggerAsync(null);
        const string question = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";

        var (right, text) = await SendAsync("GET", $"{key}{question}hush", null);

        Assert.That((right.StatusCode, text), Is.EqualTo((HttpStatusCode.OK, "1158201444")));
        foreach (var wrong in (string[])
            [
                $"{key}{question}", $"{key}{question}husk", $"{key}{question}hush&hub.verify_token=hush",
                $"{key}?hub.mode=subscribe&hub.challenge=1", $"{key}?hub.mode=other&hub.challenge=1&hub.verify_token=hush",
                $"{unset}{question}",
            ])
        {
            var (response, answer) = await SendAsync("GET", wrong, null);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), wrong);
            Assert.That(answer, Does.Not.Contain("1158201444").And.Not.Contain("hush"));
        }

        Assert.That((await Api.DataAsync($"/api/v1/triggers/{reference}")).GetProperty("webhook_config").GetRawText(),
            Is.EqualTo("""{"handshake":{"sender":"meta","has_token":true}}"""));
    }

    [Test]
    public async Task A_hub_is_answered_for_the_topic_that_is_set_and_others_where_they_are_named()
    {
        var (_, hub) = await TriggerAsync(new { handshake = new { sender = "websub", topic = "https://blog.example/feed" } });
        var (_, monday) = await TriggerAsync(new { handshake = "monday" });
        var (_, trello) = await TriggerAsync(new { handshake = "trello" });
        var question = $"{hub}?hub.mode=subscribe&hub.challenge=c1&hub.topic=https%3A%2F%2F";

        Assert.That((await SendAsync("GET", $"{question}blog.example%2Ffeed", null)).Text, Is.EqualTo("c1"));
        Assert.That((await SendAsync("GET", $"{question}evil.example", null)).Response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await SendAsync("POST", monday, """{"challenge":"c2"}""")).Text, Is.EqualTo("""{"challenge":"c2"}"""));
        Assert.That((await SendAsync("HEAD", trello, null)).Response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await SendAsync("HEAD", hub, null)).Response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task Slack_and_Zoom_are_answered_only_when_they_sign_their_question()
    {
        var (_, slack) = await TriggerAsync(new { verification = new { scheme = "slack", secret = "hush" } });
        var (_, zoom) = await TriggerAsync(new { verification = new { scheme = "zoom", secret = "next", previous_secret = "hush" } });
        var (_, open) = await TriggerAsync(null);
        const string question = """{"type":"url_verification","challenge":"abc"}""";
        const string validation = """{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1}""";
        const string forging = """{"event":"endpoint.url_validation","payload":{"plainToken":"v0:1:{}"},"event_ts":1}""";

        var (unsigned, answer) = await SendAsync("POST", slack, question);
        var (signed, challenge) = await SendAsync("POST", slack, question, Signed("slack", question));
        var (_, token) = await SendAsync("POST", zoom, validation, Signed("zoom", validation));
        var (forged, _) = await SendAsync("POST", zoom, forging, Signed("zoom", forging));

        Assert.That((unsigned.StatusCode, signed.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
        Assert.That(answer, Does.Not.Contain("abc"));
        Assert.That(challenge, Is.EqualTo("""{"challenge":"abc"}"""));
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData("hush"u8, "qgg8vlvZRS6UYooatFL8Aw"u8));
        Assert.That(token, Is.EqualTo($$"""{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"{{expected}}"}"""));
        Assert.That((await SendAsync("POST", zoom, validation)).Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "its answer would be the signature of a delivery");
        Assert.That((await SendAsync("POST", open, validation)).Response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_question_is_no_way_round_the_list_of_addresses_nor_round_a_proof()
    {
        object strangers = new { enabled = true, ips = new[] { "192.0.2.1" } };
        var (_, closed) = await TriggerAsync(new { ip_whitelist = strangers });
        var (_, proved) = await TriggerAsync(new { verification = new { scheme = "github", secret = "hush" } });
        var (_, named) = await TriggerAsync(new { verification = new { scheme = "token", secret = "hush" }, handshake = "graph" });

        foreach (var (method, query) in ((string, string)[])[("GET", "?challenge=a"), ("OPTIONS", ""), ("POST", "?validationToken=a")])
        {
            Assert.That((await SendAsync(method, closed + query, null, ("WebHook-Request-Origin", "a.example"))).Response.StatusCode,
                Is.EqualTo(HttpStatusCode.Forbidden), method);
        }

        Assert.That(
            (await SendAsync("POST", $"{proved}?validationToken=a", "{}")).Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await SendAsync("POST", $"{named}?validationToken=a", "{}")).Text, Is.EqualTo("a"));
        Assert.That((await SendAsync("POST", named, "{}")).Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Asana_names_the_secret_once_and_signs_with_it_from_then_on()
    {
        var (reference, key) = await TriggerAsync(new { verification = new { scheme = "asana" } });
        const string body = """{"events":[]}""";

        var (early, _) = await SendAsync("POST", key, body, Signed("asana", body, "b537"));
        var (first, _) = await SendAsync("POST", key, "{}", ("X-Hook-Secret", "b537"));
        var (again, _) = await SendAsync("POST", key, "{}", ("X-Hook-Secret", "b537"));
        var (another, _) = await SendAsync("POST", key, "{}", ("X-Hook-Secret", "evil"));
        var (signed, _) = await SendAsync("POST", key, body, Signed("asana", body, "b537"));
        var (forged, _) = await SendAsync("POST", key, body, Signed("asana", body, "evil"));

        Assert.That(
            ((HttpResponseMessage[])[early, first, again, another, signed, forged]).Select(response => (int)response.StatusCode),
            Is.EqualTo((int[])[401, 200, 200, 403, 200, 401]));
        Assert.That((Header(first, "X-Hook-Secret"), another.Headers.Contains("X-Hook-Secret")), Is.EqualTo(("b537", false)));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(1));
        var shown = (await Api.DataAsync($"/api/v1/triggers/{reference}")).GetProperty("webhook_config").GetRawText();
        Assert.That(shown, Is.EqualTo("""{"verification":{"enabled":true,"scheme":"asana","has_secret":true}}"""));

        await Api.SendRawAsync(HttpMethod.Put, $"/api/v1/triggers/{reference}", JsonSerializer.SerializeToUtf8Bytes(
            new { webhook_config = new { verification = new { scheme = "asana", secret = (string?)null } } }), "application/json");
        Assert.That((await SendAsync("POST", key, "{}", ("X-Hook-Secret", "next"))).Response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Secrets_that_are_named_at_once_are_kept_once()
    {
        var (_, key) = await TriggerAsync(new { verification = new { scheme = "asana" } });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => SendAsync("POST", key, "{}", ("X-Hook-Secret", $"secret {i}"))));

        Assert.That(answers.Count(answer => answer.Response.StatusCode == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Response.StatusCode == HttpStatusCode.Forbidden), Is.EqualTo(7));
    }

    [TestCase("https://sns.eu-west-1.amazonaws.com/", HttpStatusCode.OK, 200)]
    [TestCase("https://sns.eu-west-1.amazonaws.com/", HttpStatusCode.Forbidden, 502)]
    [TestCase("https://sns.eu-west-1.amazonaws.com/", HttpStatusCode.Found, 502)]
    [TestCase("http://sns.eu-west-1.amazonaws.com/", HttpStatusCode.OK, 403)]
    [TestCase("https://sns.eu-west-1.amazonaws.com:8443/", HttpStatusCode.OK, 403)]
    [TestCase("https://sns.eu-west-1.amazonaws.com.evil.example/", HttpStatusCode.OK, 403)]
    [TestCase("https://evil.example/sns.eu-west-1.amazonaws.com/", HttpStatusCode.OK, 403)]
    [TestCase("https://sns.eu-west-1.amazonaws.com@evil.example/", HttpStatusCode.OK, 403)]
    [TestCase("https://sns.us-east-1.amazonaws.com/", HttpStatusCode.OK, 403)]
    [TestCase("https://s3.eu-west-1.amazonaws.com/", HttpStatusCode.OK, 403)]
    [TestCase("https://169.254.169.254/", HttpStatusCode.OK, 403)]
    [TestCase("https://sns.eu-west-1.amazonaws.com/other", HttpStatusCode.OK, 403)]
    public async Task A_subscription_of_SNS_is_confirmed_at_SNS_alone(string server, HttpStatusCode answered, int expected)
    {
        var visited = new List<Uri>();
        using var visits = new SnsVisits(new Answering(answered, visited));
        var sns = new SnsHandshake(visits, NullLogger<SnsHandshake>.Instance);
        var query = $"?Action=ConfirmSubscription&TopicArn={Topic}&Token=2336412f";
        var asked = new HandshakeRequest(JsonSerializer.SerializeToUtf8Bytes(
            new { Type = "SubscriptionConfirmation", TopicArn = Topic, SubscribeURL = server + query }))
        {
            Request = new() { Values = _ => default(StringValues), Method = "POST", Server = () => "", Target = "" },
            Query = _ => default(StringValues),
            Settings = HandshakeSettings.Parse(JsonSerializer.SerializeToElement(new { sender = "sns", topic = Topic }), "handshake"),
        };
        var receiver = new WebhookReceiver { Id = 1, Ref = "a.b", WebhookKey = "wh_1", WebhookConfig = default };

        var status = 403;
        try
        {
            status = await sns.AnswerAsync(receiver, asked, CancellationToken.None) is IStatusCodeHttpResult result
                ? result.StatusCode!.Value : 200;
        }
        catch (RefusedException refused)
        {
            Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Forbidden));
        }

        Assert.That(status, Is.EqualTo(expected));
        Assert.That(visited, Has.Count.EqualTo(expected == 403 ? 0 : 1));
    }

    [Test]
    public async Task A_subscription_to_another_topic_of_SNS_is_not_confirmed()
    {
        var (reference, key) = await TriggerAsync(new { handshake = new { sender = "sns", topic = Topic } });
        var other = Topic.Replace("orders", "evil", StringComparison.Ordinal);

        var (response, _) = await SendAsync("POST", key, JsonSerializer.Serialize(new
        {
            Type = "SubscriptionConfirmation", TopicArn = Topic,
            SubscribeURL = $"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={other}&Token=1",
        }));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Is.Empty);
    }

    private static (string, string)[] Signed(string scheme, string body, string secret = "hush") =>
        [.. WebhookSender.Headers(scheme, secret, body, DateTimeOffset.UtcNow).Select(header => (header.Key, header.Value))];

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));

    private async Task<(string Ref, string Key)> TriggerAsync(object? settings)
    {
        var reference = $"asked.t_{Guid.NewGuid():N}";
        await Api.PostAsync("/api/v1/triggers", new { @ref = reference, label = reference });
        var enabled = await Api.PostAsync(
            $"/api/v1/triggers/{reference}/webhooks/enable", settings is null ? null : new { webhook_config = settings });
        return (reference, enabled.GetProperty("data").GetProperty("webhook_key").GetString()!);
    }

    private async Task<(HttpResponseMessage Response, string Text)> SendAsync(
        string method, string address, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/webhooks/{address}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Api.Http.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    private sealed class Answering(HttpStatusCode status, List<Uri> visited) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            visited.Add(request.RequestUri!);
            return Task.FromResult(new HttpResponseMessage(status));
        }
    }
}
