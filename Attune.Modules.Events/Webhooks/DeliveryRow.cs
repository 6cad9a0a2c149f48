using System.Text.Json;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A delivery, before it is a row. No record, since those print what they hold.</summary>
internal sealed class DeliveryRow
{
    public required DateTimeOffset Received { get; init; }
    public required long Trigger { get; init; }
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
    public byte[]? Body { get; init; }
    public required bool BodyIsWhole { get; init; }
    public JsonElement? Said { get; init; }

    /// <summary>About how much memory it takes while it waits.</summary>
    public int Bytes => 512 + (Body?.Length ?? 0);
}
