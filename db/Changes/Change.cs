using System.Text.Json;

namespace Attune.Db.Changes;

/// <summary>The channels on which the database says that a row was written.</summary>
public static class Channels
{
    public const string EventCreated = "event_created";
    public const string EnforcementCreated = "enforcement_created";
    public const string EnforcementStatusChanged = "enforcement_status_changed";
    public const string ExecutionCreated = "execution_created";
    public const string ExecutionStatusChanged = "execution_status_changed";
    public const string WorkerStatusChanged = "worker_status_changed";

    public static IReadOnlyList<string> All { get; } =
        [EventCreated, EnforcementCreated, EnforcementStatusChanged, ExecutionCreated, ExecutionStatusChanged, WorkerStatusChanged];
}

/// <summary>A row was written: what it was, never what it holds. The reader reads it again.</summary>
public sealed record Change
{
    /// <summary>Anything may have changed: sent to every subscriber after the listening connection was lost.</summary>
    public static Change Anything { get; } = new() { Channel = "", EntityType = "", Id = 0 };

    public required string Channel { get; init; }
    public required string EntityType { get; init; }
    public required long Id { get; init; }
    public string? TriggerRef { get; init; }
    public string? RuleRef { get; init; }
    public string? ActionRef { get; init; }
    public string? Status { get; init; }
    public long? Event { get; init; }
    public long? Enforcement { get; init; }

    /// <summary>Reads a NOTIFY payload; null when it is not one of Attune's.</summary>
    public static Change? TryParse(string channel, string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Number(root, "id") is { } id
                ? new Change
                {
                    Channel = channel,
                    EntityType = Text(root, "entity_type") ?? "",
                    Id = id,
                    TriggerRef = Text(root, "trigger_ref"),
                    RuleRef = Text(root, "rule_ref"),
                    ActionRef = Text(root, "action_ref"),
                    Status = Text(root, "status"),
                    Event = Number(root, "event"),
                    Enforcement = Number(root, "enforcement"),
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;
}
