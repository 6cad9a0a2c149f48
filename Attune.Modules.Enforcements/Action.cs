using System.Text.Json;

namespace Attune.Modules.Enforcements;

/// <summary>What an execution runs.</summary>
public sealed record Action
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public string? PackRef { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }

    /// <summary>What it takes: an object with a name, and what may be given for it, for each parameter.</summary>
    public JsonElement? ParamSchema { get; init; }

    /// <summary>What it answers with; for people.</summary>
    public JsonElement? OutSchema { get; init; }

    /// <summary>How long an execution may take, in seconds; null for as long as it likes.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>How many further attempts follow one that failed or took too long.</summary>
    public required int MaxRetries { get; init; }

    /// <summary>True for one that was made here, and did not come with a pack.</summary>
    public required bool IsAdhoc { get; init; }

    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>An action as a list shows it.</summary>
public sealed record ActionSummary
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public string? PackRef { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }

    /// <summary>How long an execution may take, in seconds; null for as long as it likes.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>How many further attempts follow one that failed or took too long.</summary>
    public required int MaxRetries { get; init; }

    /// <summary>True for one that was made here, and did not come with a pack.</summary>
    public required bool IsAdhoc { get; init; }

    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>An action that is to be.</summary>
public sealed record NewAction
{
    public required string Ref { get; init; }

    /// <summary>Null for the pack that the reference begins with. A pack that is not there is made.</summary>
    public string? PackRef { get; init; }

    public required string Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }

    /// <summary>In seconds, up to 30 days; null or 0 for no limit.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>0 to 100.</summary>
    public int MaxRetries { get; init; }
}

/// <summary>What is to change of an action. What is null stays as it is.</summary>
public sealed record ActionUpdate
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }

    /// <summary>In seconds, up to 30 days; 0 for no limit.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>0 to 100. Executions that are requested already keep what they have.</summary>
    public int? MaxRetries { get; init; }
}
