using System.Text.Json;

namespace Attune.Modules.Enforcements;

/// <summary>What runs executions.</summary>
public sealed record Worker
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string WorkerType { get; init; }
    public required string WorkerRole { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public required string Status { get; init; }

    /// <summary>What it can do: <c>actions</c> holds the references of what it runs.</summary>
    public JsonElement? Capabilities { get; init; }

    public JsonElement? Meta { get; init; }
    public DateTimeOffset? LastHeartbeat { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>A worker as a list shows it.</summary>
public sealed record WorkerSummary
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string WorkerType { get; init; }
    public required string WorkerRole { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public required string Status { get; init; }

    /// <summary>How many actions it names.</summary>
    public required int ActionCount { get; init; }

    /// <summary>The references of ten of them, the first by name.</summary>
    public required string[] Actions { get; init; }

    public DateTimeOffset? LastHeartbeat { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}
