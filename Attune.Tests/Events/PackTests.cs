using System.Net;
using System.Text.Json;
using Attune.Modules.Events;
using Attune.Modules.Events.Packs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Events;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class PackTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task A_secret_of_a_config_is_masked_and_stays_when_the_mask_is_sent_back()
    {
        await Api.PostAsync("/api/v1/packs", new
        {
            @ref = "masked", label = "Masked",
            config = new { desk = "d1", api_token = "t0p", mail = new { password = "pw", port = 25 } },
        });
        var read = await Api.DataAsync("/api/v1/packs/masked");
        Assert.That(read.GetRawText(), Does.Not.Contain("t0p").And.Not.Contain("\"pw\"").And.Contain("d1").And.Contain("25"));

        await PutAsync("masked", new
        {
            label = "Renamed", config = new { desk = "d2", api_token = IPackRepository.Masked, mail = new { password = "other" } },
        });

        await using var command = Running.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT label || config::text FROM pack WHERE ref = 'masked'");
        Assert.That(
            await command.ExecuteScalarAsync(),
            Does.StartWith("Renamed").And.Contain("t0p").And.Contain("d2").And.Contain("other").And.Not.Contain("•"));
    }

    [Test]
    public async Task Of_two_changes_of_a_pack_at_once_none_undoes_the_other()
    {
        await Api.PostAsync("/api/v1/packs", new { @ref = "raced", label = "L0", description = "D0", config = new { token = "t0p" } });
        for (var round = 1; round <= 10; round++)
        {
            await Task.WhenAll(PutAsync("raced", new { label = $"L{round}" }), PutAsync("raced", new { description = $"D{round}" }));

            var read = await Api.DataAsync("/api/v1/packs/raced");
            Assert.That(
                (read.GetProperty("label").GetString(), read.GetProperty("description").GetString()), Is.EqualTo(($"L{round}", $"D{round}")));
        }

        await using var command = Running.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT config ->> 'token' FROM pack WHERE ref = 'raced'");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("t0p"));
    }

    [Test]
    public async Task A_pack_says_what_is_in_it_and_is_deleted_only_when_that_is_nothing()
    {
        await Api.PostAsync("/api/v1/triggers", new { @ref = "full.event", label = "An event" });
        await Api.RuleAsync("full.rule", "full.event", Array.Empty<object>());
        await Api.PostAsync("/api/v1/actions", new { @ref = "full.action", label = "An action" });

        var members = (await Api.DataAsync("/api/v1/packs/full")).GetProperty("members").EnumerateArray()
            .Select(member => member.GetProperty("ref").GetString());
        var (refused, why) = await Api.SendRawAsync(HttpMethod.Delete, "/api/v1/packs/full", null, null);

        Assert.That(members, Is.EqualTo((string[])["full.event", "full.rule", "full.action"]));
        Assert.That(refused, Is.EqualTo(HttpStatusCode.Conflict), why);
        foreach (var path in (string[])["rules/full.rule", "actions/full.action", "triggers/full.event", "packs/full"])
        {
            Assert.That((await Api.SendRawAsync(HttpMethod.Delete, $"/api/v1/{path}", null, null)).Status, Is.EqualTo(HttpStatusCode.OK), path);
        }

        Assert.That((await Api.SendRawAsync(HttpMethod.Get, "/api/v1/packs/full", null, null)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_pack_that_is_there_is_not_made_again()
    {
        await Api.PostAsync("/api/v1/packs", new { @ref = "twice", label = "Twice" });

        var (status, body) = await Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/packs", """{"ref": "twice", "label": "Again"}"""u8.ToArray(), "application/json");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Conflict), body);
        Assert.That((await Api.DataAsync("/api/v1/packs/twice")).GetProperty("label").GetString(), Is.EqualTo("Twice"));
    }

    [TestCase("""{"a": [{"token": "x"}, 1], "keyboard": "k"}""", """{"a": [{"token": "••••••••"}, 1], "keyboard": "k"}""")]
    [TestCase("""{"secrets": {"one": 1}}""", """{"secrets": "••••••••"}""")]
    public void What_a_name_says_is_a_secret_is_masked_and_restored_at_any_depth(string config, string masked)
    {
        var stored = JsonElement.Parse(config);

        var shown = PackConfig.Mask(stored);

        Assert.That(JsonElement.DeepEquals(shown!.Value, JsonElement.Parse(masked)), Is.True, $"{shown}");
        Assert.That(JsonElement.DeepEquals(PackConfig.Restore(shown, stored)!.Value, stored), Is.True);
    }

    private async Task PutAsync(string reference, object body)
    {
        var (status, answer) = await Api.SendRawAsync(
            HttpMethod.Put, $"/api/v1/packs/{reference}", JsonSerializer.SerializeToUtf8Bytes(body), "application/json");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), answer);
    }
}
