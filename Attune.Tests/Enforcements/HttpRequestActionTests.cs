using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Http;

namespace Attune.Tests.Enforcements;

/// <summary>core.http_request against a server on this machine, which the settings allow here.</summary>
[TestFixture]
public sealed class HttpRequestActionTests : HttpRequestTest
{
    private const string Secret = "Bearer not-to-be-seen";

    [Test]
    public async Task A_request_has_its_method_headers_and_body_and_theAnswer_is_the_response()
    {
        Answer = async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers["X-Made"] = "yes";
            context.Response.Headers.SetCookie = "session=hidden";
            await context.Response.WriteAsJsonAsync(new { id = 7 }, Cancellation);
        };

        var data = await RunAsync($$"""
            {"url": "{{Server.Address}}/things?a=b", "method": "POST", "body": {"name": "ä"}, "headers": {"Authorization": "{{Secret}}", "X-Number": 5} }
            """);

        var (line, headers, body) = Server.Asked.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((line, body), Is.EqualTo(("POST /things", """{"name":"ä"}""")));
            Assert.That(headers.Authorization.ToString(), Is.EqualTo(Secret));
            Assert.That(headers["X-Number"].ToString(), Is.EqualTo("5"));
            Assert.That(headers.ContentType.ToString(), Is.EqualTo("application/json"));
            Assert.That(data.GetProperty("status_code").GetInt32(), Is.EqualTo(201));
            Assert.That(data.GetProperty("body").GetProperty("id").GetInt32(), Is.EqualTo(7));
            Assert.That(data.GetProperty("headers").GetProperty("x-made").GetString(), Is.EqualTo("yes"));
            Assert.That(data.GetRawText(), Does.Not.Contain("hidden").And.Not.Contain(Secret));
        }
    }

    [Test]
    public async Task What_is_sent_and_answered_is_said_line_by_line_without_the_path_and_the_query()
    {
        var answers = new Queue<int>([503, 200]);
        Answer = context =>
        {
            context.Response.StatusCode = answers.Dequeue();
            return Task.CompletedTask;
        };
        using var runner = new ActionTestRunner();

        await runner.RunAsync(
            NewAction(Allowed(), clock: TimeProvider.System),
            JsonElement.Parse($$"""{"url": "{{Server.Address}}/T0/hidden?key=hidden", "retries": 1, "retry_delay_seconds": 0}"""), Cancellation);

        var host = new Uri(Server.Address).Authority;
        Assert.That(runner.Said.Select(line => Regex.Replace(line.Text, @"in \d+ ms", "in N ms")), Is.EqualTo((string[])
        [
            $"Sends GET to {host}.", "Answered 503 ServiceUnavailable in N ms.", "Tries again in 0 s.",
            $"Sends GET to {host}.", "Answered 200 OK in N ms.",
        ]));
        Assert.That(runner.Said.ElementAt(1).Level, Is.EqualTo(ExecutionLineLevel.Warning));
    }

    [Test]
    public async Task A_text_goes_as_it_is_and_may_have_a_type_of_its_own()
    {
        await RunAsync(
            $$"""{"url": "{{Server.Address}}", "method": "PUT", "body": "<a/>", "headers": {"content-type": "application/xml"} }""");

        Assert.That(
            (Server.Asked.Single().Body, Server.Asked.Single().Headers.ContentType.ToString()), Is.EqualTo(("<a/>", "application/xml")));
    }

    [TestCase("text/plain; charset=iso-8859-1", new byte[] { 0xE4 }, "body", "ä")]
    [TestCase("application/json", new byte[] { (byte)'{' }, "body", "{")]
    [TestCase("application/octet-stream", new byte[] { 0xFF, 0x00 }, "body_base64", "/wA=")]
    [TestCase("text/plain; charset=no-such", new byte[] { (byte)'a' }, "body_base64", "YQ==")]
    [TestCase("text/plain", new byte[] { (byte)'a', 0 }, "body_base64", "YQA=")]
    [TestCase("text/plain; charset=utf-7", new byte[] { (byte)'a' }, "body_base64", "YQ==")]
    public async Task A_body_is_text_where_it_can_be_and_else_base64(string type, byte[] bytes, string field, string expected)
    {
        Answer = async context =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(bytes);
        };

        Assert.That((await RunAsync($$"""{"url": "{{Server.Address}}"}""")).GetProperty(field).GetString(), Is.EqualTo(expected));
    }

    [TestCase("""{"a": "\u0000"}""")]
    [TestCase("""{"\u0000": 1}""")]
    [TestCase("""["\ud800"]""")]
    [TestCase("""{"a": 1e999999}""")]
    public async Task JSON_that_the_database_cannot_hold_is_a_text(string body)
    {
        Answer = context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        };

        Assert.That((await RunAsync($$"""{"url": "{{Server.Address}}"}""")).GetProperty("body").GetString(), Is.EqualTo(body));
    }

    [Test]
    public async Task A_header_may_hold_any_Latin_character()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var receiving = ReceiveAsync();

        await RunAsync($$"""{"url": "http://127.0.0.1:{{((IPEndPoint)listener.LocalEndpoint).Port}}/", "headers": {"X-Name": "Åse"} }""");

        Assert.That(await receiving, Does.Contain("X-Name: Åse\r\n"));

        async Task<string> ReceiveAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(Cancellation);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1, leaveOpen: true);
            var head = "";
            while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 } line)
            {
                head += line + "\r\n";
            }

            await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), Cancellation);
            return head;
        }
    }

    [TestCase("http://127.0.0.1:99999/")]
    [TestCase("http://")]
    [TestCase("ftp://example.org/")]
    public async Task A_redirect_to_what_is_no_address_fails(string location)
    {
        Answer = context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        };

        var failed = await FailsAsync($$"""{"url": "{{Server.Address}}", "retries": 3}""");

        Assert.That(failed.Message, Is.EqualTo("A redirect's target must be an http or https address."));
        Assert.That(Server.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_body_that_is_not_packed_as_it_says_fails_by_the_name_of_theServer_and_may_be_tried_again()
    {
        Answer = context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("This is no gzip.");
        };

        var failed = await FailsAsync($$"""{"url": "{{Server.Address}}", "retries": 1, "retry_delay_seconds": 0}""");

        Assert.That(failed.Message, Is.EqualTo(
            $"The response of 127.0.0.1:{Server.Port} cannot be unpacked: it is not what its Content-Encoding says."));
        Assert.That(Server.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Loopback_is_refused_unless_it_is_configured()
    {
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1" })
        {
            var failed = await FailsAsync($$"""{"url": "http://{{host}}:{{Server.Port}}/", "retries": 3}""", new());
            Assert.That(failed.Message, Does.Contain("is no public address; HttpRequest:AllowedNetworks does not name it."), host);
            Assert.That(failed.MayRetry, Is.False);
        }

        Assert.That(Server.Asked, Is.Empty);
    }

    [Test]
    public async Task A_redirect_to_an_address_that_is_not_allowed_is_refused()
    {
        foreach (var target in new[] { "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data", "//inner.example/", "http://[::1]/" })
        {
            Answer = context =>
            {
                context.Response.Redirect(target);
                return Task.CompletedTask;
            };

            var failed = await FailsAsync(
                $$"""{"url": "{{Server.Address}}"}""", Allowed(), (_, _) => Task.FromResult(new[] { IPAddress.Parse("192.168.7.7") }));
            Assert.That(failed.Message, Does.Contain("is no public address"), target);
        }
    }

    [Test]
    public async Task A_name_that_leads_elsewhere_the_next_time_is_refused_then()
    {
        Answer = context =>
        {
            context.Response.Headers.Connection = "close";
            return context.Response.WriteAsync("ok");
        };
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("10.9.9.9")]);
        var action = NewAction(Allowed(), (_, _) => Task.FromResult(new[] { answers.Dequeue() }));
        var parameters = JsonElement.Parse($$"""{"url": "http://changing.example:{{Server.Port}}/"}""");

        await RunAsync(action, parameters, Cancellation);
        var failed = await Assert.ThrowsAsync<ActionFailedException>(() => RunAsync(action, parameters, Cancellation));

        Assert.That(failed!.Message, Does.StartWith("changing.example leads to 10.9.9.9"));
    }

    [Test]
    public async Task Of_several_addresses_of_a_name_those_that_are_allowed_are_used()
    {
        var action = NewAction(Allowed(), (_, _) => Task.FromResult(new[] { IPAddress.Parse("10.9.9.9"), IPAddress.Loopback }));

        await RunAsync(action, JsonElement.Parse($$"""{"url": "http://many.example:{{Server.Port}}/"}"""), Cancellation);

        Assert.That(Server.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Redirects_are_followed_up_to_a_number_and_a_post_becomes_a_get_unless_it_must_not()
    {
        Answer = context =>
        {
            var step = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = step switch { 0 => 307, 1 => 303, _ => 302 };
            context.Response.Headers.Location = $"/{step + 1}";
            return step == 3 ? Task.FromResult(context.Response.StatusCode = 200) : Task.CompletedTask;
        };

        var data = await RunAsync($$"""{"url": "{{Server.Address}}/0", "method": "POST", "body": "x", "max_redirects": 3}""");
        Assert.That(data.GetProperty("redirects").GetInt32(), Is.EqualTo(3));
        Assert.That(Server.Asked.Select(one => $"{one.Line} {one.Body}".Trim()), Is.EqualTo(
            new[] { "POST /0 x", "POST /1 x", "GET /2", "GET /3" }));

        Assert.That(
            (await FailsAsync($$"""{"url": "{{Server.Address}}/0", "max_redirects": 2}""")).Message, Is.EqualTo("More than 2 redirects."));
        var unfollowed = await RunAsync($$"""{"url": "{{Server.Address}}/0", "max_redirects": 0}""");
        Assert.That(unfollowed.GetProperty("headers").GetProperty("location").GetString(), Is.EqualTo("/1"));
    }

    [Test]
    public async Task A_redirect_to_anotherServer_does_not_take_secrets_along()
    {
        await using var other = await WebServer.StartAsync(context => context.Response.WriteAsync("there"));
        Answer = context =>
        {
            context.Response.Redirect(other.Address);
            return Task.CompletedTask;
        };

        await RunAsync($$"""
            {"url": "{{Server.Address}}", "headers": {"Authorization": "{{Secret}}", "X-Api-Key": "k", "Cookie": "a=b", "Accept": "text/html"} }
            """);

        var headers = other.Asked.Single().Headers;
        Assert.That((headers.Authorization.Count, headers["X-Api-Key"].Count, headers.Cookie.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(headers.Accept.ToString(), Is.EqualTo("text/html"));
    }

    [Test]
    public async Task A_failure_that_may_pass_is_tried_again_and_waited_for_longer_each_time()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        Answer = context =>
        {
            context.Response.StatusCode = Server.Asked.Count < 3 ? 503 : 200;
            return Task.CompletedTask;
        };
        var running = RunAsync(
            NewAction(Allowed(), clock: clock),
            JsonElement.Parse($$"""{"url": "{{Server.Address}}", "retries": 5, "retry_delay_seconds": 10}"""), Cancellation);

        foreach (var (tries, seconds) in new[] { (1, 10), (2, 20) })
        {
            // The time-out of a try also waits, for as long as the request is on its way.
            await Eventually.HoldsAsync(
                () => Server.Asked.Count == tries && clock.HasSleeper(TimeSpan.FromSeconds(seconds)), $"it waits after try {tries}");
            clock.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.That(clock.Sleepers, Is.EqualTo(1), "not yet");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That((await running)!.Value.GetProperty("tries").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public async Task TheServer_may_ask_for_more_time()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        Answer = context =>
        {
            context.Response.StatusCode = Server.Asked.Count < 2 ? 429 : 200;
            context.Response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        };
        var running = RunAsync(
            NewAction(Allowed(), clock: clock),
            JsonElement.Parse($$"""{"url": "{{Server.Address}}", "retries": 1, "timeout_seconds": 300}"""), Cancellation);

        await Eventually.HoldsAsync(() => Server.Asked.Count == 1 && clock.HasSleeper(TimeSpan.FromSeconds(30)), "it waits");
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.That(clock.Sleepers, Is.EqualTo(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        await running;
    }

    [TestCase("7200", 1, TestName = "AServer_that_asks_for_hours_is_tried_again_after_a_minute")]
    [TestCase("0", 45, TestName = "AServer_that_asks_for_less_is_tried_again_no_sooner_than_was_asked_for")]
    public async Task A_delay_is_the_longer_of_both_and_a_minute_at_most(string retryAfter, int delay)
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        Answer = context =>
        {
            context.Response.StatusCode = Server.Asked.Count < 3 ? 503 : 200;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };
        var running = RunAsync(
            NewAction(Allowed(), clock: clock),
            JsonElement.Parse($$"""
                {"url": "{{Server.Address}}", "retries": 2, "retry_delay_seconds": {{delay}}, "timeout_seconds": 300}
                """),
            Cancellation);

        foreach (var (tries, seconds) in new[] { (1, delay == 1 ? 60 : delay), (2, 60) })
        {
            await Eventually.HoldsAsync(
                () => Server.Asked.Count == tries && clock.HasSleeper(TimeSpan.FromSeconds(seconds)), $"it waits after try {tries}");
            clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        Assert.That((await running)!.Value.GetProperty("tries").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_try_that_was_notAnswered_in_time_is_followed_by_another_with_as_much_time()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        using var released = new SemaphoreSlim(0);
        Answer = _ => released.WaitAsync(Cancellation);
        var running = RunAsync(
            NewAction(Allowed(), clock: clock),
            JsonElement.Parse($$"""{"url": "{{Server.Address}}", "timeout_seconds": 7, "retries": 1, "retry_delay_seconds": 2}"""),
            Cancellation);

        foreach (var tries in new[] { 1, 2 })
        {
            await Eventually.HoldsAsync(
                () => Server.Asked.Count == tries && clock.HasSleeper(TimeSpan.FromSeconds(7)), $"try {tries} waits");
            clock.Advance(TimeSpan.FromSeconds(7));
            if (tries == 1)
            {
                await Eventually.HoldsAsync(() => clock.HasSleeper(TimeSpan.FromSeconds(2)), "it waits before the next try");
                clock.Advance(TimeSpan.FromSeconds(2));
            }
        }

        var failed = await Assert.ThrowsAsync<ActionFailedException>(() => running);
        released.Release(2);
        Assert.That(failed!.Message, Is.EqualTo($"127.0.0.1:{Server.Port} did not answer within 7 seconds."));
    }

    [Test]
    public async Task A_request_that_is_cancelled_before_its_next_try_ends_at_once()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        Answer = context => Task.FromResult(context.Response.StatusCode = 503);
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(
            NewAction(Allowed(), clock: clock),
            JsonElement.Parse($$"""{"url": "{{Server.Address}}", "retries": 9, "retry_delay_seconds": 50}"""), cancel.Token);
        await Eventually.HoldsAsync(() => clock.HasSleeper(TimeSpan.FromSeconds(50)), "it waits");

        await cancel.CancelAsync();

        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Server.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_status_that_stays_an_error_fails_with_the_response_unless_that_is_not_wanted()
    {
        Answer = context =>
        {
            context.Response.StatusCode = context.Request.Path == "/gone" ? 410 : 500;
            return context.Response.WriteAsync("sorry");
        };

        var passing = await FailsAsync($$"""{"url": "{{Server.Address}}", "retries": 2, "retry_delay_seconds": 0}""");
        var final = await FailsAsync($$"""{"url": "{{Server.Address}}/gone", "retries": 2, "retry_delay_seconds": 0}""");
        var wanted = await RunAsync($$"""{"url": "{{Server.Address}}/gone", "fail_on_status": false}""");

        Assert.That((passing.MayRetry, ((JsonElement)passing.Answer!).GetProperty("tries").GetInt32()), Is.EqualTo((true, 3)));
        Assert.That((final.MayRetry, ((JsonElement)final.Answer!).GetProperty("tries").GetInt32()), Is.EqualTo((false, 1)));
        Assert.That(((JsonElement)final.Answer!).GetProperty("body").GetString(), Is.EqualTo("sorry"));
        Assert.That(wanted.GetProperty("status_code").GetInt32(), Is.EqualTo(410));
    }

    [Test]
    public async Task A_response_that_is_too_long_fails_also_when_it_was_packed()
    {
        Answer = async context =>
        {
            if (context.Request.Path == "/packed")
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
                await packed.WriteAsync(new byte[5_000_000]);
            }
            else
            {
                await context.Response.WriteAsync(new string('x', 1000));
            }
        };

        Assert.That(
            (await FailsAsync($$"""{"url": "{{Server.Address}}", "max_response_bytes": 999}""")).Message,
            Is.EqualTo("The response has more than 999 bytes (max_response_bytes)."));
        Assert.That((await RunAsync($$"""{"url": "{{Server.Address}}", "max_response_bytes": 1000}""")).GetProperty(
            "status_code").GetInt32(), Is.EqualTo(200));
        Assert.That((await FailsAsync($$"""{"url": "{{Server.Address}}/packed"}""")).Message, Does.StartWith(
            "The response has more than 1048576 bytes"));
        var options = Allowed();
        options.MaxResponseBytes = 10;
        Assert.That((await FailsAsync($$"""{"url": "{{Server.Address}}", "max_response_bytes": 1000}""", options)).Message, Does.Contain(
            "10 bytes"));
    }

    [Test]
    public async Task AServer_that_does_notAnswer_in_time_fails_the_try()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        using var released = new SemaphoreSlim(0);
        Answer = _ => released.WaitAsync(Cancellation);
        var running = RunAsync(
            NewAction(Allowed(), clock: clock), JsonElement.Parse($$"""{"url": "{{Server.Address}}", "timeout_seconds": 7}"""),
            Cancellation);

        await Eventually.HoldsAsync(() => !Server.Asked.IsEmpty && clock.Sleepers == 1, "it waits");
        clock.Advance(TimeSpan.FromSeconds(7));
        var failed = await Assert.ThrowsAsync<ActionFailedException>(() => running);
        released.Release();

        Assert.That(failed!.Message, Is.EqualTo($"127.0.0.1:{Server.Port} did not answer within 7 seconds."));
        Assert.That(failed.MayRetry, Is.True);
    }

    [Test]
    public async Task A_request_ends_when_it_is_cancelled()
    {
        using var released = new SemaphoreSlim(0);
        Answer = _ => released.WaitAsync(Cancellation);
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(NewAction(Allowed()), JsonElement.Parse($$"""{"url": "{{Server.Address}}", "retries": 9}"""), cancel.Token);
        await Eventually.HoldsAsync(() => !Server.Asked.IsEmpty, "it waits");

        await cancel.CancelAsync();

        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
        released.Release();
        Assert.That(Server.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AServer_that_is_not_there_fails_and_the_message_hides_the_address()
    {
        var port = Server.Port;
        await Server.DisposeAsync();

        var failed = await FailsAsync($$"""{"url": "http://127.0.0.1:{{port}}/?token=hidden"}""");

        Assert.That(failed.Message, Does.StartWith($"127.0.0.1:{port} cannot be reached: ").And.Not.Contain("hidden"));
        Assert.That(failed.MayRetry, Is.True);
    }

    [TestCase("""{"url": "ftp://example.org"}""", "url must be an http or https address.")]
    [TestCase("""{"url": "/relative"}""", "url must be an http or https address.")]
    [TestCase("""{}""", "url must be an http or https address.")]
    [TestCase("""{"url": "http://ada:hidden@example.org"}""", "url must not hold a user name or password; use the header Authorization.")]
    [TestCase("""{"url": "http://example.org", "methd": "POST"}""", "There is no parameter 'methd'; there are url, ")]
    [TestCase("""{"url": "http://example.org", "headers": {"Host": "other"}}""", "headers.Host cannot be given.")]
    [TestCase("""{"url": "http://example.org", "headers": {"A": "x\r\nB: hidden"}}""", "headers has an entry ('A') that cannot be sent")]
    [TestCase("""{"url": "http://example.org", "headers": {"A b": "x"}}""", "headers has an entry ('A b') that cannot be sent")]
    [TestCase("""{"url": "http://example.org", "headers": {"A": ["hidden"]}}""", "headers.A must be a text.")]
    [TestCase("""{"url": "http://example.org", "retries": 11}""", "retries must be a number from 0 to 10.")]
    [TestCase("""{"url": "http://example.org", "verify_tls": false}""",
        "verify_tls may not be false: HttpRequest:AllowUnverifiedTls does not allow it.")]
    public async Task A_request_that_cannot_be_carried_out_is_refused_and_shows_no_secret(string parameters, string message)
    {
        var failed = await FailsAsync(parameters);

        Assert.That(failed.Message, Does.StartWith(message).And.Not.Contain("hidden"));
        Assert.That(failed.MayRetry, Is.False);
    }

    [Test]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_unless_that_is_asked_for_and_allowed()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var serving = ServeTlsAsync(listener, stop.Token);
        var url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        var options = Allowed();
        options.AllowUnverifiedTls = true;

        var refused = await FailsAsync($$"""{"url": "{{url}}", "retries": 3}""", options);
        var taken = await RunAsync($$"""{"url": "{{url}}", "verify_tls": false}""", options);

        Assert.That(refused.Message, Does.StartWith("No secure connection to 127.0.0.1"));
        Assert.That(refused.MayRetry, Is.False);
        Assert.That(taken.GetProperty("body").GetString(), Is.EqualTo("safe"));
        await stop.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task ServeTlsAsync(System.Net.Sockets.TcpListener listener, CancellationToken cancellationToken)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(cancellationToken);
            try
            {
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
                using var reader = new StreamReader(stream, leaveOpen: true);
                while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 })
                {
                }

                await stream.WriteAsync(
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsafe"u8.ToArray(), cancellationToken);
            }
            catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not like the certificate.
            }
        }
    }
}
