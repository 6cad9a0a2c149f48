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
