using System.Text;
using System.Text.Json;
using Attune.Modules.Events.Webhooks;
using Microsoft.Extensions.Primitives;

namespace Attune.Tests.Events;

/// <summary>Every scheme by which a sender proves a delivery: what is right passes, and nothing else does.</summary>
[TestFixture]
public sealed class WebhookVerificationTests
{
    private const string Body = """{"n":1,"t":"äöü"}""";
    private const string FormBody = "Body=hi&From=me";

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] All = [.. WebhookSender.Signing, .. WebhookSender.Telling];

    private static readonly string[] Listing = [.. All.Except(["basic"])];

    [Test]
    public void A_delivery_that_is_proved_passes_with_either_secret([ValueSource(nameof(All))] string scheme)
    {
        Assert.That(() => Check(scheme, Right(scheme, "new")), Throws.Nothing);
        Assert.That(() => Check(scheme, Right(scheme, "old")), Throws.Nothing, "the secret that is being replaced");
        Assert.That(() => Check(scheme, Right(scheme, "other")), Refused);
    }

    [Test]
    public void Several_secrets_can_be_listed([ValueSource(nameof(Listing))] string scheme)
    {
        var settings = WebhookSender.Settings(scheme);
        settings["secrets"] = ((string[])["a", "b", "c"]).Select(name => WebhookSender.Secret(scheme, name));

        Assert.That(Proof(settings).Check(Request(scheme, Right(scheme, "c")), Bytes(scheme), Now), Is.EqualTo(2));
        Assert.That(() => Proof(settings).Check(Request(scheme, Right(scheme, "d")), Bytes(scheme), Now), Refused);
    }

    [Test]
    public void A_delivery_without_one_of_its_headers_is_refused([ValueSource(nameof(All))] string scheme)
    {
        foreach (var name in Right(scheme, "new").Keys.Where(name => name != "Content-Type"))
        {
            var headers = Right(scheme, "new");
            headers.Remove(name);

            Assert.That(() => Check(scheme, headers), Refused, name);
        }
    }

    [Test]
    public void A_header_that_was_sent_twice_is_refused([ValueSource(nameof(All))] string scheme)
    {
        foreach (var (name, value) in Right(scheme, "new"))
        {
            var request = Request(scheme, Right(scheme, "new"), name, new StringValues([value, value]));

            Assert.That(() => Proof(WithSecrets(scheme)).Check(request, Bytes(scheme), Now), Refused, name);
        }
    }

    [Test]
    public void A_header_that_is_garbage_is_refused([ValueSource(nameof(All))] string scheme)
    {
        string[] garbage =
        [
            "", " ", ",", "=", "t=", "v1=", "v1,", "sha256=", "é\u0000", "%%%", new('A', 8_000), "t=1,t=2,v1=00", "t=99999999999999999999",
            "-1", "1e9", "NaN", "0x10", " 1", "Basic", "Basic !", "Basic YW5u", "Bearer", "Bearer ",
            string.Join(',', Enumerable.Repeat("v1=00", 500)),
        ];
        foreach (var name in Right(scheme, "new").Keys.Where(name => name != "X-Topic"))
        {
            foreach (var value in garbage)
            {
                var headers = Right(scheme, "new");
                headers[name] = value;

                Assert.That(() => Check(scheme, headers), Refused, $"{name}: {value}");
            }
        }
    }

    [Test]
    public void A_secret_that_is_right_but_for_its_length_or_case_is_refused([ValueSource(nameof(Telling))] string scheme)
    {
        foreach (var wrong in (string[])["ne", "neww", "New", "", "new ", "new\0"])
        {
            Assert.That(() => Check(scheme, WebhookSender.Headers(scheme, wrong, Body, Now)), Refused, wrong);
        }
    }

    [Test]
    public void A_body_that_was_changed_is_refused([ValueSource(nameof(Signing))] string scheme)
    {
        var body = Bytes(scheme);
        for (var i = 0; i < body.Length; i++)
        {
            var changed = body.ToArray();
            changed[i] ^= 1;

            Assert.That(() => Proof(WithSecrets(scheme)).Check(Request(scheme, Right(scheme, "new")), changed, Now), Refused, $"byte {i}");
        }

        Assert.That(() => Proof(WithSecrets(scheme)).Check(Request(scheme, Right(scheme, "new")), [], Now), Refused);
        Assert.That(() => Proof(WithSecrets(scheme)).Check(Request(scheme, Right(scheme, "new")), [.. body, 32], Now), Refused);
    }

    [Test]
    public void A_signature_is_good_for_five_minutes_before_and_after([ValueSource(nameof(Timed))] string scheme)
    {
        Assert.That(() => Check(scheme, Right(scheme, "new", Now.AddSeconds(-299))), Throws.Nothing);
        Assert.That(() => Check(scheme, Right(scheme, "new", Now.AddSeconds(299))), Throws.Nothing);
        Assert.That(() => Check(scheme, Right(scheme, "new", Now.AddSeconds(-301))), Refused.And.Message.Contains("300 seconds"));
        Assert.That(() => Check(scheme, Right(scheme, "new", Now.AddSeconds(301))), Refused.And.Message.Contains("300 seconds"));
        Assert.That(() => Check(scheme, Right(scheme, "other", Now.AddSeconds(-301))), Refused.And.Message.Not.Contains("seconds"));
    }

    [Test]
    public void A_tolerance_can_be_set([ValueSource(nameof(Timed))] string scheme)
    {
        var settings = WithSecrets(scheme);
        settings["tolerance_seconds"] = 10;

        Assert.That(() => CheckAt(-9), Throws.Nothing);
        Assert.That(() => CheckAt(-11), Refused);

        void CheckAt(int seconds) => Proof(settings).Check(
            Request(scheme, Right(scheme, "new", Now.AddSeconds(seconds))), Bytes(scheme), Now);
    }

    [Test]
    public void A_time_that_was_changed_is_refused([ValueSource(nameof(Timed))] string scheme)
    {
        var old = Right(scheme, "new", Now.AddHours(-1));
        var present = Right(scheme, "new");

        foreach (var name in old.Keys.Where(name => name.EndsWith("time", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("timestamp", StringComparison.OrdinalIgnoreCase)))
        {
            old[name] = present[name];
        }

        if (scheme == "stripe")
        {
            old["Stripe-Signature"] = string.Join(
                ',', [present["Stripe-Signature"].Split(',')[0], .. old["Stripe-Signature"].Split(',')[1..]]);
        }

        Assert.That(() => Check(scheme, old), Refused);
    }

    [Test]
    public void Slacks_own_example_passes() => Assert.That(() => Example(
        """{"scheme": "slack", "secret": "8f742231b10e8888abcd99yyyzzz85a5"}""",
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
        "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F" +
        "commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
        DateTimeOffset.FromUnixTimeSeconds(1531420618), WebhookSender.Url,
        ("X-Slack-Request-Timestamp", "1531420618"),
        ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")), Throws.Nothing);

    [Test]
    public void The_example_of_Standard_Webhooks_passes() => Assert.That(() => Example(
        """{"scheme": "standard_webhooks", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""",
        """{"test": 2432232314}""", DateTimeOffset.FromUnixTimeSeconds(1614265330), WebhookSender.Url,
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")), Throws.Nothing);

    [Test]
    public void Bitbuckets_own_example_passes() => Assert.That(() => Example(
        """{"scheme": "bitbucket", "secret": "It's a Secret to Everybody"}""", "Hello World!", Now, WebhookSender.Url,
        ("X-Hub-Signature", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")), Throws.Nothing);

    [Test]
    public void Githubs_own_example_passes() => Assert.That(() => Example(
        """{"scheme": "github", "secret": "It's a Secret to Everybody"}""", "Hello, World!", Now, WebhookSender.Url,
        ("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")), Throws.Nothing);

    [TestCase("https://mycompany.com/myapp.php?foo=1&bar=2")]
    [TestCase("https://mycompany.com:443/myapp.php?foo=1&bar=2")]
    public void Twilios_own_example_of_a_form_passes_with_its_port_and_without(string url)
    {
        const string body = "To=%2B18005551212&From=%2B12349013030&Digits=1234&Caller=%2B12349013030&CallSid=CA1234567890ABCDE";
        var settings = """{"scheme": "twilio", "secret": "12345"}""";
        (string, string) type = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");

        Assert.That(() => Example(settings, body, Now, url, type, ("X-Twilio-Signature", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")), Throws.Nothing);
        Assert.That(() => Example(settings, body + "&X=", Now, url, type, ("X-Twilio-Signature", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")), Refused);
        Assert.That(() => Example(settings, body, Now, url.Replace("443", "444", StringComparison.Ordinal) + "&", type,
            ("X-Twilio-Signature", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")), Refused);
    }

    [Test]
    public void Twilios_own_example_of_JSON_passes_and_a_body_that_nothing_was_signed_of_does_not()
    {
        const string hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        const string url = $"https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256={hash}";
        const string body = """{"property": "value", "boolean": true}""";
        var settings = """{"scheme": "twilio", "secret": "12345"}""";

        Assert.That(() => Example(settings, body, Now, url, ("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=")), Throws.Nothing);
        Assert.That(() => Example(settings, body + " ", Now, url, ("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=")), Refused);
        Assert.That(() => Example(settings, "", Now, url, ("Content-Type", "application/x-www-form-urlencoded"),
            ("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=")), Refused, "called a form so that the hash does not count");
        Assert.That(() => Example(settings, body, Now, "https://mycompany.com/myapp.php?foo=1&bar=2",
            ("X-Twilio-Signature", "GvWf1cFY/Q7PnoempGyD5oXAezc=")), Refused);
    }

    [Test]
    public void An_address_that_a_proxy_rewrites_is_signed_as_its_sender_knows_it()
    {
        var settings = WithSecrets("twilio form");
        settings["base_url"] = "https://hooks.example.org";
        var request = new SignedRequest
        {
            Values = name => Right("twilio form", "new").TryGetValue(name, out var value) ? value : default(StringValues),
            Method = "POST", Server = () => "http://10.0.0.7:8080", Target = "/api/v1/webhooks/wh_1?a=1",
        };

        Assert.That(() => Proof(settings).Check(request, Bytes("twilio form"), Now), Throws.Nothing);
        settings.Remove("base_url");
        Assert.That(() => Proof(settings).Check(request, Bytes("twilio form"), Now), Refused);
    }

    [TestCase("""
        {"header": "X-HubSpot-Signature-v3", "encoding": "base64", "signed": "{method}{url}{body}{timestamp}",
         "timestamp_header": "X-HubSpot-Request-Timestamp"}
        """)]
    [TestCase("""{"header": "X-Trello-Webhook", "encoding": "base64", "algorithm": "sha1", "signed": "{body}{url}"}""")]
    [TestCase("""{"header": "X-Hub-Signature", "prefix": "sha1=", "algorithm": "sha1"}""")]
    [TestCase("""{"header": "X-Sig", "secret_encoding": "hex", "algorithm": "sha512"}""")]
    [TestCase("""{"header": "X-Sig", "separator": " ", "prefix": "s=", "timestamp_prefix": "t=", "signed": "{timestamp}:{body}"}""")]
    public void Other_senders_can_be_described(string described)
    {
        var settings = JsonSerializer.Deserialize<Dictionary<string, object>>(described)!;
        settings["scheme"] = "hmac";
        settings["secret"] = settings.ContainsKey("secret_encoding") ? "6e6577" : "new";
        var text = (settings.GetValueOrDefault("signed")?.ToString() ?? "{body}")
            .Replace("{method}", "POST", StringComparison.Ordinal).Replace("{url}", WebhookSender.Url, StringComparison.Ordinal)
            .Replace("{timestamp}", "1795780800000", StringComparison.Ordinal).Replace("{body}", Body, StringComparison.Ordinal);
        byte[] key = [.. "new"u8], data = Encoding.UTF8.GetBytes(text);
        var hash = settings.GetValueOrDefault("algorithm")?.ToString() switch
        {
            "sha1" => Convert.FromBase64String(WebhookSender.Sha1(key, text)),
            "sha512" => System.Security.Cryptography.HMACSHA512.HashData(key, data),
            _ => System.Security.Cryptography.HMACSHA256.HashData(key, data),
        };
        var signature = settings.GetValueOrDefault("prefix")
            + (settings.ContainsKey("encoding") ? Convert.ToBase64String(hash) : Convert.ToHexString(hash));
        var headers = new Dictionary<string, string>
        {
            [settings["header"].ToString()!] = settings.ContainsKey("timestamp_prefix") ? $"t=1795780800000 {signature}" : signature,
            ["X-HubSpot-Request-Timestamp"] = "1795780800000",
        };

        Assert.That(() => Proof(settings).Check(Request("github", headers), Encoding.UTF8.GetBytes(Body), Now), Throws.Nothing);
        Assert.That(() => Proof(settings).Check(Request("github", headers), Encoding.UTF8.GetBytes(Body + " "), Now), Refused);
    }

    private static Dictionary<string, string> Right(string scheme, string secret, DateTimeOffset? time = null) => new(
        WebhookSender.Headers(scheme, WebhookSender.Secret(scheme, secret), Text(scheme), time ?? Now), StringComparer.OrdinalIgnoreCase);

    private static string[] Telling => WebhookSender.Telling;

    private static string[] Signing => WebhookSender.Signing;

    private static string[] Timed => WebhookSender.Timed;

    private static NUnit.Framework.Constraints.EqualConstraint<RefusalKind> Refused => Throws.InstanceOf<RefusedException>()
        .With.Property(nameof(RefusedException.Kind)).EqualTo(RefusalKind.Unauthenticated);

    private static string Text(string scheme) => scheme == "twilio form" ? FormBody : Body;

    private static byte[] Bytes(string scheme) => Encoding.UTF8.GetBytes(Text(scheme));

    private static Dictionary<string, object> WithSecrets(string scheme)
    {
        var settings = WebhookSender.Settings(scheme);
        settings[scheme == "basic" ? "password" : "secret"] = WebhookSender.Secret(scheme, "new");
        settings[scheme == "basic" ? "previous_password" : "previous_secret"] = WebhookSender.Secret(scheme, "old");
        return settings;
    }

    private static void Check(string scheme, Dictionary<string, string> headers) =>
        Proof(WithSecrets(scheme)).Check(Request(scheme, headers), Bytes(scheme), Now);

    private static WebhookProof Proof(Dictionary<string, object> settings) =>
        VerificationSettings.Parse(JsonSerializer.SerializeToElement(settings), "verification").Proof!;

    private static SignedRequest Request(
        string scheme, Dictionary<string, string> headers, string? twice = null, StringValues values = default)
    {
        var url = new Uri(scheme == "twilio" ? WebhookSender.TwilioUrl(Body) : WebhookSender.Url);
        return new()
        {
            Values = name => string.Equals(name, twice, StringComparison.OrdinalIgnoreCase) ? values
                : headers.TryGetValue(name, out var value) ? value : default(StringValues),
            Method = "POST",
            Server = () => url.GetLeftPart(UriPartial.Authority),
            Target = url.PathAndQuery,
        };
    }

    private static void Example(
        string settings, string body, DateTimeOffset now, string url, params (string Name, string Value)[] headers)
    {
        var at = url.IndexOf('/', 8);
        VerificationSettings.Parse(JsonElement.Parse(settings), "verification").Proof!.Check(new()
        {
            Values = name => headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(header => header.Value).ToArray(),
            Method = "POST", Server = () => url[..at], Target = url[at..],
        }, Encoding.UTF8.GetBytes(body), now);
    }
}
