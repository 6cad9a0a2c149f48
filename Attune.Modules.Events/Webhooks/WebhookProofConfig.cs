using System.Text.Json.Serialization;

namespace Attune.Modules.Events;

/// <summary>How a sender proves a request, as anybody who may see the trigger may read it: without the secrets.</summary>
public sealed record WebhookVerification
{
    /// <summary>False while nothing is to be proved.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The name of the scheme, such as <c>github</c>; <c>hmac</c> for one that the other fields describe.</summary>
    public required string Scheme { get; init; }

    /// <summary>Whether there is a secret (with <c>basic</c>: a password).</summary>
    public required bool HasSecret { get; init; }

    /// <summary>True when another secret is right as well, because they are being changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HasPreviousSecret { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Header { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Prefix { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Encoding { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Algorithm { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Separator { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("signed")]
    public string? SignedText { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimestampHeader { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimestampPrefix { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdHeader { get; init; }

    /// <summary>How far the time of a signature may lie from now, before or after; null where none is signed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ToleranceSeconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecretEncoding { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BaseUrl { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}

/// <summary>Whose questions are answered before that sender posts events.</summary>
/// <param name="Sender">Its name, or <c>none</c>.</param>
/// <param name="HasToken">Whether there is a token that its question has to bring; null where none is asked for.</param>
/// <param name="Topic">The one topic that may be subscribed to.</param>
/// <param name="Origins">The origins that may send; null for any.</param>
public sealed record WebhookHandshake(
    string Sender,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? HasToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Topic,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Origins);

/// <summary>What a sender is answered when an event was taken.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null for the receipt.</param>
/// <param name="ContentType">The type of that body.</param>
public sealed record WebhookAnswer(
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ContentType);
