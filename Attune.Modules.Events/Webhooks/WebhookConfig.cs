using System.Text.Json.Serialization;

namespace Attune.Modules.Events;

/// <summary>What a webhook asks of those who post to it, as anybody who may see the trigger may read it: without the secret.</summary>
public sealed record WebhookConfig
{
    /// <summary>The largest body, in KiB; null leaves the limit that holds for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PayloadSizeLimitKb { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookAddresses? IpWhitelist { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookRate? RateLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookSigning? Hmac { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookVerification? Verification { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookHandshake? Handshake { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookAnswer? Answer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookIdempotency? Idempotency { get; init; }

    /// <summary>The names of the headers that an event keeps; null for all that are the sender's own. Secret ones are never kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? KeepHeaders { get; init; }

    /// <summary>Why the stored settings cannot be used, so that the webhook takes nothing; null when they can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mistake { get; init; }
}

/// <summary>The addresses that may post.</summary>
/// <param name="Enabled">False while anybody may.</param>
/// <param name="Ips">Addresses, and networks such as <c>192.0.2.0/24</c>.</param>
public sealed record WebhookAddresses(bool Enabled, IReadOnlyList<string> Ips);

/// <summary>How often may be posted, for each host.</summary>
public sealed record WebhookRate(bool Enabled, int? Requests, int? WindowSeconds);

/// <summary>Whether a body has to be signed, and how. The secret itself is never shown.</summary>
public sealed record WebhookSigning(bool Enabled, string Algorithm, bool HasSecret);

/// <summary>Where a delivery says which one it is, so that it is one event when it comes again.</summary>
/// <param name="Headers">The headers that are looked at, in their order; null for those that senders usually send, and empty for none.</param>
/// <param name="PayloadPath">The place in the payload, such as <c>event.id</c>, that is looked at when no header says it.</param>
public sealed record WebhookIdempotency(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Headers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PayloadPath);
