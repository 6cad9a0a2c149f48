using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Where a webhook's event came from, as the event's config keeps it. The webhook's key is not in it, nor any secret.</summary>
internal sealed record WebhookOrigin
{
    private const int MaxLength = 255;

    private static readonly string[] EventHeaders =
    [
        "X-GitHub-Event", "X-Gitea-Event", "X-Gitlab-Event", "X-Event-Key", "X-Event-Type", "X-Shopify-Topic", "Linear-Event",
    ];

    // Those that are the same when a delivery is made again, and never for two deliveries.
    private static readonly string[] DeliveryHeaders =
    [
        "Idempotency-Key", "X-GitHub-Delivery", "X-Gitea-Delivery", "webhook-id", "svix-id", "X-Request-UUID", "X-Shopify-Webhook-Id",
        "Linear-Delivery",
    ];

    // Webhooks that one event brought about by way of another share it, so it is worth keeping but is no key.
    private const string GitLabEvent = "X-Gitlab-Event-UUID";

    private static readonly string[] SecretWords = ["auth", "cookie", "token", "secret", "signature", "key", "password"];

    private static readonly JsonSerializerOptions Written =
        Json.Configure(new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    public string Source { get; } = "webhook";
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? Event { get; init; }
    public string? EventHeader { get; init; }
    public string? Delivery { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>The address at the other end of the connection.</summary>
    public string? SourceIp { get; init; }

    /// <summary>True when the webhook asks for a signature, and this one was right.</summary>
    public bool? HmacVerified { get; init; }

    /// <summary>The first sender's address, as a relay tells it.</summary>
    public string? RelayedFrom { get; init; }

    /// <summary>The first sender's headers, as a relay tells them.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>What means the same delivery when it comes again; null when the sender does not say.</summary>
    [JsonIgnore]
    public string? Key { get; init; }

    /// <param name="header">Answers a header of the request, or null.</param>
    /// <param name="body">What was posted; where it is an envelope, its headers stand in for those the request has not.</param>
    /// <param name="address">The address at the other end of the connection.</param>
    /// <param name="receivedAt">Now.</param>
    public static WebhookOrigin Of(Func<string, string?> header, WebhookBody body, string? address, DateTimeOffset receivedAt)
    {
        var eventHeader = EventHeaders.FirstOrDefault(name => Value(name) is not null);
        var key = DeliveryHeaders.Select(Value).FirstOrDefault(value => value is not null);
        return new()
        {
            ReceivedAt = receivedAt,
            Event = eventHeader is null ? null : Shortened(Value(eventHeader)),
            EventHeader = eventHeader,
            Delivery = Shortened(key ?? Value(GitLabEvent)),
            UserAgent = Shortened(Clean(body.UserAgent) ?? Clean(header("User-Agent"))),
            SourceIp = address,
            RelayedFrom = Shortened(Clean(body.SourceIp)),
            Headers = Told(body.Headers),
            Key = key is null ? null : Keepable(key),
        };

        string? Value(string name) => Clean(header(name)) ?? Clean(body.Header(name));
    }

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Written);

    private static Dictionary<string, string>? Told(JsonElement? headers)
    {
        var told = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers?.EnumerateObject() ?? default)
        {
            if (header.Value.ValueKind == JsonValueKind.String && Clean(header.Name) is { } name && Clean(
                header.Value.GetString()) is { } value
                && !SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                told[Shortened(name)] = Shortened(value);
            }
        }

        return told.Count == 0 ? null : told;
    }

    // Headers are anybody's: what a terminal or a log would act on is left out.
    private static string? Clean(string? value)
    {
        var clean = string.Concat((value ?? "").EnumerateRunes().Where(rune => !Rune.IsControl(rune))).Trim();
        return clean.Length > 0 ? clean : null;
    }

    // The id of a delivery may be longer than a key; it is no reason to lose the event.
    private static string Keepable(string key) => Encoding.UTF8.GetByteCount(key) <= StorableText.MaxNameBytes
        ? key
        : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";

    [return: NotNullIfNotNull(nameof(value))]
    private static string? Shortened(string? value) => value is { Length: > MaxLength } ? value[..(MaxLength - 1)] + "…" : value;
}
