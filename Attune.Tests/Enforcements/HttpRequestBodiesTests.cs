using Microsoft.AspNetCore.Http;

namespace Attune.Tests.Enforcements;

/// <summary>What core.http_request sends: addresses, headers and bodies.</summary>
[TestFixture]
public sealed class HttpRequestBodiesTests : HttpRequestTest
{
    [TestCase("identity")]
    [TestCase("gzip;q=0.5, *;q=0")]
    [TestCase("")]
    public async Task A_header_is_sent_as_given_and_none_is_added(string encoding)
    {
        await using var server = new RawServer("HTTP/1.1 204 No Content\r\n\r\n");

        await RunAsync($$"""
            {"url": "{{server.Address}}a", "headers": {"Accept-Encoding": "{{encoding}}", "User-Agent": "mine/1.0 (x; y)", "x-Odd_Name": "a,  b"} }
            """);

        Assert.That(
            server.Heads.Single().TrimEnd().Split("\r\n")[1..].Select(line => line.TrimEnd()),
            Is.EquivalentTo(new[]
            {
                $"Host: {new Uri(server.Address).Authority}", $"Accept-Encoding: {encoding}".TrimEnd(), "User-Agent: mine/1.0 (x; y)", "x-Odd_Name: a,  b",
            }));
    }

    [Test]
    public async Task A_request_without_headers_says_only_who_asks()
    {
        await using var server = new RawServer("HTTP/1.1 204 No Content\r\n\r\n");

        await RunAsync($$"""{"url": "{{server.Address}}"}""");

        Assert.That(server.Heads.Single(), Is.EqualTo(
            $"GET / HTTP/1.1\r\nHost: {new Uri(server.Address).Authority}\r\nUser-Agent: attune\r\n"));
    }

    [TestCase("""{"a": "b c", "n": 5, "list": ["x", true], "gone": null}""", "?a=b%20c&n=5&list=x&list=true")]
    [TestCase("""{"a&b": "../x?y=#z", "ü": "+"}""", "?a%26b=..%2Fx%3Fy%3D%23z&%C3%BC=%2B")]
    [TestCase("{}", "")]
    public async Task A_query_is_encoded(string query, string expected)
    {
        var asked = "";
        Answer = context =>
        {
            asked = context.Request.QueryString.Value!;
            return Task.CompletedTask;
        };

        await RunAsync($$"""{"url": "{{Server.Address}}/p#fragment", "query_params": {{query}} }""");
        Assert.That(asked, Is.EqualTo(expected));

        await RunAsync($$"""{"url": "{{Server.Address}}/p?first=1", "query_params": {{query}} }""");
        Assert.That(asked, Is.EqualTo("?first=1" + (expected.Length > 0 ? "&" + expected[1..] : "")));
    }

    [TestCase(""" "json_body": {"a": [1]} """, "application/json", """{"a":[1]}""")]
    [TestCase(""" "json_body": "text" """, "application/json", "\"text\"")]
    [TestCase(""" "json_body": {"a": 1}, "headers": {"content-type": "application/merge-patch+json"} """, "application/merge-patch+json", """{"a":1}""")]
    [TestCase(""" "body": [1, 2] """, "application/json", "[1,2]")]
    [TestCase(""" "form": {"a": "1 & 2", "b": [true, 3], "c": "ä*-._~"} """, "application/x-www-form-urlencoded", "a=1+%26+2&b=true&b=3&c=%C3%A4*-._%7E")]
    [TestCase(""" "body": {"a": "b=c"}, "headers": {"Content-Type": "application/x-www-form-urlencoded"} """, "application/x-www-form-urlencoded", "a=b%3Dc")]
    [TestCase(""" "body": "a=b", "headers": {"Content-Type": "application/x-www-form-urlencoded"} """, "application/x-www-form-urlencoded", "a=b")]
    [TestCase(""" "body": "plain" """, "text/plain; charset=utf-8", "plain")]
    public async Task A_body_goes_as_its_content_type(string body, string type, string expected)
    {
        await RunAsync($$"""{"url": "{{Server.Address}}", "method": "POST", {{body}} }""");

        var asked = Server.Asked.Single();
        Assert.That((asked.Headers.ContentType.ToString(), asked.Body), Is.EqualTo((type, expected)));
        Assert.That(asked.Headers.ContentLength, Is.EqualTo(System.Text.Encoding.UTF8.GetByteCount(expected)));
    }

    [Test]
    public async Task A_text_goes_in_the_charset_of_its_type()
    {
        await using var server = new RawServer("HTTP/1.1 204 No Content\r\n\r\n");

        await RunAsync($$"""
            {"url": "{{server.Address}}", "method": "POST", "body": "ä", "headers": {"Content-Type": "text/plain; charset=iso-8859-1"} }
            """);
        var failed = await FailsAsync($$"""
            {"url": "{{server.Address}}", "method": "POST", "body": "日", "headers": {"Content-Type": "text/plain; charset=iso-8859-1"} }
            """);

        Assert.That(server.Heads.Single(), Does.Contain("Content-Length: 1\r\n"));
        Assert.That(failed.Message, Is.EqualTo("body has characters that iso-8859-1 does not have."));
    }

    [Test]
    public async Task A_multipart_body_has_fields_and_files()
    {
        await RunAsync($$"""
            {"url": "{{Server.Address}}", "method": "POST", "multipart": {
               "payload": "{\"a\": 1}", "n": 5, "tag": ["x", "y"],
               "file": {"filename": "a\"b\r\nX: y.txt", "content_type": "text/csv", "content": "1,ä"},
               "bytes": {"filename": "b.bin", "content_base64": "QUI="} } }
            """);

        var (_, headers, body) = Server.Asked.Single();
        Assert.That(headers.ContentType.ToString(), Does.StartWith("multipart/form-data; boundary="));
        var context = new DefaultHttpContext();
        context.Request.ContentType = headers.ContentType;
        context.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
        var form = await context.Request.ReadFormAsync(Cancellation);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(form["payload"].ToString(), Is.EqualTo("""{"a": 1}"""));
            Assert.That((form["n"].ToString(), form["tag"].ToString()), Is.EqualTo(("5", "x,y")));
            Assert.That(form.Files.Select(file => (file.Name, file.ContentType, file.Length)), Is.EqualTo(
                new[] { ("file", "text/csv", 4L), ("bytes", "application/octet-stream", 2L) }));
            Assert.That(body, Does.Contain("filename=\"a%22b%0D%0AX: y.txt\""));
        }
    }

    [TestCase(""" "auth_type": "basic", "auth_username": "ada", "auth_password": "é:x" """, "Basic YWRhOsOpOng=")]
    [TestCase(""" "auth_type": "bearer", "auth_token": "t.o.k" """, "Bearer t.o.k")]
    [TestCase(""" "auth_type": "none", "auth_token": "t" """, "")]
    public async Task Parameters_of_the_original_sign_a_request(string parameters, string expected)
    {
        await RunAsync($$"""{"url": "{{Server.Address}}", {{parameters}} }""");

        Assert.That(Server.Asked.Single().Headers.Authorization.ToString(), Is.EqualTo(expected));
    }

    [TestCase(""" "body": "a", "form": {} """, "Only one of body, form can be given.")]
    [TestCase(""" "form": {"a": {"b": 1} } """, "form.a must be a text, a number, true or false, or a list of those.")]
    [TestCase(""" "form": [1] """, "form must be an object of names and values.")]
    [TestCase(""" "query_params": {"a": [[1]]} """, "query_params.a must be a text")]
    [TestCase(""" "multipart": {"a": {"content": "x", "content_type": "a\r\nhidden: x"} } """, "multipart.a.content_type")]
    [TestCase(""" "multipart": {"a": {"content": "x", "content_base64": "eA=="} } """, "multipart.a must be a text")]
    [TestCase(""" "multipart": {"a": {"content_base64": "?"} } """, "multipart.a.content_base64 is not base64.")]
    [TestCase(""" "timeout": 5, "timeout_seconds": 5 """, "timeout is another name of timeout_seconds; only one of them can be given.")]
    [TestCase(""" "timeout": 301 """, "timeout_seconds must be a number from 0.1 to 300.")]
    [TestCase(""" "verify_ssl": false """, "verify_tls may not be false")]
    [TestCase(""" "auth_type": "basic" """, "auth_type basic needs an auth_username")]
    [TestCase(""" "auth_type": "bearer", "auth_token": "hidden\r\nX: y" """, "auth_type bearer needs an auth_token of printable")]
    [TestCase(""" "auth_type": "digest" """, "auth_type must be one of: none, basic, bearer.")]
    [TestCase(""" "auth_type": "bearer", "auth_token": "hidden", "headers": {"authorization": "x"} """, "auth_type makes the header Authorization")]
    [TestCase(""" "headers": {"Content-Length": "5"} """, "headers.Content-Length cannot be given.")]
    public async Task Parameters_that_make_no_request_are_refused(string parameters, string message)
    {
        var failed = await FailsAsync($$"""{"url": "{{Server.Address}}", {{parameters}} }""");

        Assert.That(failed.Message, Does.StartWith(message).And.Not.Contain("hidden"));
        Assert.That((failed.MayRetry, Server.Asked.Count), Is.EqualTo((false, 0)));
    }
}
