using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Attune.Tests.Events;

/// <summary>Signs as senders do, by what they document and not by what is tested.</summary>
internal static class WebhookSender
{
    public const string Url = "https://hooks.example.org/api/v1/webhooks/wh_1?a=1";

    /// <summary>The schemes whose signature has a time.</summary>
    public static readonly string[] Timed = ["stripe", "slack", "zoom", "twitch", "standard_webhooks", "svix", "described"];

    /// <summary>All schemes that sign, under the names by which <see cref="Headers"/> and <see cref="Settings"/> know them.</summary>
    public static readonly string[] Signing =
    [
        .. Timed, "github", "meta", "bitbucket", "gitea", "linear", "sentry", "dropbox", "asana", "pagerduty", "shopify",
        "shopify events", "twilio", "twilio form",
    ];

    /// <summary>All schemes that send their secret as it is.</summary>
    public static readonly string[] Telling = ["gitlab", "token", "token in a header", "basic"];

    /// <summary>What is set of a scheme, but for its secrets.</summary>
    public static Dictionary<string, object> Settings(string scheme) => scheme switch
    {
        "svix" => new() { ["scheme"] = "standard_webhooks" },
        "twilio form" => new() { ["scheme"] = "twilio" },
        "shopify events" => new() { ["scheme"] = "shopify" },
        "token in a header" => new() { ["scheme"] = "token", ["header"] = "X-Shared", ["prefix"] = "k " },
        "basic" => new() { ["scheme"] = "basic", ["user"] = "ann" },
        "described" => new()
        {
            ["scheme"] = "hmac", ["header"] = "X-Sig", ["prefix"] = "s1=", ["separator"] = ";", ["encoding"] = "base64url",
            ["algorithm"] = "sha512", ["timestamp_header"] = "X-Time", ["id_header"] = "X-Id",
            ["signed"] = "{method} {url}|{id}|{timestamp}|{header:X-Topic}|{body}",
        },
        _ => new() { ["scheme"] = scheme },
    };

    public static string Secret(string scheme, string name) => scheme is "standard_webhooks" or "svix"
        ? "whsec_" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(name))) : name;

    /// <summary>The headers that a sender sends along.</summary>
    public static Dictionary<string, string> Headers(string scheme, string secret, string body, DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Encoding.UTF8.GetBytes(secret);
        switch (scheme)
        {
            case "github" or "meta": return new() { ["X-Hub-Signature-256"] = "sha256=" + Hex(key, body) };
            case "bitbucket": return new() { ["X-Hub-Signature"] = "sha256=" + Hex(key, body) };
            case "gitea": return new() { ["X-Gitea-Signature"] = Hex(key, body) };
            case "linear": return new() { ["Linear-Signature"] = Hex(key, body) };
            case "sentry": return new() { ["Sentry-Hook-Signature"] = Hex(key, body) };
            case "dropbox": return new() { ["X-Dropbox-Signature"] = Hex(key, body) };
            case "asana": return new() { ["X-Hook-Signature"] = Hex(key, body) };
            case "pagerduty": return new() { ["X-PagerDuty-Signature"] = $"v1={Hex(key, "another")},v1={Hex(key, body)}" };
            case "shopify": return new() { ["X-Shopify-Hmac-Sha256"] = Convert.ToBase64String(Hash(key, body)) };
            case "shopify events": return new() { ["Shopify-Hmac-Sha256"] = Convert.ToBase64String(Hash(key, body)) };
            case "stripe":
                return new() { ["Stripe-Signature"] = $"t={seconds},v1={Hex(key, $"{seconds}.{body}")},v0={new string('0', 64)}" };
            case "slack":
                return new() { ["X-Slack-Request-Timestamp"] = seconds, ["X-Slack-Signature"] = "v0=" + Hex(key, $"v0:{seconds}:{body}") };
            case "zoom":
                return new() { ["x-zm-request-timestamp"] = seconds, ["x-zm-signature"] = "v0=" + Hex(key, $"v0:{seconds}:{body}") };
            case "twitch":
                var text = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "12Z";
                return new()
                {
                    ["Twitch-Eventsub-Message-Id"] = "m1", ["Twitch-Eventsub-Message-Timestamp"] = text,
                    ["Twitch-Eventsub-Message-Signature"] = "sha256=" + Hex(key, $"m1{text}{body}"),
                };
            case "standard_webhooks" or "svix":
                var name = scheme == "svix" ? "svix" : "webhook";
                var signed = Convert.ToBase64String(Hash(Convert.FromBase64String(secret[6..]), $"msg_1.{seconds}.{body}"));
                return new() { [$"{name}-id"] = "msg_1", [$"{name}-timestamp"] = seconds, [$"{name}-signature"] = $"v1a,AAAA v1,{signed}" };
            case "described":
                var milliseconds = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
                var hash = HMACSHA512.HashData(key, Encoding.UTF8.GetBytes($"POST {Url}|7|{milliseconds}|orders|{body}"));
                return new()
                {
                    ["X-Time"] = milliseconds, ["X-Id"] = "7", ["X-Topic"] = "orders",
                    ["X-Sig"] = "s1=AAAA; s1=" + Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_').TrimEnd('='),
                };
            case "twilio": return new() { ["X-Twilio-Signature"] = Sha1(key, TwilioUrl(body)) };
            case "twilio form":
                return new()
                {
                    ["Content-Type"] = "application/x-www-form-urlencoded", ["X-Twilio-Signature"] = Sha1(key, Url + Form(body)),
                };
            case "gitlab": return new() { ["X-Gitlab-Token"] = secret };
            case "token": return new() { ["Authorization"] = "Bearer " + secret };
            case "token in a header": return new() { ["X-Shared"] = "k " + secret };
            case "basic": return new() { ["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:" + secret)) };
            default: throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "not known");
        }
    }

    /// <summary>The address to which Twilio posts JSON.</summary>
    public static string TwilioUrl(string body) =>
        Url + "&bodySHA256=" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    // The fields of the tests come in the order of their names, and need no decoding.
    private static string Form(string body) => body.Replace("&", "", StringComparison.Ordinal).Replace("=", "", StringComparison.Ordinal);

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] key, string text) => Convert.ToHexStringLower(Hash(key, text));

#pragma warning disable CA5350 // Some senders sign with it.
    public static string Sha1(byte[] key, string text) => Convert.ToBase64String(HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
}
