using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Db.Maintenance;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Host;

/// <summary>An event is pinned over HTTP, with the bundle of the real host.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class PinnedEventsOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task A_pin_keeps_the_event_with_all_that_came_of_it_and_no_secret()
    {
        var key = await Api.TriggerWithWebhookAsync("pinned.push");
        await Api.RuleAsync("pinned.every", "pinned.push", Array.Empty<object>(), new
        {
            text = "{{ event.payload.kind }}", headers = new { Authorization = "Bearer geheim" },
        });
        var id = await Api.DeliverAsync(key, """{"kind": "order"}""");

        var (made, text) = await SendAsync(HttpMethod.Put, $"/api/v1/events/{id}/pin", """{"note": "of the outage"}""");
        Assert.That(made, Is.EqualTo(HttpStatusCode.Created), text);
        await Eventually.HoldsAsync(
            async () => (await Api.DataAsync($"/api/v1/events/{id}/pin")).GetProperty("pin").GetProperty("is_complete").GetBoolean(), "the copy has the end");

        var (status, whole) = await SendAsync(HttpMethod.Get, $"/api/v1/events/{id}/pin", null);
        var pin = JsonElement.Parse(whole).GetProperty("data");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(pin.GetProperty("pin").GetProperty("note").GetString(), Is.EqualTo("of the outage"));
            Assert.That(whole, Does.Not.Contain("geheim"));
            var bundle = pin.GetProperty("bundle");
            Assert.That(bundle.GetProperty("event").GetProperty("payload").GetProperty("kind").GetString(), Is.EqualTo("order"));
            var execution = bundle.GetProperty("enforcements")[0].GetProperty("executions")[0].GetProperty("execution");
            Assert.That(execution.GetProperty("status").GetString(), Is.EqualTo("completed"));
            Assert.That(
                (await Api.ListAsync("/api/v1/pins?per_page=1")).Single().TryGetProperty("bundle", out _), Is.False, "a list has no copies");
            Assert.That((await SendAsync(HttpMethod.Put, $"/api/v1/events/{id}/pin", null)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await Api.DataAsync($"/api/v1/events/{id}/pin")).GetProperty("pin").GetProperty("note").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That((await SendAsync(HttpMethod.Delete, $"/api/v1/events/{id}/pin", null)).Status, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That((await SendAsync(HttpMethod.Delete, $"/api/v1/events/{id}/pin", null)).Status, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task Of_a_pinned_event_that_has_expired_the_bundle_and_the_page_are_still_there()
    {
        var database = Running.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await database.OpenConnectionAsync();
        var id = await connection.ExecuteScalarAsync<long>("""
            INSERT INTO event (trigger_ref, payload, created) VALUES ('pinned.old', '{"kind": "old"}', now() - INTERVAL '10 days') RETURNING id
            """);
        await SendAsync(HttpMethod.Put, $"/api/v1/events/{id}/pin", """{"note": "old"}""");
        if (Engine == DatabaseEngine.Timescale)
        {
            await connection.ExecuteAsync("SELECT drop_chunks('event', older_than => INTERVAL '5 days')");
        }
        else
        {
            await connection.ExecuteAsync("UPDATE time_table SET keep = INTERVAL '5 days' WHERE table_name = 'event'");
            await Running.Services.GetRequiredService<TimeTables>().MaintainAsync(CancellationToken.None);
            await connection.ExecuteAsync("UPDATE time_table SET keep = INTERVAL '90 days' WHERE table_name = 'event'");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await SendAsync(HttpMethod.Get, $"/api/v1/events/{id}", null)).Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(
                (await Api.GetAsync($"/api/v1/events/{id}/bundle")).GetProperty("event").GetProperty("payload").GetProperty("kind").GetString(),
                Is.EqualTo("old"));
            Assert.That((await SendAsync(HttpMethod.Get, $"/events/{id}", null)).Status, Is.EqualTo(HttpStatusCode.OK));
            await SendAsync(HttpMethod.Delete, $"/api/v1/events/{id}/pin", null);
            Assert.That((await SendAsync(HttpMethod.Get, $"/events/{id}", null)).Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await SendAsync(HttpMethod.Get, $"/api/v1/events/{id}/bundle", null)).Status, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [TestCase("PUT", "/api/v1/events/999999999/pin", """{"note": "x"}""", HttpStatusCode.NotFound, null)]
    [TestCase("GET", "/api/v1/events/999999999/pin", null, HttpStatusCode.NotFound, null)]
    [TestCase("PUT", "/api/v1/events/1/pin", """{"note": 5}""", HttpStatusCode.UnprocessableEntity, "note")]
    [TestCase("PUT", "/api/v1/events/1/pin", """{"notes": "x"}""", HttpStatusCode.UnprocessableEntity, "notes")]
    [TestCase("PUT", "/api/v1/events/1/pin?note=x", null, HttpStatusCode.BadRequest, "note")]
    [TestCase("PUT", "/api/v1/events/one/pin", null, HttpStatusCode.BadRequest, "id")]
    [TestCase("GET", "/api/v1/pins?trigger=x", null, HttpStatusCode.BadRequest, "trigger")]
    [TestCase("GET", "/api/v1/pins?cursor=x", null, HttpStatusCode.BadRequest, "cursor")]
    public async Task What_makes_no_sense_is_refused_by_its_place(
        string method, string address, string? body, HttpStatusCode status, string? field)
    {
        var (answered, text) = await SendAsync(new HttpMethod(method), address, body);

        Assert.That(answered, Is.EqualTo(status), text);
        var details = JsonElement.Parse(text).TryGetProperty("details", out var given) ? given.GetProperty("field").GetString() : null;
        Assert.That(details, Is.EqualTo(field), text);
    }

    private Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string address, string? body) =>
        Api.SendRawAsync(method, address, body is null ? null : Encoding.UTF8.GetBytes(body), body is null ? null : "application/json");
}
