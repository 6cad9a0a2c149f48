using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attune.Tests.Events;

/// <summary>What the pages of senders say is done: their settings, their rules, their deliveries.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SenderPagesTests(DatabaseEngine engine) : HostTest(engine)
{
    private static readonly string[] Pages = [.. SenderPage.Names];

    [Test]
    public void Each_sender_that_is_promised_has_its_page() => Assert.That(Pages, Is.SupersetOf(
        (string[])["alertmanager", "cloudevents", "github", "gitlab", "grafana", "sentry", "shopify", "slack", "stripe"]));

    [TestCaseSource(nameof(Pages))]
    public async Task A_page_makes_one_event_of_a_delivery_and_its_rule_gives_the_action_what_it_says(string name)
    {
        var page = SenderPage.Read(name);
        var (trigger, rule, key) = await FollowAsync(page);

        var (forged, refusal) = await PostAsync(key, page, Secret(page) + "x");
        var (taken, receipt) = await PostAsync(key, page, Secret(page));
        var (repeated, again) = await PostAsync(key, page, Secret(page));

        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), refusal);
        Assert.That((taken.StatusCode, repeated.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), receipt + again);
        var written = (await Api.ListAsync($"/api/v1/events?trigger_ref={trigger}")).Single();
        var enforcement = (await Api.ListAsync($"/api/v1/enforcements?rule_ref={rule}")).Single();
        var given = (await Api.DataAsync($"/api/v1/enforcements/{enforcement.GetProperty("id")}")).GetProperty("config");
        Assert.That(JsonElement.DeepEquals(given, page.Parameters), Is.True, $"{given}");
        var read = await Api.DataAsync($"/api/v1/events/{written.GetProperty("id")}");
        Assert.That(read.GetRawText(), Does.Not.Contain(Secret(page)));
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync($"/api/v1/triggers/{trigger}/webhooks/deliveries"))
                .Select(one => one.GetProperty("outcome").GetString()).Order().SequenceEqual((string[])["refused", "repeated", "taken"]),
            "each delivery has its row");
    }

    [TestCaseSource(nameof(Pages))]
    public async Task A_page_says_the_same_conditions_as_text_and_as_JSON(string name)
    {
        var page = SenderPage.Read(name);
        var (_, rule, _) = await FollowAsync(page);
        var text = JsonNode.Parse(page.Rule.GetRawText())!;
        (text["ref"], text["trigger_ref"]) = ($"{rule}_text", $"{rule}_trigger");
        text["conditions"] = new JsonObject { ["expression"] = page.Condition };

        await Api.PostAsync("/api/v1/rules", text);

        var stored = (await Api.DataAsync($"/api/v1/rules/{rule}_text")).GetProperty("conditions");
        var expected = (await Api.DataAsync($"/api/v1/rules/{rule}")).GetProperty("conditions");
        Assert.That(JsonElement.DeepEquals(stored, expected), Is.True, $"{stored} and {expected}");
    }

    [TestCaseSource(nameof(Pages))]
    public async Task The_lines_of_a_page_send_what_its_sender_does(string name)
    {
        var page = SenderPage.Read(name);
        var (trigger, _, key) = await FollowAsync(page);

        var answers = new List<string>();
        foreach (var script in page.Scripts)
        {
            answers.Add(await RunAsync(script, page, $"{Running.Address}/api/v1/webhooks/{key}"));
        }

        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={trigger}"), Has.Count.EqualTo(1), string.Join('\n', answers));
        var deliveries = await Api.ListAsync($"/api/v1/triggers/{trigger}/webhooks/deliveries");
        Assert.That(deliveries.Select(one => one.GetProperty("outcome").GetString()), Has.None.EqualTo("refused"), $"{answers[^1]}");
    }

    [Test]
    public async Task The_challenge_of_the_page_of_Slack_goes_back_when_it_is_signed()
    {
        var page = SenderPage.Read("slack");
        var (trigger, _, key) = await FollowAsync(page);

        var (unsigned, _) = await PostAsync(key, page, "another", page.Handshake);
        var (response, answer) = await PostAsync(key, page, Secret(page), page.Handshake);

        Assert.That((unsigned.StatusCode, response.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
        Assert.That(
            JsonElement.Parse(answer).GetProperty("challenge").GetString(),
            Is.EqualTo(JsonElement.Parse(page.Handshake!).GetProperty("challenge").GetString()));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={trigger}"), Is.Empty);
    }

    [TestCase("eventemitter.example.com", HttpStatusCode.OK)]
    [TestCase("another.example.com", HttpStatusCode.Forbidden)]
    public async Task The_page_of_CloudEvents_lets_its_origins_send_and_no_others(string origin, HttpStatusCode expected)
    {
        var (_, _, key) = await FollowAsync(SenderPage.Read("cloudevents"));
        using var request = new HttpRequestMessage(HttpMethod.Options, $"/api/v1/webhooks/{key}");
        request.Headers.Add("WebHook-Request-Origin", origin);

        using var response = await Api.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(response.Headers.Contains("WebHook-Allowed-Origin"), Is.EqualTo(expected == HttpStatusCode.OK));
    }

    private static string Secret(SenderPage page) => page.Settings.GetProperty("verification").GetProperty("secret").GetString()!;

    private static Dictionary<string, string> Proof(SenderPage page, string secret, string body)
    {
        var verification = page.Settings.GetProperty("verification");
        var scheme = verification.GetProperty("scheme").GetString()!;
        if (scheme != "hmac")
        {
            return WebhookSender.Headers(scheme, secret, body, DateTimeOffset.UtcNow);
        }

        // As Grafana documents it.
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}:{body}"));
        return new()
        {
            ["X-Grafana-Alerting-Timestamp"] = time, ["X-Grafana-Alerting-Signature"] = Convert.ToHexStringLower(signature),
        };
    }

    // Makes what the page says, under names that no other test has.
    private async Task<(string Trigger, string Rule, string Key)> FollowAsync(SenderPage page)
    {
        var rule = JsonNode.Parse(page.Rule.GetRawText())!;
        var reference = $"{rule["ref"]}_{Guid.NewGuid():N}";
        var trigger = $"{reference}_trigger";
        (rule["ref"], rule["trigger_ref"]) = (reference, trigger);
        await Api.PostAsync("/api/v1/triggers", new { @ref = trigger, label = trigger });
        var enabled = await Api.PostAsync($"/api/v1/triggers/{trigger}/webhooks/enable", new { webhook_config = page.Settings });
        await Api.PostAsync("/api/v1/rules", rule);
        return (trigger, reference, enabled.GetProperty("data").GetProperty("webhook_key").GetString()!);
    }

    private async Task<(HttpResponseMessage Response, string Text)> PostAsync(
        string key, SenderPage page, string secret, string? body = null)
    {
        body ??= page.Body;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{key}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        foreach (var (name, value) in page.Headers.Concat(Proof(page, secret, body).Select(one => (one.Key, one.Value))))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var response = await Api.Http.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> RunAsync(string script, SenderPage page, string webhook)
    {
        var folder = Directory.CreateTempSubdirectory("attune-sender-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "delivery.json"), page.Body);
            var start = new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", script])
            {
                WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["webhook"] = webhook, ["secret"] = Secret(page), ["no_proxy"] = "*" },
            };
            using var shell = Process.Start(start)!;
            var output = shell.StandardOutput.ReadToEndAsync();
            var errors = shell.StandardError.ReadToEndAsync();
            await shell.WaitForExitAsync();
            if (shell.ExitCode == 127)
            {
                Assert.Ignore($"A program of the page is not on this machine: {await errors}");
            }

            Assert.That(shell.ExitCode, Is.Zero, await errors);
            return await output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
