using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Attune.Db.Http;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class WebhookBodyTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=\"x y\"";

    private const int Most = 1024 * 1024;

    internal static WebhookRequest Request(params (string Name, string? Value)[] headers) => new(
        "POST",
        headers.Where(header => header.Value is not null).Select(header => KeyValuePair.Create(header.Name, header.Value!)),
        [],
        "192.0.2.1",
        new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    internal static WebhookBody Read(byte[] body, params (string Name, string? Value)[] headers) =>
        WebhookBody.Read(body, Request(headers), new BodyLimit(Most), Most);

    private static WebhookBody Read(string body, string? contentType = "application/json") =>
        Read(Encoding.UTF8.GetBytes(body), ("Content-Type", contentType));

    private static string Payload(WebhookBody body) => body.Payload!.Value.GetRawText();

    [TestCase("""{"action": "opened"}""")]
    [TestCase("""[1, 2]""")]
    [TestCase("""  "text"  """)]
    [TestCase("null")]
    public void Any_json_is_a_payload(string body) => Assert.That(Payload(Read(body)), Is.EqualTo(body.Trim()));

    [TestCase("application/json; charset=utf-8")]
    [TestCase("application/json; charset=bogus")]
    [TestCase("application/json; charset=iso-8859-1")]
    [TestCase("application/vnd.github+json")]
    [TestCase("text/plain")]
    [TestCase("application/octet-stream")]
    [TestCase("nonsense")]
    [TestCase(Form)]
    [TestCase("APPLICATION/X-WWW-FORM-URLENCODED; charset=UTF-8")]
    [TestCase("")]
    [TestCase(null)]
    public void Json_is_taken_whatever_the_sender_calls_it(string? contentType) =>
        Assert.That(Read("""{"url": "http://a/?b=1&payload=ü"}""", contentType).Payload!.Value.GetProperty("url").GetString(),
            Is.EqualTo("http://a/?b=1&payload=ü"));

    [Test]
    public void A_byte_order_mark_says_how_text_is_written()
    {
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            byte[] body = [.. encoding.GetPreamble(), .. encoding.GetBytes("""{"n": "ü🚀"}""")];

            Assert.That(Read(body).Payload!.Value.GetProperty("n").GetString(), Is.EqualTo("ü🚀"), encoding.WebName);
        }

        Assert.That(Read(Encoding.Unicode.GetBytes("{}")).Payload!.Value.ValueKind, Is.EqualTo(JsonValueKind.Object), "without a mark");
    }

    [TestCase("iso-8859-1", "\"M\u00fcller\"")]
    [TestCase("windows-1252", "\"\u20ac\"")]
    [TestCase("shift_jis", "\"\u65e5\"")]
    public void A_body_is_read_in_the_character_set_that_it_is_said_to_have(string charset, string json)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);

        var body = Read(encoding.GetBytes(json), ("Content-Type", $"application/json; charset=\"{charset}\""));
        var text = Read(encoding.GetBytes(json[1..^1]), ("Content-Type", $"text/plain; charset={charset}"));

        Assert.That((body.Payload!.Value.GetString(), body.IsRepaired), Is.EqualTo((json[1..^1], false)));
        Assert.That(text.Payload!.Value.GetString(), Is.EqualTo(json[1..^1]));
    }

    [TestCase("text/plain", "hello")]
    [TestCase("text/html", "<p>{broken")]
    [TestCase("application/xml", "<a>ü</a>")]
    [TestCase("application/soap+xml", "<a/>")]
    [TestCase("text/csv", "a,b\r\n1,2")]
    [TestCase(null, "hello")]
    public void Text_is_a_payload_of_text(string? contentType, string body) =>
        Assert.That(Read(body, contentType).Payload!.Value.GetString(), Is.EqualTo(body));

    [TestCase("", "application/json")]
    [TestCase(" \r\n", "application/json")]
    [TestCase("", Form)]
    [TestCase("", "text/plain")]
    [TestCase("", null)]
    public void An_empty_body_is_an_event_without_a_payload(string body, string? contentType) =>
        Assert.That(Read(body, contentType).Payload, Is.Null);

    [TestCase("application/json", "hello")]
    [TestCase("application/json", "{\"a\": }")]
    [TestCase("application/json", "{} {}")]
    [TestCase("application/json", "[1,]")]
    [TestCase("application/vnd.api+json", "<xml/>")]
    [TestCase(null, "{\"a\": ")]
    [TestCase(Form, "payload={\"a\":")]
    [TestCase(Form, "{\"a\": ")]
    [TestCase("multipart/form-data", "--x--")]
    [TestCase("multipart/form-data; boundary=x", "no parts")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\ncut short")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=payload\r\n\r\n{\"a\":\r\n--x--")]
    public void A_body_that_is_not_what_it_is_called_is_malformed(string? contentType, string body) =>
        Assert.That(
            () => Read(body, contentType), Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.Malformed));

    [TestCase("application/cloudevents+avro")]
    [TestCase("image/png")]
    [TestCase("application/octet-stream")]
    public void A_body_that_is_neither_JSON_nor_text_is_not_taken(string contentType) =>
        Assert.That(
            () => Read([0x89, 0x50, 0x4E, 0x47, 0], ("Content-Type", contentType)),
            Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.Unsupported));

    [TestCase("""{"a": "x\u0000y"}""", "x\uFFFDy")]
    [TestCase("""{"a": "x\ud800y"}""", "x\uFFFDy")]
    [TestCase("""{"a": "x\udc00\ud800y"}""", "x\uFFFD\uFFFDy")]
    [TestCase("{\"a\": \"x\0y\"}\0\0", "x\uFFFDy")]
    [TestCase("""{"a": "x\\u0000y"}""", """x\u0000y""")]
    [TestCase("""{"a": "x\ud83d\ude00y"}""", "x\ud83d\ude00y")]
    public void What_cannot_be_stored_is_repaired_and_noted(string body, string expected)
    {
        var read = Read(body);

        Assert.That(read.Payload!.Value.GetProperty("a").GetString(), Is.EqualTo(expected));
        Assert.That(read.IsRepaired, Is.EqualTo(expected.Contains('\uFFFD', StringComparison.Ordinal)));
    }

    [Test]
    public void Bytes_that_are_not_utf8_are_repaired_in_any_body()
    {
        var json = Read([(byte)'"', 0xfc, (byte)'"'], ("Content-Type", "application/json"));
        var form = Read("a=%fc"u8.ToArray(), ("Content-Type", Form));
        var text = Read([(byte)'a', 0xfc, 0], ("Content-Type", "text/plain"));

        Assert.That((Payload(json), json.IsRepaired), Is.EqualTo(("\"\uFFFD\"", true)));
        Assert.That((form.Payload!.Value.GetProperty("a").GetString(), form.IsRepaired), Is.EqualTo(("\uFFFD", true)));
        Assert.That((text.Payload!.Value.GetString(), text.IsRepaired), Is.EqualTo(("a\uFFFD\uFFFD", true)));
    }

    [TestCase("""{"payload": {"x": 1e999999}}""")]
    public void A_number_that_cannot_be_stored_is_invalid(string body) =>
        Assert.That(() => Read(body), Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.Invalid));

    [Test]
    public void A_form_has_its_json_in_the_field_payload()
    {
        var json = """{"zen": "a & b = c + d", "name": "Gr\u00fcn ä 🚀", "n": 100}""";

        var body = Read($"other=1&payload={Uri.EscapeDataString(json).Replace("%20", "+", StringComparison.Ordinal)}&last=", Form);

        Assert.That(Payload(body), Is.EqualTo(json));
    }

    [TestCase("From=%2B1555&Body=hi+there", """{"From":"\u002B1555","Body":"hi there"}""")]
    [TestCase("a=1&b=2&a=3", """{"a":["1","3"],"b":"2"}""")]
    [TestCase("a[]=1&a[]=2", """{"a[]":["1","2"]}""")]
    [TestCase("a&b=&=c&&d=x=y", """{"a":"","b":"","":"c","d":"x=y"}""")]
    [TestCase("payload=", """{"payload":""}""")]
    [TestCase("payload=text&n=1", """{"payload":"text","n":"1"}""")]
    [TestCase("payload=5", "5")]
    [TestCase("not json", """{"not json":""}""")]
    public void Fields_of_a_form_are_the_payload(string body, string expected) =>
        Assert.That(JsonElement.DeepEquals(Read(body, Form).Payload!.Value, JsonElement.Parse(expected)), Payload(Read(body, Form)));

    [Test]
    public void The_json_part_is_taken_and_files_are_named()
    {
        var body = Parts(
            ("form-data; name=\"payload\"", "application/json", """{"a": 1}"""), ("form-data; name=\"t\"; filename=\"x y.jpg\"", "image/jpeg", "1234"),
            ("form-data; name=\"none\"; filename=\"\"", "application/octet-stream", ""));

        Assert.That(Payload(body), Is.EqualTo("""{"a": 1}"""));
        Assert.That(body.Files.Select(file => (file.Field, file.Name, file.Type, file.Size)), Is.EqualTo(
            (IEnumerable<(string?, string?, string?, int)>)[("t", "x y.jpg", "image/jpeg", 4)]));
    }

    [Test]
    public void Other_fields_stand_beside_what_the_json_part_says()
    {
        var body = Parts(
            ("form-data; name=\"payload\"", null, """{"a": 1}"""), ("form-data; name=\"a\"", null, "lost"),
            ("form-data; name=\"note\"", null, "hi\r\nthere"), ("form-data; name=\"n\"", null, "1"), ("form-data; name=\"n\"", null, "2"));

        Assert.That(JsonElement.DeepEquals(
            body.Payload!.Value, JsonElement.Parse("""{"a": 1, "note": "hi\r\nthere", "n": ["1", "2"]}""")), Payload(body));
    }

    [Test]
    public void Parts_without_json_are_fields()
    {
        var body = Parts(
            ("form-data; name=\"from\"", null, "ä"), ("form-data; name=\"one\"", "application/json", "[1]"),
            ("form-data; name=\"two\"", "application/json", "{}"), ("form-data; name=\"old\"", "text/plain; charset=iso-8859-1", "plain"));

        Assert.That(JsonElement.DeepEquals(
            body.Payload!.Value, JsonElement.Parse("""{"from": "ä", "one": [1], "two": {}, "old": "plain"}""")), Payload(body));
    }

    [TestCase("gzip")]
    [TestCase("x-gzip")]
    [TestCase("deflate")]
    [TestCase("deflate without a frame")]
    [TestCase("br")]
    [TestCase("gzip, br")]
    public void A_packed_body_is_unpacked(string coding)
    {
        var packed = coding.Split(", ").Aggregate("""{"n": 1}"""u8.ToArray(), (body, one) => Packed(body, one));

        Assert.That(Payload(Read(packed, ("Content-Encoding", coding.Replace(" without a frame", "", StringComparison.Ordinal)))), Is.EqualTo(
            """{"n": 1}"""));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public void A_body_that_unpacks_to_more_than_the_limit_is_too_large(string coding)
    {
        var bomb = Packed(new byte[300 * Most], coding);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(
            () => Read(bomb, ("Content-Encoding", coding)),
            Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.TooLarge));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 * Most));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public void A_packed_body_that_was_cut_short_is_malformed(string coding)
    {
        var packed = Packed(Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 2_000))), coding);

        foreach (var cut in (int[])[1, 8, packed.Length / 2])
        {
            Assert.That(
                () => Read(packed[..^cut], ("Content-Encoding", coding), ("Content-Type", "text/plain")),
                Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(RefusalKind.Malformed), $"{cut} bytes");
        }
    }

    [TestCase("zstd", RefusalKind.Unsupported)]
    [TestCase("compress", RefusalKind.Unsupported)]
    [TestCase("br", RefusalKind.Malformed)]
    [TestCase("gzip, gzip, gzip, gzip", RefusalKind.Malformed)]
    public void A_body_that_cannot_be_unpacked_is_refused(string coding, RefusalKind kind) =>
        Assert.That(
            () => Read("{\"a\": 1}"u8.ToArray(), ("Content-Encoding", coding)),
            Throws.InstanceOf<RefusedException>().With.Property("Kind").EqualTo(kind));

    [TestCase("gzip")]
    [TestCase("identity")]
    [TestCase("utf-8")]
    public void A_body_that_is_not_packed_after_all_is_taken_as_it_is(string coding) =>
        Assert.That(Payload(Read("{\"a\": 1}"u8.ToArray(), ("Content-Encoding", coding))), Is.EqualTo("{\"a\": 1}"));

    [Test]
    public void The_envelope_of_a_relay_is_opened()
    {
        var body = Read(
            """{"payload": {"x": 1}, "headers": {"X-GitHub-Event": "star", "n": 5}, "source_ip": "1.2.3.4", "user_agent": "GitHub"}""");

        Assert.That(Payload(body), Is.EqualTo("""{"x": 1}"""));
        Assert.That((body.SourceIp, body.UserAgent), Is.EqualTo(("1.2.3.4", "GitHub")));
        Assert.That(body.Header("x-github-event"), Is.EqualTo("star"));
        Assert.That(body.Header("n"), Is.Null);
    }

    [TestCase("""{"payload": {"x": 1}}""")]
    [TestCase("""{"payload": {"x": 1}, "headers": null, "user_agent": null}""")]
    public void An_envelope_may_hold_a_payload_only(string body) => Assert.That(Payload(Read(body)), Is.EqualTo("""{"x": 1}"""));

    [TestCase("""{"payload": {"x": 1}, "action": "created", "deployment": {}}""")]
    [TestCase("""{"payload": {"x": 1}, "headers": "none"}""")]
    [TestCase("""{"payload": {"x": 1}, "source_ip": 5}""")]
    [TestCase("""{"Payload": {"x": 1}}""")]
    [TestCase("""{"headers": {}}""")]
    [TestCase("""[{"payload": 1}]""")]
    public void A_body_that_only_resembles_the_envelope_is_a_payload_itself(string body) =>
        Assert.That(Payload(Read(body)), Is.EqualTo(body));

    internal static byte[] Packed(byte[] body, string coding)
    {
        var packed = new MemoryStream();
        using (Stream packing = coding switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate without a frame" => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            packing.Write(body);
        }

        return packed.ToArray();
    }

    private static WebhookBody Parts(params (string Disposition, string? Type, string Content)[] parts) => Read(
        string.Concat(parts.Select(part =>
            $"--x y\r\nContent-Disposition: {part.Disposition}\r\n{(part.Type is null ? "" : $"Content-Type: {part.Type}\r\n")}\r\n{part.Content}\r\n"))
        + "--x y--\r\n",
        Multipart);
}
