using System.Text;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Events;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

public sealed class HostileEventsTests(DatabaseEngine engine) : EventsTest(engine)
{
    private static readonly string[] Acceptable =
    [
        """{"a": 1e131071}""",
        """{"a": -1E-16383}""",
        """{"a": 0.00001e-16378}""",
        """{"a": 12e131070}""",
        """{"a": 0}""",
        """["\\u0000", "\"\\ud800", "\ud83d\ude00", "\uFFFD"]""",
        """{"<script>alert(1)</script>": "<img src=x onerror=alert(1)> ' -- ; DROP TABLE event"}""",
        "\"\"",
        "true",
    ];

    [TestCaseSource(nameof(Acceptable))]
    public async Task JSON_that_looks_odd_but_can_be_stored_is_stored(string json)
    {
        var written = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Parse(json) }, Cancellation);

        var read = await ScalarAsync<bool>("SELECT payload = @json::jsonb FROM event WHERE id = @Id", new { json, written.Id });
        Assert.That(read, Is.True);
    }

    [TestCase("""{"a": [1, {"b c": "x\u0000"}]}""", "payload.a[1].b c")]
    [TestCase("""{"a": "\ud800"}""", "payload.a")]
    [TestCase("""{"a": "\udc00\ud800"}""", "payload.a")]
    [TestCase("""{"a": "\ud83d\n\ude00"}""", "payload.a")]
    [TestCase("""{"a": {"\udc00": 1}}""", "payload.a")]
    [TestCase("""{"a": {"nul\u0000": 1}}""", "payload.a")]
    [TestCase("""[[], {}, [1, 2, 1e999999]]""", "payload[2][2]")]
    [TestCase("""{"a": 1e131072}""", "payload.a")]
    [TestCase("""{"a": 1e-16384}""", "payload.a")]
    [TestCase("""{"a": 1e99999999999999999999}""", "payload.a")]
    [TestCase("""{"a": -1e-99999999999999999999}""", "payload.a")]
    public async Task JSON_that_cannot_be_stored_is_refused_with_its_place(string json, string place)
    {
        var refused = await RefusalOf(
            Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Parse(json) }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, place)));
        Assert.That(refused.Message, Does.StartWith(place));
    }

    // The check must not be kinder than the server: what it lets through would undo other callers' events.
    [TestCase("""1e131071""")]
    [TestCase("""1e131072""")]
    [TestCase("""9.99e131071""")]
    [TestCase("""123456e131067""")]
    [TestCase("""1e-16383""")]
    [TestCase("""1e-16384""")]
    [TestCase("""0.1e-16383""")]
    [TestCase("""123456789.123456789e-16374""")]
    [TestCase("""123456789.123456789e-16375""")]
    [TestCase("""0.00000e131072""")]
    public async Task A_number_is_accepted_only_if_the_server_takes_it(string number)
    {
        var accepted = true;
        try
        {
            StorableJson.CheckPayload(Parse(number), "payload", int.MaxValue, "");
        }
        catch (RefusedException)
        {
            accepted = false;
        }

        Assert.That(accepted, Is.False.Or.EqualTo(await TakesAsync(number)));
    }

    [Test]
    public async Task Long_numbers_are_accepted_only_if_the_server_takes_them()
    {
        foreach (var number in (
            string[])[new('9', 131_072), new('9', 131_073), "0." + new string('3', 16_383), "0." + new string('3', 16_384)])
        {
            Assert.That(await AcceptsAsync(number), Is.EqualTo(await TakesAsync(number)), $"{number.Length} characters");
        }

        async Task<bool> AcceptsAsync(string number)
        {
            try
            {
                await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Parse(number) }, Cancellation);
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
        }
    }

    [Test]
    public async Task Numbers_that_would_be_read_back_as_gigabytes_are_refused()
    {
        static NewEvent Of(int count) => new()
        {
            TriggerRef = "core.webhook", Payload = Parse($"[{string.Join(',', Enumerable.Repeat("1e131071", count))}]"),
        };

        var written = await Ledger.AppendAsync(Of(8), Cancellation);
        var refused = await RefusalOf(Ledger.AppendAsync(Of(9), Cancellation));

        Assert.That((await Events.FindAsync(written.Id, Cancellation))!.Payload!.Value.GetArrayLength(), Is.EqualTo(8));
        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.TooLarge, "payload")));
    }

    [Test]
    public async Task Nesting_ends_at_128_levels()
    {
        await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Nested(128) }, Cancellation);

        var refused = await RefusalOf(
            Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Nested(129) }, Cancellation));
        Assert.That(refused.Message, Does.Contain("128 levels"));

        static JsonElement Nested(int depth) =>
            JsonElement.Parse(new string('[', depth) + new string(']', depth), new JsonDocumentOptions { MaxDepth = 1000 });
    }

    [Test]
    public async Task A_payload_has_at_most_a_mebibyte_and_so_has_a_config()
    {
        var most = JsonSerializer.SerializeToElement(new string('x', (1024 * 1024) - 2));
        var more = JsonSerializer.SerializeToElement(new string('x', (1024 * 1024) - 1));

        await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = most }, Cancellation);
        var payload = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = more }, Cancellation));
        var config = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Config = more }, Cancellation));

        Assert.That((payload.Kind, payload.Field), Is.EqualTo((RefusalKind.TooLarge, "payload")));
        Assert.That((config.Kind, config.Field), Is.EqualTo((RefusalKind.TooLarge, "config")));
    }

    [Test]
    public async Task Json_that_is_not_utf8_is_refused()
    {
        byte[] latin = [.. "{\"a\": \"M"u8, 0xfc, .. "ller\"}"u8];
        var payload = JsonDocument.Parse(latin).RootElement;

        var refused = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = payload }, Cancellation));

        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Invalid));
    }

    [Test]
    public async Task Json_that_only_a_lenient_reader_takes_is_refused()
    {
        var payload = JsonElement.Parse(
            "[1, 2, /* three */ 3,]", new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });

        var refused = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = payload }, Cancellation));

        Assert.That(refused.Message, Does.Contain("is not JSON"));
    }

    [Test]
    public async Task A_trigger_reference_that_cannot_be_one_is_refused()
    {
        foreach (var triggerRef in (string[])["", "core.web\0hook", "core.web\ud800hook"])
        {
            var refused = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = triggerRef }, Cancellation));

            Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "trigger_ref")));
        }
    }

    [Test]
    public async Task Texts_have_at_most_255_bytes()
    {
        var text = new string('x', 256);

        Assert.That(
            (await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = text }, Cancellation))).Field, Is.EqualTo("trigger_ref"));
        Assert.That((await RefusalOf(Ledger.AppendAsync(
            new NewEvent { TriggerRef = "core.webhook", SourceRef = text }, Cancellation))).Field, Is.EqualTo("source_ref"));
        Assert.That((await RefusalOf(Ledger.AppendAsync(
            new NewEvent { TriggerRef = "core.webhook", Target = new(1, text) }, Cancellation))).Field, Is.EqualTo("rule_ref"));
    }

    [Test]
    public async Task References_no_event_can_have_find_nothing()
    {
        var page = await Events.ListAsync(new() { TriggerRef = "core.\0" }, new() { IncludeTotal = true }, Cancellation);

        Assert.That(page.Items, Is.Empty);
        Assert.That(await Triggers.FindAsync("core.\ud800", Cancellation), Is.Null);
        Assert.That(await Get<WebhookReceivers>().FindAsync("\0", Cancellation), Is.Null);
        Assert.That(await Triggers.DeleteAsync("core.\0", Cancellation), Is.False);
    }

    [Test]
    public void A_place_in_a_very_long_path_is_shortened()
    {
        var json = new StringBuilder("\"\\u0000\"");
        for (var i = 0; i < 100; i++)
        {
            json.Insert(0, "{\"a fairly long name\": ").Append('}');
        }

        var refused = Assert.Throws<RefusedException>(
            () => StorableJson.CheckPayload(Parse(json.ToString()), "payload", int.MaxValue, ""))!;

        Assert.That(refused.Field, Has.Length.LessThan(300).And.EndsWith("…"));
    }

    private async Task<bool> TakesAsync(string json)
    {
        try
        {
            await ScalarAsync<string>("SELECT jsonb_typeof(@json::jsonb)", new { json });
            return true;
        }
        catch (Npgsql.PostgresException)
        {
            return false;
        }
    }
}
