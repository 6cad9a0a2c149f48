using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The senders that forms and trials know: those with a page of their own, those with a scheme, and any other.</summary>
internal static class KnownSenders
{
    /// <summary>What <see cref="WebhookSender.Scheme"/> says of the section <c>hmac</c>.</summary>
    public const string Signature = "signature";

    private const string Hello = """{"message": "Hello, Attune"}""";

    private static readonly JsonElement NoSettings = JsonElement.Parse("{}");

    public static IReadOnlyList<WebhookSender> All { get; } =
    [
        Paged("github", "GitHub", "Signs each body. Enter the same secret under Settings → Webhooks of the repository or organization."),
        Paged("gitlab", "GitLab", "Sends a token that you choose, under Settings → Webhooks → Secret token."),
        Paged("stripe", "Stripe", "Signs time and body. Copy the signing secret (whsec_…) of the endpoint.",
            makesSecret: true, idPath: "id"),
        Paged("slack", "Slack", "Signs time and body. Copy the signing secret of the app; its question is answered by itself.",
            makesSecret: true, idPath: "event_id"),
        Paged("shopify", "Shopify", "Signs each body. Copy the secret that stands below the webhooks in the shop's settings.",
            makesSecret: true),
        Paged("alertmanager", "Alertmanager",
            "Sends a token that you choose, as credentials of the receiver's http_config. A group that says the same again is one event.",
            idPath: "groupKey"),
        Paged("grafana", "Grafana", "Signs time and body. Enter the same secret and both header names at the contact point.",
            idPath: "groupKey"),
        Paged("sentry", "Sentry", "Signs each body. Copy the client secret of the internal integration.",
            makesSecret: true, idPath: "data.event.event_id"),
        Paged("cloudevents", "CloudEvents", "Knative, Event Grid, Dapr and the like. Sends a token that you choose.", idPath: "id"),
        Plain("asana", "Asana", "Names its secret itself when the webhook is made there; nothing is to be entered here."),
        Plain("bitbucket", "Bitbucket", "Signs each body with the secret of the webhook.", ("X-Event-Key", "repo:push")),
        Plain("dropbox", "Dropbox", "Signs each body with the app secret.", makesSecret: true),
        Plain("gitea", "Gitea, Forgejo", "Signs each body with the secret of the webhook.", ("X-Gitea-Event", "push")),
        Plain("linear", "Linear", "Signs each body. Copy the signing secret of the webhook.", ("Linear-Event", "Issue"), makesSecret: true),
        Plain("meta", "Meta", "Facebook, Instagram, WhatsApp. Signs each body with the app secret.", makesSecret: true),
        Plain("pagerduty", "PagerDuty", "Signs each body. Copy the secret that is shown when the subscription is made.", makesSecret: true),
        Plain("standard_webhooks", "Standard Webhooks, Svix", "Signs id, time and body with a secret that is written whsec_…."),
        Plain("twilio", "Twilio", "Signs address and body with the auth token of the account.", makesSecret: true),
        Plain("twitch", "Twitch", "Signs id, time and body with the secret of the subscription.",
            ("Twitch-Eventsub-Message-Type", "notification")),
        Plain("zoom", "Zoom", "Signs time and body. Copy the secret token of the app.", makesSecret: true),
        Plain("token", "Any sender with a token", "Sends a secret in a header, as it is: use https."),
        Plain("basic", "Any sender with a password", "Sends a user and a password (HTTP Basic): use https."),
        new()
        {
            Name = Signature, Label = "Any sender that can sign", Scheme = Signature, Settings = NoSettings, Body = Hello,
            Headers = Json(), About = "HMAC of the body in X-Webhook-Signature (or X-Hub-Signature-256): algorithm=hex.",
        },
        Plain("hmac", "Another signature, described", "An HMAC that is written in a way of its own: say where it is and what it is of."),
        new()
        {
            Name = "anybody", Label = "Anybody who has the address", Settings = NoSettings, Body = Hello, Headers = Json(),
            About = "Nothing is proved: keep the address as a secret.",
        },
    ];

    /// <summary>The sender of a name; null when none is called so.</summary>
    public static WebhookSender? Find(string name) => All.FirstOrDefault(sender => sender.Name == name);

    /// <summary>The sender that settings were made for. Of several with one scheme, what else is set tells, or the trigger's name.</summary>
    public static WebhookSender Of(string triggerRef, WebhookConfig config)
    {
        if (config.Verification is not { Enabled: true } proof)
        {
            return Find(config.Hmac is { Enabled: true } ? Signature : "anybody")!;
        }

        var alike = All.Where(sender => sender.Scheme == proof.Scheme).ToList();
        return alike.FirstOrDefault(sender => Header(sender) is { } header && header == proof.Header)
            ?? alike.FirstOrDefault(
                sender => triggerRef.Contains(sender.Name, StringComparison.Ordinal) && Header(sender) is null)
            ?? alike.FirstOrDefault(sender => config.Idempotency is not null && PayloadPath(sender) == config.Idempotency.PayloadPath
                && Header(sender) is null && config.Idempotency.PayloadPath is not null)
            ?? Find(proof.Scheme)!;
    }

    /// <summary>A body of now, that is no repetition of an earlier one.</summary>
    public static string Fresh(WebhookSender sender)
    {
        if (JsonNode.Parse(sender.Body) is not JsonObject body)
        {
            return sender.Body;
        }

        if (sender.IdPath is { } path)
        {
            var parts = path.Split('.');
            var holder = parts[..^1].Aggregate((JsonNode)body, (node, part) => node[part]!);
            holder[parts[^1]] = $"{holder[parts[^1]]}-{Guid.NewGuid().ToString("N")[..8]}";
        }

        return body.ToJsonString(new(Db.Json.Options) { WriteIndented = true });
    }

    private static string? Header(WebhookSender sender) =>
        sender.Scheme == "hmac" && sender.Settings.GetProperty("verification").TryGetProperty("header", out var header)
            ? header.GetString() : null;

    private static string? PayloadPath(WebhookSender sender) =>
        sender.Settings.TryGetProperty("idempotency", out var keys) && keys.TryGetProperty("payload_path", out var path)
            ? path.GetString() : null;

    private static WebhookSender Paged(string name, string label, string about, bool makesSecret = false, string? idPath = null)
    {
        var example = SenderExample.Read(name);
        var settings = JsonNode.Parse(example.Settings.GetRawText())!.AsObject();
        var proof = settings["verification"]!.AsObject();
        proof.Remove("secret");
        var scheme = (string)proof["scheme"]!;
        return new()
        {
            Name = name, Label = label, Scheme = scheme, About = about, MakesSecret = makesSecret, IdPath = idPath,
            Fields = [.. VerificationSchemes.All[scheme].Options.Where(field => !proof.ContainsKey(field) && field == "tolerance_seconds")],
            Settings = JsonSerializer.SerializeToElement(settings, Db.Json.Options),
            Headers = example.Headers,
            Body = example.Body,
        };
    }

    private static WebhookSender Plain(
        string scheme, string label, string about, (string Name, string Value)? header = null, bool makesSecret = false) => new()
        {
            Name = scheme, Label = label, Scheme = scheme, About = about, MakesSecret = makesSecret,
            Fields = VerificationSchemes.All[scheme].Options,
            Settings = JsonSerializer.SerializeToElement(
                new Dictionary<string, object> { ["verification"] = new Dictionary<string, string> { ["scheme"] = scheme } },
                Db.Json.Options),
            Headers = header is { } one ? new Dictionary<string, string>(Json()) { [one.Name] = one.Value } : Json(),
            Body = Hello,
        };

    private static Dictionary<string, string> Json() => new() { ["Content-Type"] = "application/json" };
}
