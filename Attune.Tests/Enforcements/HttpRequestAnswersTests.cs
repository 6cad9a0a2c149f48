using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Attune.Modules.Enforcements.Actions.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Tests.Enforcements;

/// <summary>What core.http_request makes of answers, whole and broken ones.</summary>
[TestFixture]
public sealed class HttpRequestAnswersTests : HttpRequestTest
{
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\": 1}", "8 of 100 bytes came")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", "0 of 1 bytes came")]
    [TestCase("HTTP/1.1 500 Oh\r\nContent-Length: 100\r\n\r\nsorry", "5 of 100 bytes came")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\nhello\r\n0\r\n\r\n", "")]
    public async Task An_answer_that_was_cut_short_fails_and_says_so_and_may_be_tried_again(string answer, string how)
    {
        await using var server = new RawServer(answer);

        var failed = await FailsAsync($$"""{"url": "{{server.Address}}", "retries": 1, "retry_delay_seconds": 0, "fail_on_status": false}""");

        Assert.That(failed.Message, Does.Match("^The answer of 127.0.0.1:[0-9]+ was cut short: ").And.Contain(how));
        Assert.That((failed.MayRetry, server.Heads.Count), Is.EqualTo((true, 2)));
    }

    [TestCase("")]
    [TestCase("HTTP/1.1 20")]
    [TestCase("HTTP/1.1 200 OK\r\nX: y\r\n")]
    [TestCase("SSH-2.0-OpenSSH_9.6\r\n")]
    public async Task An_answer_without_a_whole_head_is_none(string answer)
    {
        await using var server = new RawServer(answer);

        Assert.That((await FailsAsync($$"""{"url": "{{server.Address}}"}""")).Message, Does.StartWith("No response from 127.0.0.1:"));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("raw deflate")]
    [TestCase("br")]
    public async Task A_packed_answer_that_was_cut_short_within_its_length_fails_too(string encoding)
    {
        var packed = Packed(encoding, Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 2_000))));
        Answer = context => WriteAsync(context, encoding.Split(' ')[^1], packed.AsMemory(0, packed.Length / 2));

        var failed = await FailsAsync($$"""{"url": "{{Server.Address}}"}""");

        Assert.That(failed.Message, Does.Match("cannot be unpacked|cut short"));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("raw deflate")]
    [TestCase("br")]
    [TestCase("x-gzip")]
    [TestCase("identity")]
    public async Task A_packed_answer_is_unpacked(string encoding)
    {
        Answer = context =>
        {
            context.Response.ContentType = "application/json";
            return WriteAsync(context, encoding.Split(' ')[^1], Packed(encoding, """{"a": "ä"}"""u8.ToArray()));
        };

        var data = await RunAsync($$"""{"url": "{{Server.Address}}", "headers": {"Accept-Encoding": "gzip"} }""");

        Assert.That(data.GetProperty("body").GetProperty("a").GetString(), Is.EqualTo("ä"));
        Assert.That(Server.Asked.Single().Headers.AcceptEncoding.ToString(), Is.EqualTo("gzip"));
    }

    [Test]
    public async Task An_answer_that_is_packed_twice_is_unpacked_twice_and_one_in_an_unknown_way_is_kept_as_bytes()
    {
        Answer = context => context.Request.Path == "/twice"
            ? WriteAsync(context, "br, gzip", Packed("gzip", Packed("br", "hello"u8.ToArray())))
            : WriteAsync(context, "zstd", new byte[] { 0x28, 0xB5, 0x2F, 0xFD });

        Assert.That((await RunAsync($$"""{"url": "{{Server.Address}}/twice"}""")).GetProperty("body").GetString(), Is.EqualTo("hello"));
        Assert.That((await RunAsync($$"""{"url": "{{Server.Address}}"}""")).GetProperty("body_base64").GetString(), Is.EqualTo("KLUv/Q=="));
    }

    [TestCase("gzip, gzip")]
    [TestCase("br")]
    public async Task A_bomb_is_not_unpacked_beyond_the_limit(string encodings)
    {
        var bomb = new byte[200_000_000];
        foreach (var encoding in encodings.Split(", "))
        {
            bomb = Packed(encoding, bomb);
        }

        Answer = context => WriteAsync(context, encodings, bomb);
        var before = GC.GetTotalAllocatedBytes();

        var failed = await FailsAsync($$"""{"url": "{{Server.Address}}", "max_response_bytes": 1000000}""");

        Assert.That(failed.Message, Is.EqualTo("The response has more than 1000000 bytes (max_response_bytes)."));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(30_000_000));
    }

    [TestCase("application/json", "EF BB BF 7B 7D", TestName = "JSON_with_a_byte_order_mark_of_UTF_8_is_JSON")]
    [TestCase("application/json; charset=utf-16", "FF FE 7B 00 7D 00", TestName = "JSON_in_UTF_16_is_JSON")]
    [TestCase("application/json", "FE FF 00 7B 00 7D", TestName = "JSON_in_UTF_16_of_the_other_order_is_JSON")]
    [TestCase("application/json", "FF FE 00 00 7B 00 00 00 7D 00 00 00", TestName = "JSON_in_UTF_32_is_JSON")]
    [TestCase("application/problem+json", "7B 7D", TestName = "A_problem_is_JSON")]
    [TestCase("application/vnd.api+json; ext=\"a;b\"", "7B 7D", TestName = "A_type_with_parameters_is_JSON")]
    [TestCase("Application/JSON;charset=no-such", "7B 7D", TestName = "JSON_of_a_charset_that_is_not_known_is_JSON")]
    [TestCase("application/json; charset=", "7B 7D", TestName = "JSON_of_a_type_with_a_fault_is_JSON")]
    [TestCase("text/json;", "7B 7D", TestName = "JSON_as_text_is_JSON")]
    public async Task An_answer_is_JSON_however_it_is_written(string type, string bytes)
    {
        await using var server = NewServer(type, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        var data = await RunAsync($$"""{"url": "{{server.Address}}"}""");

        Assert.That(data.GetProperty("body").ValueKind, Is.EqualTo(JsonValueKind.Object));
        Assert.That(data.GetProperty("json").ValueKind, Is.EqualTo(JsonValueKind.Object));
    }

    [TestCase("text/plain; charset=windows-1252", "80", "€")]
    [TestCase("text/plain; charset=\"ISO-8859-15\"", "A4", "€")]
    [TestCase("text/html;charset=Shift_JIS", "93FA967B", "日本")]
    [TestCase("text/plain; charset=koi8-r", "F0D2C9D7C5D4", "Привет")]
    [TestCase("text/plain; charset=utf8", "C3A4", "ä")]
    [TestCase("text/plain; charset=utf-16", "E400", "ä")]
    [TestCase("text/plain; charset=iso-8859-1", "EFBBBFC3A4", "ä", TestName = "A_byte_order_mark_says_more_than_the_charset")]
    [TestCase("text/plain", "FFFEE400", "ä")]
    [TestCase("application/json; charset=iso-8859-1", "22E422", "ä")]
    [TestCase("no type", "C3A4", "ä")]
    public async Task A_text_is_read_in_its_charset(string type, string bytes, string expected)
    {
        await using var server = NewServer(type, Convert.FromHexString(bytes));

        Assert.That((await RunAsync($$"""{"url": "{{server.Address}}"}""")).GetProperty("body").GetString(), Is.EqualTo(expected));
    }

    [TestCase("text/plain; charset=utf-8", "61FF")]
    [TestCase("text/plain; charset=utf-16", "00D8")]
    [TestCase("text/plain; charset=../../etc/passwd", "61")]
    [TestCase("text/plain; charset=utf-7", "61")]
    [TestCase("image/png", "89504E470D0A1A0A00")]
    public async Task A_body_that_is_no_text_is_kept_byte_for_byte(string type, string bytes)
    {
        await using var server = NewServer(type, Convert.FromHexString(bytes));

        Assert.That((await RunAsync($$"""{"url": "{{server.Address}}"}""")).GetProperty("body_base64").GetBytesFromBase64(), Is.EqualTo(
            Convert.FromHexString(bytes)));
    }

    [Test]
    public async Task An_answer_says_where_it_came_from_how_long_it_took_and_whether_it_was_a_success()
    {
        Answer = context =>
        {
            context.Response.StatusCode = context.Request.Path == "/made" ? 201 : 404;
            return Task.CompletedTask;
        };

        var made = await RunAsync($$"""{"url": "{{Server.Address}}/made?token=hidden#part"}""");
        var failed = await FailsAsync($$"""{"url": "{{Server.Address}}"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.GetProperty("success").GetBoolean(), Is.True);
            Assert.That(made.GetProperty("url").GetString(), Is.EqualTo($"{Server.Address}/made"), "a query may hold a secret");
            Assert.That(made.GetProperty("elapsed_ms").GetInt64(), Is.GreaterThanOrEqualTo(0));
            Assert.That(((JsonElement)failed.Answer!).GetProperty("success").GetBoolean(), Is.False);
        }
    }

    [Test]
    public async Task The_next_address_of_a_name_is_tried_while_one_does_not_answer()
    {
        // Connections beyond those that wait to be accepted are not answered at all.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), Server.Port));
        silent.Listen(0);
        using var full = new CancellationTokenSource();
        var fillers = Enumerable.Range(0, 4).Select(_ => FillAsync(Server.Port, full.Token)).ToList();
        await Task.Delay(100, Cancellation);
        var addresses = new[] { IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Loopback };
        var started = TimeProvider.System.GetTimestamp();

        var data = await RunAsync(
            NewAction(Allowed("127.0.0.0/8"), (_, _) => Task.FromResult(addresses)),
            JsonElement.Parse($$"""{"url": "http://many.example:{{Server.Port}}/", "timeout_seconds": 10}"""), Cancellation);

        Assert.That(data!.Value.GetProperty("status_code").GetInt32(), Is.EqualTo(200));
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(8)));
        await full.CancelAsync();
        await Task.WhenAll(fillers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task The_next_address_is_never_one_that_is_not_allowed()
    {
        var addresses = new[] { IPAddress.Parse("127.0.0.3"), IPAddress.Loopback };

        var failed = await Assert.ThrowsAsync<Modules.Enforcements.ActionFailedException>(() => RunAsync(
            NewAction(Allowed("127.0.0.3/32"), (_, _) => Task.FromResult(addresses)),
            JsonElement.Parse($$"""{"url": "http://many.example:{{Server.Port}}/"}"""), Cancellation));

        Assert.That(failed!.Message, Does.Contain("cannot be reached"));
        Assert.That(Server.Asked, Is.Empty);
    }

    [Test]
    public void Answers_that_are_read_share_a_bound_of_memory()
    {
        var memory = new BodyMemory(100);
        memory.Take(60);

        Assert.That(() => memory.Take(41), Throws.InstanceOf<Modules.Enforcements.ActionFailedException>().With.Property("MayRetry").True);
        memory.Return(60);
        Assert.That(() => memory.Take(100), Throws.Nothing);
    }

    private static async Task FillAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port), cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static RawServer NewServer(string type, byte[] body) => new(
        [.. Encoding.Latin1.GetBytes(
            $"HTTP/1.1 200 OK\r\n{(type == "no type" ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body]);

    private static async Task WriteAsync(HttpContext context, string encoding, ReadOnlyMemory<byte> body)
    {
        context.Response.Headers.ContentEncoding = encoding;
        await context.Response.Body.WriteAsync(body, Cancellation);
    }

    private static byte[] Packed(string encoding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "raw deflate" => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => packed,
        })
        {
            stream.Write(bytes);
            return encoding == "identity" ? bytes : Closed(stream, packed);
        }

        static byte[] Closed(Stream stream, MemoryStream packed)
        {
            stream.Dispose();
            return packed.ToArray();
        }
    }
}
