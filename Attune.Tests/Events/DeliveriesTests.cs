using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Modules.Events;
using Attune.Modules.Events.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Attune.Tests.Events;

/// <summary>Every delivery to a webhook leaves a row, over HTTP on a real host.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class DeliveriesTests(DatabaseEngine engine) : HostTest(engine)
{
    private const string Cloud = "application/cloudevents-batch+json";

    [Test]
    public async Task What_was_taken_repeated_and_refused_is_listed_newest_first()
    {
        var (reference, key) = await WebhookAsync();
        var (_, taken) = await PostAsync(key, """{"n": 1}""", ("X-GitHub-Delivery", "d-1"));
        await PostAsync(key, """{"n": 1}""", ("X-GitHub-Delivery", "d-1"));
        await PostAsync(key, """{"n": """, ("X-GitHub-Delivery", "d-2"), ("Authorization", "s3cret"), ("X-Topic", "a"));

        var rows = await RowsAsync(reference, 3);

        Assert.That(
            rows.Select(row => (Text(row, "outcome"), row.GetProperty("status").GetInt32(), Text(row, "delivery"))),
            Is.EqualTo(((string?, int, string?)[])[("refused", 400, "d-2"), ("repeated", 200, "d-1"), ("taken", 200, "d-1")]));
        var id = taken.GetProperty("data").GetProperty("event_id").GetInt64();
        Assert.That(rows.Skip(1).Select(row => row.GetProperty("event").GetInt64()), Is.All.EqualTo(id));
        Assert.That(Text(rows[0], "reason"), Does.Contain("it ends too soon"));
        Assert.That((rows[2].GetProperty("size").GetInt32(), Text(rows[2], "source_ip")), Is.EqualTo((8, "127.0.0.1")));
        Assert.That(rows[2].GetProperty("duration_ms").GetDouble(), Is.Positive);

        var detail = await Api.DataAsync($"{Address(reference)}/{rows[0].GetProperty("id")}");
        Assert.That(Text(detail, "body_text"), Is.EqualTo("""{"n": """));
        Assert.That(detail.GetRawText(), Does.Contain("x-topic").IgnoreCase.And.Not.Contain("s3cret").And.Not.Contain(key));
    }

    [Test]
    public async Task A_list_is_filtered_and_paged()
    {
        var (reference, key) = await WebhookAsync();
        for (var i = 0; i < 5; i++)
        {
            await PostAsync(key, i % 2 == 0 ? "{}" : "no");
        }

        await RowsAsync(reference, 5);
        var first = await Api.GetAsync($"{Address(reference)}?outcome=taken,repeated&per_page=2&include_total=true");
        var cursor = first.GetProperty("pagination").GetProperty("next_cursor").GetString();
        var second = await Api.GetAsync($"{Address(reference)}?outcome=taken,repeated&per_page=2&cursor={cursor}");
        var refused = await Api.ListAsync($"{Address(reference)}?outcome=refused");

        Assert.That(first.GetProperty("pagination").GetProperty("total_items").GetInt32(), Is.EqualTo(3));
        Assert.That((first.GetProperty("data").GetArrayLength(), second.GetProperty("data").GetArrayLength()), Is.EqualTo((2, 1)));
        Assert.That(refused.Select(row => Text(row, "outcome")), Is.EqualTo((string[])["refused", "refused"]));
        Assert.That(await Api.ListAsync($"{Address(reference)}?until=2026-01-01"), Is.Empty);
        Assert.That(await StatusAsync(HttpMethod.Get, $"{Address(reference)}?outcome=lost"), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await StatusAsync(HttpMethod.Get, Address("no.such")), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(HttpMethod.Get, $"{Address(reference)}/999999999"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task What_was_refused_for_its_settings_is_taken_in_once_they_are_mended_and_once()
    {
        var (reference, key) = await WebhookAsync(new { ip_whitelist = new { enabled = true, ips = new[] { "192.0.2.1" } } });
        var (status, _) = await PostAsync(
            key, """{"n": 1}""", ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "late"), ("X-Topic", "a"));
        var row = (await RowsAsync(reference, 1))[0];
        await Api.PostAsync($"/api/v1/triggers/{reference}/webhooks/enable", new { webhook_config = new { ip_whitelist = (object?)null } });

        var first = await Api.PostAsync($"{Address(reference)}/{row.GetProperty("id")}/accept", null);
        var second = await Api.PostAsync($"{Address(reference)}/{row.GetProperty("id")}/accept", null);
        var (_, sentAgain) = await PostAsync(key, """{"n": 1}""", ("X-GitHub-Delivery", "late"));

        Assert.That((status, Text(row, "outcome")), Is.EqualTo((HttpStatusCode.Forbidden, "refused")));
        Assert.That((Id(second), Id(sentAgain)), Is.EqualTo((Id(first), Id(first))));
        var written = await Api.DataAsync($"/api/v1/events/{Id(first)}");
        Assert.That(written.GetProperty("payload").GetRawText(), Is.EqualTo("""{"n":1}"""));
        var config = written.GetProperty("config");
        Assert.That((Text(config, "event"), config.GetProperty("headers").GetProperty("x-topic").GetString()), Is.EqualTo(("push", "a")));
        Assert.That(config.GetProperty("accepted_delivery").GetInt64(), Is.EqualTo(row.GetProperty("id").GetInt64()));
        var after = await Api.DataAsync($"{Address(reference)}/{row.GetProperty("id")}");
        Assert.That((Text(after, "outcome"), after.GetProperty("event").GetInt64()), Is.EqualTo(("refused", Id(first))));
        Assert.That(Text(after, "accepted"), Is.Not.Null);
    }

    [Test]
    public async Task Deliveries_that_are_accepted_by_many_atOnce_become_one_event()
    {
        var (reference, key) = await WebhookAsync(new { hmac = new { enabled = true, secret = "s3cret!" } });
        await PostAsync(key, """{"n": 1}""");
        var row = (await RowsAsync(reference, 1))[0];

        var accepted = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            _ => Api.PostAsync($"{Address(reference)}/{row.GetProperty("id")}/accept", null)));

        Assert.That(accepted.Select(Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_still_cannot_be_taken_is_refused_again_and_what_is_not_whole_says_so()
    {
        var (reference, key) = await WebhookAsync();
        await PostAsync(key, "no");
        await PostAsync(key, $"\"{new string('x', 1024 * 1024)}\"");
        var rows = await RowsAsync(reference, 2);

        Assert.That(
            await StatusAsync(HttpMethod.Post, $"{Address(reference)}/{rows[1].GetProperty("id")}/accept"), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            await StatusAsync(HttpMethod.Post, $"{Address(reference)}/{rows[0].GetProperty("id")}/accept"), Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(rows[0].GetProperty("size").GetInt32(), Is.EqualTo((1024 * 1024) + 2));
    }

    [Test]
    public async Task A_batch_is_written_whole_or_not_at_all()
    {
        var (reference, key) = await WebhookAsync();
        const string one = """{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"n":1}}""";
        const string two = """{"specversion":"1.0","id":"2","source":"/s","type":"t","data":{"n":2}}""";

        var (bad, _) = await PostAsync(key, $"[{one},{{}}]", ("Content-Type", Cloud));
        var (good, answer) = await PostAsync(key, $"[{one},{two}]", ("Content-Type", Cloud));
        var (_, again) = await PostAsync(key, $"[{two},{one}]", ("Content-Type", Cloud));
        var (_, single) = await PostAsync(key, one, ("Content-Type", "application/cloudevents+json"));

        Assert.That((bad, good), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.OK)));
        var ids = Ids(answer);
        Assert.That(Ids(again), Is.EqualTo(Enumerable.Reverse(ids)));
        Assert.That(Id(single), Is.EqualTo(ids[0]));
        Assert.That(await Api.ListAsync($"/api/v1/events?trigger_ref={reference}"), Has.Count.EqualTo(2));
        var written = await Api.DataAsync($"/api/v1/events/{ids[1]}");
        Assert.That(written.GetProperty("config").GetProperty("cloudevent").GetProperty("id").GetString(), Is.EqualTo("2"));
        var rows = await RowsAsync(reference, 4);
        Assert.That(rows.Select(row => (Text(row, "outcome"), row.GetProperty("events").GetInt32())), Is.EqualTo(
            ((string?, int)[])[("repeated", 1), ("repeated", 2), ("taken", 2), ("refused", 0)]));

        static long[] Ids(JsonElement answer) =>
            [.. answer.GetProperty("data").GetProperty("event_ids").EnumerateArray().Select(id => id.GetInt64())];
    }

    [Test]
    public async Task The_same_delivery_id_with_another_body_is_written_and_marked()
    {
        var (_, key) = await WebhookAsync();

        var (_, first) = await PostAsync(key, """{"n": 1}""", ("webhook-id", "msg_1"));
        var (_, other) = await PostAsync(key, """{"n": 2}""", ("webhook-id", "msg_1"));
        var (_, again) = await PostAsync(key, """{ "n": 2 }""", ("webhook-id", "msg_1"));

        Assert.That(Id(other), Is.Not.EqualTo(Id(first)));
        Assert.That(Id(again), Is.EqualTo(Id(other)));
        var written = await Api.DataAsync($"/api/v1/events/{Id(other)}");
        Assert.That(written.GetProperty("config").GetProperty("key_conflict").GetInt64(), Is.EqualTo(Id(first)));
    }

    [Test]
    public async Task A_signature_is_of_the_bytes_as_they_were_sent_packed()
    {
        var (_, key) = await WebhookAsync(new { hmac = new { enabled = true, secret = "s3cret!" } });
        var packed = WebhookBodyTests.Packed("""{"n": 1}"""u8.ToArray(), "gzip");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{key}") { Content = new ByteArrayContent(packed) };
        request.Content.Headers.Add("Content-Encoding", "gzip");
        request.Headers.Add("X-Hub-Signature-256", $"sha256={WebhookSettingsTests.Signature("sha256", "s3cret!", packed)}");

        using var response = await Api.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    [Test]
    public async Task Any_bytes_in_a_header_are_taken()
    {
        var (_, key) = await WebhookAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(Running.Address).Port);
        await using var stream = client.GetStream();
        byte[] sent =
        [
            .. Encoding.ASCII.GetBytes($"POST /api/v1/webhooks/{key} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-GitHub-Event: p"),
            0xE9, 0xFF, 0xC3, 0xBC, .. "\r\nUser-Agent: "u8, 0x80, .. "\r\nContent-Length: 2\r\n\r\n{}"u8,
        ];
        await stream.WriteAsync(sent);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 200"));
        var id = JsonElement.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
        var written = await Api.DataAsync($"/api/v1/events/{Id(id)}");
        Assert.That(Text(written.GetProperty("config"), "event"), Is.EqualTo("p\uFFFD\uFFFDü"));
    }

    [Test]
    public async Task A_chunk_of_no_size_is_refused_and_its_row_says_what_the_sender_was_told()
    {
        var (reference, key) = await WebhookAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(Running.Address).Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/webhooks/{key} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "FFFFFFFFFFFFFFFF2\r\n{}\r\n0\r\n\r\n"));
        using var reader = new StreamReader(stream);

        Assert.That(await reader.ReadToEndAsync(), Does.StartWith("HTTP/1.1 400"));
        var row = (await RowsAsync(reference, 1)).Single();
        Assert.That((row.GetProperty("status").GetInt32(), Text(row, "reason")), Is.EqualTo(
            (400, "The body cannot be read: the size of one of its chunks is not one.")));
    }

    [Test]
    public async Task Rows_that_wait_are_written_when_the_host_stops()
    {
        var (reference, key) = await WebhookAsync();
        await using (var another = await Running.StartAnotherAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                using var response = await another.Api.TryDeliverAsync(key, i % 2 == 0 ? "{}" : "no");
            }));
        }

        Assert.That(await Api.ListAsync($"{Address(reference)}?per_page=100"), Has.Count.EqualTo(50));
    }

    [Test]
    public async Task Rows_of_refused_deliveries_are_the_first_to_go_when_the_database_is_away()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Timeout=1");
        await using var log = new DeliveryLog(nowhere, TimeProvider.System, NullLogger<DeliveryLog>.Instance);

        for (var i = 0; i < 7_000; i++)
        {
            log.Add(Row(DeliveryOutcome.Refused));
        }

        var dropped = log.Dropped;
        log.Add(Row(DeliveryOutcome.Taken));

        Assert.That((dropped, log.Dropped), Is.EqualTo((2_000L, 2_000L)));
    }

    [Test]
    public void A_flood_of_refused_deliveries_is_bounded()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var budget = new DeliveryBudget(clock);

        var atOnce = Enumerable.Range(0, 5_000).Count(_ => budget.TakeRow(1));
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.That((atOnce, Enumerable.Range(0, 100).Count(_ => budget.TakeRow(1))), Is.EqualTo((2_000, 20)));
        Assert.That(budget.TakeRow(2), Is.True, "another webhook");
        Assert.That(Enumerable.Range(0, 100).Count(_ => budget.TakeBytes(1024 * 1024)), Is.EqualTo(64));
    }

    private static DeliveryRow Row(DeliveryOutcome outcome) => new()
    {
        Received = DateTimeOffset.UtcNow,
        Trigger = 1,
        TriggerRef = "a.b",
        Outcome = outcome,
        Status = 200,
        Method = "POST",
        DurationMs = 1,
        Events = 0,
        BodyIsWhole = true,
    };

    private static string Address(string reference) => $"/api/v1/triggers/{reference}/webhooks/deliveries";

    private static long Id(JsonElement answer) => answer.GetProperty("data").GetProperty("event_id").GetInt64();

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private async Task<(string Ref, string Key)> WebhookAsync(object? settings = null)
    {
        var reference = $"delivered.t_{Guid.NewGuid():N}";
        await Api.PostAsync("/api/v1/triggers", new { @ref = reference, label = reference });
        var enabled = await Api.PostAsync(
            $"/api/v1/triggers/{reference}/webhooks/enable", settings is null ? null : new { webhook_config = settings });
        return (reference, enabled.GetProperty("data").GetProperty("webhook_key").GetString()!);
    }

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(string reference, int count)
    {
        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync($"{Address(reference)}?per_page=100")).Count == count, $"{count} rows are there");
        return await Api.ListAsync($"{Address(reference)}?per_page=100");
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using var response = await Api.Http.SendAsync(new HttpRequestMessage(method, path));
        return response.StatusCode;
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        string key, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{key}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await Api.Http.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
