using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Attune.Db.Values;

namespace Attune.Modules.Events;

/// <summary>What became of a delivery.</summary>
public enum DeliveryOutcome
{
    /// <summary>An event was written.</summary>
    Taken,

    /// <summary>It had come before, and nothing was written.</summary>
    Repeated,

    /// <summary>It was not taken; the reason is kept.</summary>
    Refused,
}

/// <summary>A delivery as a list shows it.</summary>
public sealed record DeliverySummary
{
    public required long Id { get; init; }
    public required DateTimeOffset Received { get; init; }
    public required string TriggerRef { get; init; }
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>The status that the sender was answered with.</summary>
    public required int Status { get; init; }

    public string? Reason { get; init; }
    public string? ContentType { get; init; }

    /// <summary>What the sender calls it.</summary>
    public string? Delivery { get; init; }

    public string? SourceIp { get; init; }

    /// <summary>Bytes of the body as it came; null where it was not read and its length was not said.</summary>
    public long? Size { get; init; }

    public required double DurationMs { get; init; }

    /// <summary>The event that it became, or was already; of a batch, the first.</summary>
    public long? Event { get; init; }

    public required int Events { get; init; }

    /// <summary>When it became an event after it had been refused.</summary>
    public DateTimeOffset? Accepted { get; init; }
}

/// <summary>A delivery with what is kept of it.</summary>
public sealed record DeliveryDetail
{
    public required long Id { get; init; }
    public required DateTimeOffset Received { get; init; }
    public required string TriggerRef { get; init; }
    public required DeliveryOutcome Outcome { get; init; }
    public required int Status { get; init; }
    public string? Reason { get; init; }
    public required string Method { get; init; }
    public string? ContentType { get; init; }
    public string? Delivery { get; init; }
    public string? SourceIp { get; init; }
    public long? Size { get; init; }
    public required double DurationMs { get; init; }
    public long? Event { get; init; }
    public DateTimeOffset? EventCreated { get; init; }
    public required int Events { get; init; }
    public DateTimeOffset? Accepted { get; init; }

    /// <summary>Whether all of the body is kept; of what was taken the event has it.</summary>
    public required bool BodyIsWhole { get; init; }

    /// <summary>What is kept of the body, as text; null where it is none.</summary>
    public string? BodyText => BodyBytes is null || !Utf8.IsValid(WholeCharacters) ? null
        : RepairedJson.Of(Encoding.UTF8.GetString(WholeCharacters));

    /// <summary>The same as Base64, where it is no text.</summary>
    public string? BodyBase64 => BodyBytes is not null && BodyText is null ? Convert.ToBase64String(BodyBytes) : null;

    /// <summary>What was said outside the body, where that was refused.</summary>
    public JsonElement? Said { get; init; }

    /// <summary>What is kept of the body, as it came.</summary>
    [JsonIgnore]
    public byte[]? BodyBytes { get; init; }

    /// <summary>Whether it can still become an event: it was refused, is kept whole, and is none yet.</summary>
    [JsonIgnore]
    public bool CanBeAccepted => Outcome == DeliveryOutcome.Refused && Event is null && BodyIsWhole && Said is not null;

    // The first bytes may end in the middle of a character.
    private ReadOnlySpan<byte> WholeCharacters
    {
        get
        {
            var bytes = BodyBytes.AsSpan();
            for (var cut = 1; !BodyIsWhole && cut <= Math.Min(3, bytes.Length); cut++)
            {
                if ((bytes[^cut] & 0b1100_0000) == 0b1100_0000)
                {
                    return Utf8.IsValid(bytes) ? bytes : bytes[..^cut];
                }
            }

            return bytes;
        }
    }
}

/// <summary>Which deliveries to list.</summary>
public sealed record DeliveryFilter
{
    public required string TriggerRef { get; init; }

    /// <summary>Every outcome where empty.</summary>
    public IReadOnlyList<DeliveryOutcome> Outcomes { get; init; } = [];

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>How many deliveries of a webhook ended how.</summary>
/// <param name="Taken">Those that became events.</param>
/// <param name="Repeated">Those that had come before.</param>
/// <param name="Refused">Those that were not taken.</param>
/// <param name="IsMinimum">True when there are more than were counted.</param>
public sealed record DeliveryCounts(long Taken, long Repeated, long Refused, bool IsMinimum);
