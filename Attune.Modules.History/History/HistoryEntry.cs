using System.Text.Json;

namespace Attune.Modules.History;

/// <summary>
/// The entities whose changes are kept: a closed set. Events never change, and an enforcement changes once, on its own row.
/// </summary>
public enum HistoryEntityType
{
    Execution,
    Worker,
}

/// <summary>Reads the name of an entity type, as addresses carry it.</summary>
public static class HistoryEntityTypes
{
    /// <summary>The type of a name, upper or lower case alike; null for anything but <c>execution</c> and <c>worker</c>.</summary>
    public static HistoryEntityType? TryParse(string? name) => name?.ToUpperInvariant() switch
    {
        "EXECUTION" => HistoryEntityType.Execution,
        "WORKER" => HistoryEntityType.Worker,
        _ => null,
    };
}

/// <summary>One tracked change.</summary>
public sealed record HistoryEntry
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>Orders the changes of one instant.</summary>
    public required long Sequence { get; init; }

    /// <summary><c>INSERT</c>, <c>UPDATE</c> or <c>DELETE</c>.</summary>
    public required string Operation { get; init; }

    public required long EntityId { get; init; }

    /// <summary>The action's reference of an execution, or the worker's name.</summary>
    public string? EntityRef { get; init; }

    public required string[] ChangedFields { get; init; }
    public JsonElement? OldValues { get; init; }
    public JsonElement? NewValues { get; init; }
}

/// <summary>Which changes to list. A property left null does not filter; those that are set all hold.</summary>
public sealed record HistoryFilter
{
    public long? EntityId { get; init; }
    public string? EntityRef { get; init; }

    /// <summary><c>INSERT</c>, <c>UPDATE</c> or <c>DELETE</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Changes in which this field is among the changed ones.</summary>
    public string? ChangedField { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}
