using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Attune.Modules.Events;
using Attune.Modules.Events.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Events;

/// <summary>What Attune posts to its own webhooks in a sender's place, and the commands that do the same.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class WebhookTrialTests(DatabaseEngine engine) : HostTest(engine)
{
    private static readonly string[] Senders = [.. KnownSenders.All.Select(sender => sender.Name)];

    [TestCaseSource(nameof(Senders))]
    public async Task A_trial_is_taken_as_its_sender_would_be_and_twice_it_is_two_events(string name)
    {
        var reference = await SetUpAsync(name);

        var first = await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/test", null);
        await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/test", new { sender = name });

        Assert.That(first.GetProperty("data").GetProperty("event_id").GetInt64(), Is.Positive);
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(2));
        var deliveries = await Api.ListAsync($"/api/v1/triggers/{reference}/webhooks/deliveries");
        Assert.That(deliveries.Select(one => one.GetProperty("outcome").GetString()), Is.EqualTo((string[])["taken", "taken"]));
    }

    [TestCaseSource(nameof(Senders))]
    public async Task The_command_of_a_webhook_delivers_when_its_secret_is_filled_in(string name)
    {
        var reference = await SetUpAsync(name);
        var trials = Running.Services.GetRequiredService<IWebhookTrials>();
        var body = JsonNode.Parse(trials.Example(KnownSenders.Find(name)!))!.AsObject();
        (name == "cloudevents" ? body["data"]! : body)["it's"] = "a \"$test\"";
        var command = await trials.CommandAsync(
            reference, KnownSenders.Find(name)!, body.ToJsonString(), new(Running.Address), CancellationToken.None);

        var answer = await RunAsync(command.Replace(TrialCommand.Secret, Secret(name), StringComparison.Ordinal));

        Assert.That(command, Does.Not.Contain(Secret(name)));
        var events = await Api.ListAsync($"/api/v1/events?trigger_ref={reference}");
        Assert.That(events, Has.Count.EqualTo(1), $"{command}\n{answer}");
        var written = events[0];
        var payload = (await Api.DataAsync($"/api/v1/events/{written.GetProperty("id")}")).GetProperty("payload");
        Assert.That(payload.GetProperty("it's").GetString(), Is.EqualTo("a \"$test\""));
    }

    [Test]
    public async Task A_trial_that_the_webhook_refuses_leaves_its_row()
    {
        var reference = await SetUpAsync("anybody", new JsonObject
        {
            ["ip_whitelist"] = new JsonObject { ["enabled"] = true, ["ips"] = new JsonArray("192.0.2.7") },
        });

        var (status, body) = await Api.SendRawAsync(HttpMethod.Post, $"/api/v1/triggers/{reference}/webhooks/test", null, null);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden), body);
        var row = (await Api.ListAsync($"/api/v1/triggers/{reference}/webhooks/deliveries?outcome=refused")).Single();
        Assert.That(row.GetProperty("reason").GetString(), Is.EqualTo("IP address not allowed"));
    }

    [Test]
    public async Task A_trial_of_no_webhook_and_of_an_unknown_sender_are_refused()
    {
        await Api.PostAsync("/api/v1/triggers", new { @ref = "trial.none", label = "None" });
        var reference = await SetUpAsync("anybody");

        var none = await Api.SendRawAsync(HttpMethod.Post, "/api/v1/triggers/trial.none/webhooks/test", null, null);
        var missing = await Api.SendRawAsync(HttpMethod.Post, "/api/v1/triggers/trial.gone/webhooks/test", null, null);
        var unknown = await Api.SendRawAsync(
            HttpMethod.Post, $"/api/v1/triggers/{reference}/webhooks/test", """{"sender": "nobody"}"""u8.ToArray(), "application/json");

        Assert.That(
            (none.Status, missing.Status, unknown.Status),
            Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity)));
        Assert.That(unknown.Body, Does.Contain("sender must be one of github"));
    }

    private static string Secret(string name) => name == "standard_webhooks" ? "whsec_c2VjcmV0c2VjcmV0c2VjcmV0" : "it`s a $ecret";

    private async Task<string> SetUpAsync(string name, JsonObject? settings = null)
    {
        settings ??= JsonNode.Parse(KnownSenders.Find(name)!.Settings.GetRawText())!.AsObject();
        if (settings["verification"] is JsonObject proof)
        {
            proof[name == "basic" ? "password" : "secret"] = Secret(name);
            if (name == "basic")
            {
                proof["user"] = "ann";
            }
            else if (name == "hmac")
            {
                (proof["header"], proof["id_header"], proof["timestamp_header"]) = ("X-`Sig`", "X-$Id", "X-Time$HOME");
                (proof["prefix"], proof["encoding"], proof["algorithm"]) = ("v$`=", "base64url", "sha512");
                proof["signed"] = "{method} $`{id}|{timestamp}|{url}|{header:X-Topic}|{body}";
            }
        }
        else if (name == "signature")
        {
            settings["hmac"] = new JsonObject { ["enabled"] = true, ["algorithm"] = "sha512", ["secret"] = Secret(name) };
        }

        var reference = $"trial_{name}.{Guid.NewGuid():N}";
        await Api.PostAsync("/api/v1/triggers", new { @ref = reference, label = name, webhook_config = settings });
        await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/enable", null);
        return reference;
    }

    private static async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["no_proxy"] = "*" },
        };
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync();
        var errors = shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        if (shell.ExitCode == 127)
        {
            Assert.Ignore($"A program of the command is not on this machine: {await errors}");
        }

        return await output + (shell.ExitCode == 0 ? "" : await errors);
    }
}
