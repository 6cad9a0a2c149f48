using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Tests.Host;

/// <summary>The running host over HTTP: errors, other web sites, static files, health.</summary>
[TestFixture]
public sealed partial class RequestsTests() : HostTest(DatabaseEngine.Native)
{
    private HttpClient Http => Running.Api.Http;

    [TestCase("GET", "/api/v1/nothing", null, null, 404, "NOT_FOUND")]
    [TestCase("GET", "/api", null, null, 404, "NOT_FOUND")]
    [TestCase("GET", "/api/v1/events/1/history", null, null, 404, "NOT_FOUND")]
    [TestCase("GET", "/api/v1/enforcements/1/history", null, null, 404, "NOT_FOUND")]
    [TestCase("GET", "/api/v1/events/4711", null, null, 404, "NOT_FOUND")]
    [TestCase("POST", "/api/v1/nothing", "{}", "application/json", 404, "NOT_FOUND")]
    [TestCase("GET", "/api/v1/executions/one", null, null, 400, "BAD_REQUEST")]
    [TestCase("DELETE", "/api/v1/events", null, null, 405, "METHOD_NOT_ALLOWED")]
    [TestCase("GET", "/api/v1/triggers/core.webhook/enable", null, null, 405, "METHOD_NOT_ALLOWED")]
    [TestCase("GET", "/api/v1/events?page=one", null, null, 400, "BAD_REQUEST")]
    [TestCase("POST", "/api/v1/events", "{bad", "application/json", 400, "BAD_REQUEST")]
    [TestCase("POST", "/api/v1/events", "{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE")]
    [TestCase("POST", "/api/v1/events", "{}", null, 415, "UNSUPPORTED_MEDIA_TYPE")]
    [TestCase("POST", "/api/v1/nothing", "--x", "multipart/form-data; boundary=x", 404, "NOT_FOUND")]
    [TestCase("PUT", "/api/v1/events", "--x", "multipart/form-data; boundary=x", 405, "METHOD_NOT_ALLOWED")]
    [TestCase("POST", "/api/v1/events", "--x", "multipart/form-data; boundary=x", 415, "UNSUPPORTED_MEDIA_TYPE")]
    [TestCase("POST", "/api/v1/events", "{}", "application/json; charset=bogus", 415, "UNSUPPORTED_MEDIA_TYPE")]
    [TestCase("POST", "/api/v1/executions/execute", "{}", "application/json; charset=bogus", 415, "UNSUPPORTED_MEDIA_TYPE")]
    [TestCase("POST", "/api/v1/executions/execute", "{}", "application/json; charset=UTF-8", 422, "VALIDATION_ERROR")]
    [TestCase("POST", "/api/v1/webhooks/no-such-key", "{}", "application/json; charset=bogus", 404, "NOT_FOUND")]
    [TestCase("GET", "/api/v1/webhooks/wh_0123456789abcdef0123456789abcdef", null, null, 405, "METHOD_NOT_ALLOWED")]
    [TestCase("POST", "/api/v1/webhooks/wh_0123456789abcdef0123456789abcdef/more", "{}", "application/json", 404, "NOT_FOUND")]
    [TestCase("GET", "/nowhere", null, null, 404, "NOT_FOUND")]
    [TestCase("POST", "/nowhere", "x", "text/plain", 404, "NOT_FOUND")]
    [TestCase("POST", "/health", null, null, 405, "METHOD_NOT_ALLOWED")]
    [TestCase("GET", "/health/nothing", null, null, 404, "NOT_FOUND")]
    [TestCase("GET", "/auth/login", null, null, 404, "NOT_FOUND")]
    [TestCase("POST", "/api/v1/events", """{"trigger_ref": ""}""", "application/json", 422, "VALIDATION_ERROR")]
    [TestCase("POST", "/api/v1/triggers", """{"ref": "core.webhook", "label": "Again"}""", "application/json", 409, "CONFLICT")]
    public async Task An_error_has_one_shape(string method, string path, string? body, string? contentType, int status, string code)
    {
        var (answered, text) = await Running.Api.SendRawAsync(
            new HttpMethod(method), path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType);

        Assert.That((int)answered, Is.EqualTo(status), text);
        AssertError(text, code);
    }

    [TestCase("")]
    [TestCase("null")]
    public async Task A_body_that_is_missing_is_told_in_words_for_the_caller(string body)
    {
        var (answered, text) = await Running.Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/executions/execute", Encoding.UTF8.GetBytes(body), "application/json");

        Assert.That((int)answered, Is.EqualTo(400), text);
        Assert.That(
            JsonElement.Parse(text).GetProperty("error").GetString(), Is.EqualTo("The body must be a JSON object; there was none."));
    }

    [Test]
    public async Task A_body_that_is_too_large_for_any_route_is_refused_in_the_same_shape()
    {
        // The length alone is enough; a client that sends on may see a broken connection instead of the answer.
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPAddress.Loopback, new Uri(Running.Address).Port);
        await using var stream = caller.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/v1/rules HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {9 * 1024 * 1024}\r\n\r\n{{"));
        using var reader = new StreamReader(stream);
        var head = await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // The other headers.
        }

        var body = await reader.ReadToEndAsync();
        Assert.That(head, Does.Contain(" 413 "), body);
        AssertError(body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)], "PAYLOAD_TOO_LARGE");
    }

    [TestCase("/", 200)]
    [TestCase("/health", 200)]
    [TestCase("/health/detailed", 200)]
    [TestCase("/api/v1/triggers", 200)]
    [TestCase("/api/v1/triggers/core.webhook", 200)]
    [TestCase("/_framework/blazor.web.js", 200)]
    [TestCase("/triggers/core.webhook", 200)]
    [TestCase("/events/987654321", 404)]
    [TestCase("/enforcements/987654321", 404)]
    [TestCase("/executions/987654321", 404)]
    [TestCase("/rules/no.such", 404)]
    [TestCase("/triggers/no.such", 404)]
    [TestCase("/triggers/no.such/deliveries", 404)]
    [TestCase("/rules/no.such/edit", 404)]
    [TestCase("/actions/no.such", 404)]
    [TestCase("/actions/no.such/edit", 404)]
    [TestCase("/packs/no.such", 404)]
    [TestCase("/jobs/987654321", 404)]
    [TestCase("/actions/core.echo/edit", 200)]
    [TestCase("/workers/987654321", 404)]
    [TestCase("/api/v1/nothing", 404)]
    [TestCase("/api/v1/triggers/no.such", 404)]
    [TestCase("/api/v1/executions/one", 400)]
    [TestCase("/api/v1/executions/execute", 400)]
    [TestCase("/api/v1/workers/1/claim", 405)]
    public async Task A_HEAD_request_gets_the_status_and_the_type_that_GET_gets_and_no_body(string path, int status)
    {
        using var response = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        using var asked = await Http.GetAsync(path);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(asked.StatusCode, Is.EqualTo(response.StatusCode));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
        if (status == 200)
        {
            Assert.That(response.Content.Headers.ContentType, Is.EqualTo(asked.Content.Headers.ContentType));
        }
    }

    [Test]
    public async Task A_page_of_something_that_is_not_there_is_a_page_all_the_same()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events/987654321");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("blazor.web").And.Not.Contain("There is nothing at this address"));
    }

    [Test]
    public async Task What_an_address_takes_is_told_with_HEAD_where_it_takes_GET()
    {
        using var response = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/health"));

        Assert.That(response.Content.Headers.Allow, Is.EqualTo((string[])["GET", "HEAD"]));
    }

    [Test]
    public async Task Nobody_keeps_what_the_API_answers()
    {
        using var list = await Http.GetAsync("/api/v1/triggers");
        using var error = await Http.GetAsync("/api/v1/nothing");

        Assert.That(list.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(error.Headers.CacheControl!.NoStore, Is.True);
    }

    [TestCase("localhost", 200)]
    [TestCase("[::1]:8080", 200)]
    [TestCase("rebound.example", 403)]
    [TestCase("127.0.0.1.rebound.example", 403)]
    public async Task Attune_answers_to_its_own_names_only(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/triggers");
        request.Headers.Host = host;

        using var response = await Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("Origin", "http://elsewhere.example", 403)]
    [TestCase("Origin", "null", 403)]
    [TestCase("Sec-Fetch-Site", "cross-site", 403)]
    [TestCase("Sec-Fetch-Site", "same-site", 403)]
    [TestCase("Sec-Fetch-Site", "same-origin", 422)]
    [TestCase("User-Agent", "curl/8", 422)]
    public async Task Another_web_site_cannot_write_through_the_readers_browser(string header, string value, int status)
    {
        using var request = Post("/api/v1/events");
        request.Headers.Add(header, value);

        using var response = await Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task The_page_itself_may_write()
    {
        using var request = Post("/api/v1/events");
        request.Headers.Add("Origin", Running.Address);

        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    public async Task Another_web_site_cannot_open_a_circuit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor");
        request.Headers.Add("Origin", "http://elsewhere.example");
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");

        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_webhook_comes_in_under_any_name()
    {
        using var request = Post("/api/v1/webhooks/no-such-key");
        request.Headers.Host = "tunnel.example";
        request.Headers.Add("Origin", "http://elsewhere.example");

        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Everything_that_a_page_names_is_served_from_here()
    {
        var page = await Http.GetStringAsync(new Uri(Running.Address));
        var named = Reference().Matches(page).Select(match => match.Groups[1].Value).Where(
            name => name.Contains('.', StringComparison.Ordinal)).ToList();
        var types = new List<string>();

        Assert.That(named, Is.Not.Empty);
        for (var at = 0; at < named.Count; at++)
        {
            using var response = await Http.GetAsync(named[at]);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), named[at]);
            types.Add(response.Content.Headers.ContentType!.MediaType!);
            if (types[^1] == "text/css")
            {
                var folder = named[at][..(named[at].LastIndexOf('/') + 1)];
                var text = await response.Content.ReadAsStringAsync();
                named.AddRange(InStyle().Matches(text).Select(match => folder + match.Groups[1].Value).Except(named));
            }
        }

        Assert.That(types, Does.Contain("text/css").And.Contain("text/javascript").And.Contain("font/woff2").And.Contain("image/svg+xml"));
        Assert.That(named.Where(name => name.Contains("//", StringComparison.Ordinal)), Is.Empty);
        Assert.That(named, Has.Some.Contain("/mud.").And.Some.Contain("blazor.web").And.Some.Contain("bundle.scp.css"));
    }

    [Test]
    public async Task Browsers_are_told_what_pages_never_do()
    {
        using var response = await Http.GetAsync("/");

        Assert.That(string.Join(' ', response.Headers.GetValues("Content-Security-Policy")), Does.Contain("script-src 'self';").And.Contain(
            "frame-ancestors 'none'"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo((string[])["nosniff"]));
        Assert.That(response.Headers.Contains("Referrer-Policy"), Is.True);
        Assert.That(response.Headers.Contains("Server"), Is.False);
    }

    [Test]
    public async Task An_unknown_address_is_a_page_for_a_reader_and_an_error_like_another_for_a_program()
    {
        using var reader = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        reader.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        using var page = await Http.SendAsync(reader);
        using var answer = await Http.GetAsync("/nowhere");

        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("</html>"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        AssertError(await answer.Content.ReadAsStringAsync(), "NOT_FOUND");
    }

    [Test]
    public async Task A_caller_that_goes_away_in_the_middle_of_its_body_harms_nobody()
    {
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(IPAddress.Loopback, new Uri(Running.Address).Port);
            await caller.GetStream().WriteAsync(
                "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"u8
                    .ToArray());
        }

        Assert.That((await Running.Api.GetAsync("/health")).GetProperty("status").GetString(), Is.EqualTo("ok"));
    }

    private static HttpRequestMessage Post(string path) =>
        new(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

    private static void AssertError(string text, string code)
    {
        var error = JsonElement.Parse(text);
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(error.GetProperty("error").GetString(), Is.Not.Empty);
        if (error.TryGetProperty("details", out var details))
        {
            Assert.That(details.GetProperty("field").GetString(), Is.Not.Empty);
        }
    }

    [GeneratedRegex("""(?:href|src)="([^"#]+)""")]
    private static partial Regex Reference();

    [GeneratedRegex("""url\(["']?((?!data:)[^"')]+)""")]
    private static partial Regex InStyle();
}
