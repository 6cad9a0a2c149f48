using System.Text.Json;
using System.Text.Json.Serialization;
using Attune.Db.Values;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// What was said outside the payload, as the event's config keeps it: rules reach it by these names. The webhook's key is not in it, nor
/// any secret.
/// </summary>
internal sealed record WebhookOrigin
{
    private const int LongestQuery = 4_096;

    private static readonly string[] EventHeaders =
    [
        "X-GitHub-Event", "X-Gitea-Event", "X-Gogs-Event", "X-Gitlab-Event", "X-Event-Key", "X-Event-Type", "X-Shopify-Topic",
        "Linear-Event", "Sentry-Hook-Resource", "X-WC-Webhook-Topic", "X-Discourse-Event", "x-amz-sns-message-type",
    ];

    private static readonly JsonSerializerOptions Written =
        Json.Configure(new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    public string Source { get; } = "webhook";
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? Event { get; init; }
    public string? EventHeader { get; init; }
    public string? Delivery { get; init; }
    public required string Method { get; init; }
    public string? ContentType { get; init; }

    /// <summary>The parameters of the address, as text, or as arrays of it where a name came several times.</summary>
    public JsonElement? Query { get; init; }

    /// <summary>The sender's headers by their names in lower case: the first sender's, where a relay tells them.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The address at the other end of the connection.</summary>
    public string? SourceIp { get; init; }

    /// <summary>True when the webhook asks for a signature, and this one was right.</summary>
    public bool? HmacVerified { get; init; }

    /// <summary>The first sender's address, as a relay tells it.</summary>
    public string? RelayedFrom { get; init; }

    /// <summary>True when something of the body could not be stored as it came.</summary>
    public bool? Repaired { get; init; }

    public IReadOnlyList<WebhookFile>? Files { get; init; }

    public JsonElement? Cloudevent { get; init; }

    /// <summary>The delivery that was refused, and out of which somebody made the event later.</summary>
    public long? AcceptedDelivery { get; init; }

    /// <summary>What means the same delivery when it comes again; null when the sender does not say.</summary>
    [JsonIgnore]
    public string? Key { get; init; }

    /// <param name="request">What was said beside the body.</param>
    /// <param name="body">What was posted; where it is an envelope, its headers stand in for those the request has not.</param>
    /// <param name="item">What of the body the event is to hold.</param>
    /// <param name="settings">What the webhook keeps.</param>
    public static WebhookOrigin Of(WebhookRequest request, WebhookBody body, WebhookItem item, WebhookSettings settings)
    {
        var eventHeader = EventHeaders.FirstOrDefault(name => Value(name) is not null);
        var delivery = DeliveryKeys.Of(request, body, item, settings.Idempotency);
        return new()
        {
            ReceivedAt = request.ReceivedAt,
            Event = SaidText.Shortened(eventHeader is not null ? Value(eventHeader) : SaidText.Clean(item.CloudEvent?.Type)),
            EventHeader = eventHeader,
            Delivery = delivery.Shown,
            Method = request.Method,
            ContentType = SaidText.Shortened(SaidText.Clean(request.ContentType)),
            Query = QueryOf(request, settings.Secrets),
            Headers = KeptHeaders.Of(Told(body) ?? request.Headers, settings.KeepHeaders, settings.Secrets),
            UserAgent = SaidText.Shortened(SaidText.Clean(body.UserAgent) ?? SaidText.Clean(request.Header("User-Agent"))),
            SourceIp = request.Address,
            RelayedFrom = SaidText.Shortened(SaidText.Clean(body.SourceIp)),
            Repaired = body.IsRepaired ? true : null,
            Files = body.Files.Count == 0 ? null : body.Files,
            Cloudevent = item.CloudEvent?.Attributes,
            Key = delivery.Key,
        };

        string? Value(string name) => SaidText.Clean(request.Header(name)) ?? SaidText.Clean(body.Header(name));
    }

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Written);

    private static IEnumerable<KeyValuePair<string, string>>? Told(WebhookBody body)
    {
        List<KeyValuePair<string, string>> told =
        [
            .. (body.Headers?.EnumerateObject() ?? default)
                .Where(header => header.Value.ValueKind == JsonValueKind.String)
                .Select(header => KeyValuePair.Create(header.Name, header.Value.GetString()!)),
        ];
        return told.Count == 0 ? null : told;
    }

    private static JsonElement? QueryOf(WebhookRequest request, IReadOnlyCollection<string> secrets)
    {
        var fields = new Fields();
        var length = 0;
        foreach (var (name, value) in request.Query)
        {
            length += name.Length + value.Length;
            if (length > LongestQuery)
            {
                break;
            }

            if (!SecretNames.IsSecretParameter(name) && !secrets.Any(value.Contains))
            {
                fields.Add(name, value);
            }
        }

        return fields.Count == 0 ? null : fields.ToJson();
    }
}
