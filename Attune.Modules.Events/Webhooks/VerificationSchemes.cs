namespace Attune.Modules.Events.Webhooks;

/// <summary>A scheme that settings can name.</summary>
/// <param name="Name">What settings call it.</param>
/// <param name="SecretFields">The fields for its secrets, that of the present one first.</param>
/// <param name="Options">Its other fields.</param>
/// <param name="Build">Reads these, notes them as they were understood, and makes the proof.</param>
/// <param name="LearnsSecret">Whether the sender names the secret itself, when it makes itself known.</param>
internal sealed record VerificationScheme(
    string Name, string[] SecretFields, string[] Options,
    Func<ConfigSection, IReadOnlyList<string>, IDictionary<string, object>, WebhookProof> Build, bool LearnsSecret = false);

/// <summary>The schemes that settings can name, each as its sender documents it.</summary>
internal static class VerificationSchemes
{
    private const string Tolerance = "tolerance_seconds";
    private const int LongestTolerance = 86_400;

    // Svix sent the same under its own name before there was a standard, and still does.
    private static readonly string[] StandardNames = ["webhook", "svix"];

    private static readonly string[] SecretFields = [SharedSecrets.Secret, SharedSecrets.PreviousSecret, SharedSecrets.List];

    public static IReadOnlyDictionary<string, VerificationScheme> All { get; } = new[]
    {
        Signed("asana", new() { Header = "X-Hook-Signature" }) with { LearnsSecret = true },
        Signed("bitbucket", new() { Header = "X-Hub-Signature", Prefix = "sha256=" }),
        Signed("dropbox", new() { Header = "X-Dropbox-Signature" }),
        Signed("gitea", new() { Header = "X-Gitea-Signature" }),
        Signed("github", new() { Header = "X-Hub-Signature-256", Prefix = "sha256=" }),
        Token("gitlab", "X-Gitlab-Token"),
        Signed("linear", new() { Header = "Linear-Signature" }),
        Signed("meta", new() { Header = "X-Hub-Signature-256", Prefix = "sha256=" }),
        Signed("pagerduty", new() { Header = "X-PagerDuty-Signature", Prefix = "v1=", Separator = "," }),
        Signed("sentry", new() { Header = "Sentry-Hook-Signature" }),
        // The second is that of what Shopify calls Events.
        Signed("shopify", "text",
        [
            new() { Header = "X-Shopify-Hmac-SHA256", Encoding = "base64" }, new() { Header = "Shopify-Hmac-SHA256", Encoding = "base64" },
        ]),
        Signed("slack", new()
        {
            Header = "X-Slack-Signature", Prefix = "v0=", TimestampHeader = "X-Slack-Request-Timestamp",
            Signed = Text("v0:{timestamp}:{body}"),
        }),
        Standard(),
        Signed("stripe", new()
        {
            Header = "Stripe-Signature", Prefix = "v1=", Separator = ",", TimestampPrefix = "t=", Signed = Text("{timestamp}.{body}"),
        }),
        Signed("twitch", new()
        {
            Header = "Twitch-Eventsub-Message-Signature", Prefix = "sha256=", IdHeader = "Twitch-Eventsub-Message-Id",
            TimestampHeader = "Twitch-Eventsub-Message-Timestamp", Signed = Text("{id}{timestamp}{body}"),
        }),
        Signed("zoom", new()
        {
            Header = "x-zm-signature", Prefix = "v0=", TimestampHeader = "x-zm-request-timestamp", Signed = Text("v0:{timestamp}:{body}"),
        }),
        new("twilio", SecretFields, ["base_url"], (section, secrets, options) =>
            new TwilioProof(SchemeFields.BaseUrl(section, options), Keys(section, secrets, "text"))),
        new("token", SecretFields, ["header", "prefix"], (section, secrets, options) =>
        {
            var header = SchemeFields.Header(section, "header", options, "Authorization");
            var isAuthorization = header.Equals("Authorization", StringComparison.OrdinalIgnoreCase);
            return new TokenProof(header, SchemeFields.Prefix(section, options, isAuthorization ? "Bearer " : ""), secrets);
        }),
        new("basic", [SharedSecrets.Password, SharedSecrets.PreviousPassword], ["user"], (section, secrets, options) =>
            new BasicProof(SchemeFields.User(section, options), secrets)),
        new("hmac", SecretFields,
            [
                "header", "encoding", "prefix", "algorithm", "separator", "signed", "timestamp_header", "timestamp_prefix", "id_header",
                Tolerance, "secret_encoding", "base_url",
            ],
            Described),
    }.ToDictionary(scheme => scheme.Name, StringComparer.Ordinal);

    private static SignedText Text(string template) => SignedText.Parse(template).Text!;

    private static VerificationScheme Signed(string name, SignatureScheme scheme) => Signed(name, "text", [scheme]);

    private static VerificationScheme Signed(string name, string secretEncoding, SignatureScheme[] variants) =>
        new(name, SecretFields, variants[0].HasTimestamp ? [Tolerance] : [], (section, secrets, options) =>
        {
            var tolerance = variants[0].HasTimestamp ? ToleranceOf(section, options) : default;
            return new SignatureProof(
                [.. variants.Select(variant => variant with { Tolerance = tolerance, SecretEncoding = secretEncoding })], Keys(section, secrets, secretEncoding));
        });

    private static VerificationScheme Standard() => Signed("standard_webhooks", "base64",
    [
        .. StandardNames.Select(name => new SignatureScheme
        {
            Header = $"{name}-signature", Prefix = "v1,", Separator = " ", Encoding = "base64", IdHeader = $"{name}-id",
            TimestampHeader = $"{name}-timestamp", Signed = Text("{id}.{timestamp}.{body}"),
        }),
    ]);

    private static VerificationScheme Token(string name, string header) =>
        new(name, SecretFields, [], (_, secrets, _) => new TokenProof(header, "", secrets));

    private static SignatureProof Described(
        ConfigSection section, IReadOnlyList<string> secrets, IDictionary<string, object> options)
    {
        var scheme = SchemeFields.Signature(section, options);
        var encoding = SchemeFields.OneOf(section, "secret_encoding", options, "text", "base64", "hex");
        if (scheme.HasTimestamp)
        {
            scheme = scheme with { Tolerance = ToleranceOf(section, options) };
        }
        else if (section.Value(Tolerance) is not null)
        {
            throw section.Wrong(Tolerance, "needs timestamp_header or timestamp_prefix, which say where the time is");
        }

        return new([scheme with { SecretEncoding = encoding }], Keys(section, secrets, encoding));
    }

    private static TimeSpan ToleranceOf(ConfigSection section, IDictionary<string, object> options)
    {
        var seconds = section.Number(Tolerance, 1, LongestTolerance) ?? SignatureScheme.DefaultToleranceSeconds;
        options[Tolerance] = seconds;
        return TimeSpan.FromSeconds(seconds);
    }

    private static byte[][] Keys(ConfigSection section, IReadOnlyList<string> secrets, string encoding) =>
    [
        .. secrets.Select((secret, i) => SignatureScheme.Key(secret, encoding) is { Length: > 0 } key ? key : throw section.Wrong(
            section.Value(SharedSecrets.List) is not null ? $"{SharedSecrets.List}[{i}]"
                : i == 0 ? SharedSecrets.Secret : SharedSecrets.PreviousSecret,
            $"must be written in {encoding}")),
    ];
}
