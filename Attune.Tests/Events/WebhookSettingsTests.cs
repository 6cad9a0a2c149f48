using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

/// <summary>What a webhook may ask of those who post, and whom it lets in.</summary>
[TestFixture]
public sealed class WebhookSettingsTests
{
    private const string Secret = "it is no secret here";
    private static readonly byte[] Body = """{"payload": {"n": 1}, "ä": "ö"}"""u8.ToArray();

    [TestCase("[]", "webhook_config")]
    [TestCase("\"text\"", "webhook_config")]
    [TestCase("""{"hmca": {}}""", "webhook_config.hmca")]
    [TestCase("""{"payload_size_limit_kb": 0}""", "webhook_config.payload_size_limit_kb")]
    [TestCase("""{"payload_size_limit_kb": 8193}""", "webhook_config.payload_size_limit_kb")]
    [TestCase("""{"payload_size_limit_kb": "64"}""", "webhook_config.payload_size_limit_kb")]
    [TestCase("""{"payload_size_limit_kb": 1.5}""", "webhook_config.payload_size_limit_kb")]
    [TestCase("""{"hmac": true}""", "webhook_config.hmac")]
    [TestCase("""{"hmac": {"secret": "long enough"}}""", "webhook_config.hmac.enabled")]
    [TestCase("""{"hmac": {"enabled": "true", "secret": "long enough"}}""", "webhook_config.hmac.enabled")]
    [TestCase("""{"hmac": {"enabled": true}}""", "webhook_config.hmac.secret")]
    [TestCase("""{"hmac": {"enabled": true, "secret": null}}""", "webhook_config.hmac.secret")]
    [TestCase("""{"hmac": {"enabled": true, "secret": ""}}""", "webhook_config.hmac.secret")]
    [TestCase("""{"hmac": {"enabled": true, "secret": 12345678}}""", "webhook_config.hmac.secret")]
    [TestCase("""{"hmac": {"enabled": true, "secret": "long enough", "algorithm": "sha1"}}""", "webhook_config.hmac.algorithm")]
    [TestCase("""{"hmac": {"enabled": true, "secret": "long enough", "algorithm": "SHA256"}}""", "webhook_config.hmac.algorithm")]
    [TestCase("""{"hmac": {"enabled": true, "secret": "long enough", "header": "X"}}""", "webhook_config.hmac.header")]
    [TestCase("""{"ip_whitelist": {"enabled": true}}""", "webhook_config.ip_whitelist.ips")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": []}}""", "webhook_config.ip_whitelist.ips")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": "10.0.0.1"}}""", "webhook_config.ip_whitelist.ips")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["10.0.0.1", "10.0.0.300"]}}""", "webhook_config.ip_whitelist.ips[1]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["1"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["010.0.0.1"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["10.0.0.1/8"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["2001:db8::1/32"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["10.0.0.0/33"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["10.0.0.0/08"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": true, "ips": ["example.org"]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"ip_whitelist": {"enabled": false, "ips": [5]}}""", "webhook_config.ip_whitelist.ips[0]")]
    [TestCase("""{"rate_limit": {"enabled": true, "window_seconds": 60}}""", "webhook_config.rate_limit.requests")]
    [TestCase("""{"rate_limit": {"enabled": true, "requests": 10}}""", "webhook_config.rate_limit.window_seconds")]
    [TestCase("""{"rate_limit": {"enabled": true, "requests": 0, "window_seconds": 60}}""", "webhook_config.rate_limit.requests")]
    [TestCase("""{"rate_limit": {"enabled": true, "requests": 10, "window_seconds": 1e9}}""", "webhook_config.rate_limit.window_seconds")]
    public void Settings_that_would_protect_nothing_are_refused_at_their_place(string json, string place)
    {
        var refused = Assert.Throws<RefusedException>(() => WebhookSettings.Merge(Parse("{}"), Parse(json)));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, place)));
        Assert.That(refused.Message, Does.Contain(place).And.Not.Contain("long enough"));
    }

    [Test]
    public void Sections_left_out_stay_those_that_are_null_go_and_the_secret_stays()
    {
        var first = WebhookSettings.Merge(Parse("{}"), Parse(
            """{"hmac": {"enabled": true, "secret": "long enough", "algorithm": "sha512"}, "payload_size_limit_kb": 64}"""));
        var second = WebhookSettings.Merge(first, Parse("""{"payload_size_limit_kb": null, "rate_limit": {"enabled": false}}"""));
        var third = WebhookSettings.Merge(second, Parse("""{"hmac": {"enabled": true, "algorithm": "sha256", "has_secret": true}}"""));
        var fourth = WebhookSettings.Merge(third, Parse("""{"hmac": null}"""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(WebhookSettings.Parse(second).PayloadSizeLimitKb, Is.Null);
            Assert.That((WebhookSettings.Parse(second).Hmac!.Secret, WebhookSettings.Parse(second).Hmac!.Algorithm), Is.EqualTo(
                ("long enough", "sha512")));
            Assert.That((WebhookSettings.Parse(third).Hmac!.Secret, WebhookSettings.Parse(third).Hmac!.Algorithm), Is.EqualTo(
                ("long enough", "sha256")));
            Assert.That(WebhookSettings.Parse(fourth).Hmac, Is.Null);
        }
    }

    [TestCase("x")]
    [TestCase("secret")]
    public void A_secret_may_be_as_short_as_whoever_sends_has_it(string secret) =>
        Assert.That(WebhookSettings.Parse(
            WebhookSettings.Merge(Parse("{}"), Parse($$$"""{"hmac": {"enabled": true, "secret": "{{{secret}}}"}}"""))).Hmac!.Secret,
            Is.EqualTo(secret));

    [Test]
    public void Shown_settings_have_no_secret()
    {
        var stored = WebhookSettings.Merge(Parse("{}"), Parse("""{"hmac": {"enabled": true, "secret": "long enough"}}"""));

        var shown = JsonSerializer.Serialize(WebhookSettings.Shown(stored), Json.Options);

        Assert.That(shown, Is.EqualTo("""{"hmac":{"enabled":true,"algorithm":"sha256","has_secret":true}}"""));
        Assert.That(
            JsonSerializer.Serialize(WebhookSettings.Shown(Parse("""{"hmac": {"enabled": 1, "secret": "long enough"}}""")), Json.Options),
            Does.Contain("webhook_config.hmac.enabled").And.Not.Contain("long enough"));
    }

    [TestCase("203.0.113.7", true)]
    [TestCase("203.0.113.8", false)]
    [TestCase("10.1.255.255", true)]
    [TestCase("10.2.0.0", false)]
    [TestCase("::ffff:203.0.113.7", true)]
    [TestCase("::ffff:203.0.113.8", false)]
    [TestCase("2001:db8::1", true)]
    [TestCase("2001:db9::1", false)]
    [TestCase("198.51.100.4", true)]
    [TestCase("192.0.2.63", true)]
    [TestCase("192.0.2.64", false)]
    [TestCase(null, false)]
    public void An_address_on_the_list_may_post_and_no_other(string? address, bool allowed)
    {
        var list = AddressList.Parse(
            Parse("""{"enabled": true, "ips": ["203.0.113.7", "10.1.0.0/16", "2001:db8::/32", "::ffff:198.51.100.4", "::ffff:192.0.2.0/122"]}"""), "list");

        Assert.That(list.Allows(address is null ? null : IPAddress.Parse(address)), Is.EqualTo(allowed));
    }

    [TestCase("sha256", "X-Hub-Signature-256", true)]
    [TestCase("sha256", "X-Webhook-Signature", true)]
    [TestCase("sha256", "X-Webhook-Signature", false)]
    [TestCase("sha512", "X-Webhook-Signature", true)]
    [TestCase("sha512", "X-Hub-Signature-256", false)]
    public void A_right_signature_passes_in_either_header_with_the_algorithm_or_without(string algorithm, string header, bool prefixed) =>
        Assert.That(
            () => Check(algorithm, (header, (prefixed ? $"{algorithm}=" : "") + Signature(algorithm, Secret, Body))), Throws.Nothing);

    private static IEnumerable<TestCaseData> WrongSignatures()
    {
        var right = Signature("sha256", Secret, Body);
        yield return new("", "empty");
        yield return new("sha256=", "no digits");
        yield return new(Signature("sha256", "another secret", Body), "another secret");
        yield return new(Signature("sha256", Secret, "{}"u8.ToArray()), "another body");
        yield return new($"sha512={right}", "names another algorithm");
        yield return new($"SHA256={right}", "names an algorithm nobody knows");
        yield return new(Signature("sha512", Secret, Body), "of another algorithm");
        yield return new(right[..^2], "too short");
        yield return new(right + "00", "too long");
        yield return new(right[..^1] + "g", "no hexadecimal digits");
        yield return new($"{right},{right}", "given twice");
        yield return new(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Body)), "base 64");
    }

    [TestCaseSource(nameof(WrongSignatures))]
    public void A_wrong_signature_is_refused(string signature, string why) =>
        Assert.That(
            Assert.Throws<RefusedException>(() => Check("sha256", ("X-Hub-Signature-256", signature)))?.Kind,
            Is.EqualTo(RefusalKind.Unauthenticated), why);

    [Test]
    public void A_missing_signature_is_refused_and_the_originals_header_comes_first()
    {
        var right = Signature("sha256", Secret, Body);

        Assert.That(Assert.Throws<RefusedException>(() => Check("sha256"))?.Message, Does.StartWith("Signature required"));
        Assert.That(
            () => Check("sha256", ("X-Webhook-Signature", "0000"), ("X-Hub-Signature-256", right)), Throws.InstanceOf<RefusedException>());
        Assert.That(
            () => Check("sha256", ("X-Webhook-Signature", right.ToUpperInvariant()), ("X-Hub-Signature-256", "0000")), Throws.Nothing);
    }

    [Test]
    public void A_signature_as_github_documents_it_passes()
    {
        // The example of GitHub's manual: the secret, the payload, and what comes out.
        var hmac = SigningSettings.Parse(Parse("""{"enabled": true, "secret": "It's a Secret to Everybody"}"""), "hmac");

        Assert.That(() => hmac.Check(
            name => name == "X-Hub-Signature-256" ? "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" : null,
            "Hello, World!"u8), Throws.Nothing);
    }

    internal static string Signature(string algorithm, string secret, byte[] body)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        return Convert.ToHexStringLower(algorithm == "sha512" ? HMACSHA512.HashData(key, body) : HMACSHA256.HashData(key, body));
    }

    private static void Check(string algorithm, params (string Name, string Value)[] headers) =>
        SigningSettings.Parse(Parse($$"""{"enabled": true, "secret": "{{Secret}}", "algorithm": "{{algorithm}}"}"""), "hmac").Check(
            name => headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault(), Body);

    private static JsonElement Parse(string json) => JsonElement.Parse(json);
}
