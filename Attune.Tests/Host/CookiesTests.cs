namespace Attune.Tests.Host;

/// <summary>The cookie of the pages, which a reader's browser must not send in clear where the way to Attune is encrypted.</summary>
[TestFixture]
public sealed class CookiesTests
{
    [Test]
    public async Task Behind_a_proxy_that_speaks_https_the_cookie_is_for_https_alone()
    {
        await using var running = await RunningHost.StartAsync(DatabaseEngine.Native, ("TrustedProxies", "127.0.0.1"));

        Assert.That(await CookieAsync(running, "https"), Does.Contain("Antiforgery").And.Contain("; secure;"));
        Assert.That(await CookieAsync(running, "http"), Does.Contain("Antiforgery").And.Not.Contain("secure"));
    }

    private static async Task<string> CookieAsync(RunningHost running, string scheme)
    {
        using var browser = new HttpClient { BaseAddress = new Uri(running.Address) };
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        using var page = await browser.GetAsync("/");
        return page.Headers.GetValues("Set-Cookie").Single();
    }
}
