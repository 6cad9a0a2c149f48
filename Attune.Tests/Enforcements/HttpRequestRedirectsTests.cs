using Microsoft.AspNetCore.Http;

namespace Attune.Tests.Enforcements;

/// <summary>Redirects of core.http_request, as the Fetch standard has them.</summary>
[TestFixture]
public sealed class HttpRequestRedirectsTests : HttpRequestTest
{
    [TestCase("POST", 301, "GET")]
    [TestCase("POST", 302, "GET")]
    [TestCase("POST", 303, "GET")]
    [TestCase("POST", 307, "POST")]
    [TestCase("POST", 308, "POST")]
    [TestCase("PUT", 301, "PUT")]
    [TestCase("PUT", 302, "PUT")]
    [TestCase("PUT", 303, "GET")]
    [TestCase("PATCH", 301, "PATCH")]
    [TestCase("PATCH", 302, "PATCH")]
    [TestCase("PATCH", 308, "PATCH")]
    [TestCase("DELETE", 301, "DELETE")]
    [TestCase("DELETE", 302, "DELETE")]
    [TestCase("DELETE", 303, "GET")]
    [TestCase("OPTIONS", 301, "OPTIONS")]
    [TestCase("GET", 303, "GET")]
    [TestCase("HEAD", 303, "HEAD")]
    [TestCase("HEAD", 302, "HEAD")]
    public async Task A_method_and_its_body_go_along_as_the_Fetch_standard_says(string method, int status, string then)
    {
        RedirectOnce(status);

        await RunAsync($$"""
            {"url": "{{Server.Address}}/first", "method": "{{method}}", "body": "x", "headers": {"Content-Type": "text/a", "Content-Language": "de", "X-A": "b"} }
            """);

        var (line, headers, body) = Server.Asked.Last();
        var keeps = then == method;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((line, body), Is.EqualTo(($"{then} /second", keeps ? "x" : "")));
            Assert.That(headers.ContentType.ToString(), Is.EqualTo(keeps ? "text/a" : ""));
            Assert.That(headers.ContentLanguage.ToString(), Is.EqualTo(keeps ? "de" : ""));
            Assert.That(headers["X-A"].ToString(), Is.EqualTo("b"));
        }
    }

    [TestCase(300)]
    [TestCase(304)]
    [TestCase(305)]
    public async Task A_status_that_is_no_redirect_is_the_answer(int status)
    {
        RedirectOnce(status);

        var data = await RunAsync($$"""{"url": "{{Server.Address}}/first"}""");

        Assert.That((data.GetProperty("status_code").GetInt32(), Server.Asked.Count), Is.EqualTo((status, 1)));
        Assert.That(data.GetProperty("success").GetBoolean(), Is.False);
    }

    [Test]
    public async Task A_redirect_is_not_followed_where_that_is_not_wanted()
    {
        RedirectOnce(302);

        var data = await RunAsync($$"""{"url": "{{Server.Address}}/first", "follow_redirects": false}""");

        Assert.That(data.GetProperty("headers").GetProperty("location").GetString(), Is.EqualTo("/second"));
        Assert.That(data.GetProperty("status_code").GetInt32(), Is.EqualTo(302));
    }

    [Test]
    public async Task A_server_that_sends_us_back_to_the_first_one_does_not_get_its_secrets_sent_there()
    {
        await using var other = await WebServer.StartAsync(context =>
        {
            context.Response.Redirect($"{Server.Address}/chosen-by-the-other");
            return Task.CompletedTask;
        });
        Answer = context =>
        {
            if (context.Request.Path == "/first")
            {
                context.Response.Redirect(other.Address);
            }

            return Task.CompletedTask;
        };

        var data = await RunAsync($$"""
            {"url": "{{Server.Address}}/first", "auth_type": "bearer", "auth_token": "t", "headers": {"Cookie": "a=b", "Accept-Encoding": "identity"} }
            """);

        var headers = Server.Asked.Last().Headers;
        Assert.That(Server.Asked.First().Headers.Authorization.ToString(), Is.EqualTo("Bearer t"));
        Assert.That((headers.Authorization.Count, headers.Cookie.Count, headers.AcceptEncoding.ToString()), Is.EqualTo((0, 0, "identity")));
        Assert.That(data.GetProperty("url").GetString(), Is.EqualTo($"{Server.Address}/chosen-by-the-other"));
    }

    [Test]
    public async Task A_body_that_must_be_repeated_goes_to_another_server_too()
    {
        await using var other = await WebServer.StartAsync(context => context.Response.WriteAsync("there"));
        Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = other.Address;
            return Task.CompletedTask;
        };

        await RunAsync($$"""{"url": "{{Server.Address}}", "method": "POST", "form": {"a": "b c"} }""");

        var (line, headers, body) = other.Asked.Single();
        Assert.That((line, body, headers.ContentType.ToString()), Is.EqualTo(("POST /", "a=b+c", "application/x-www-form-urlencoded")));
    }

    private void RedirectOnce(int status) => Answer = context =>
    {
        if (context.Request.Path == "/first")
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/second";
        }

        return Task.CompletedTask;
    };
}
