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
    public JsonElement? ParamSchema { get; init; }
    public int? TimeoutSeconds { get; init; }
    public required int MaxRetries { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>Reads the actions. They come with the product; a worker offers those it can run.</summary>
public interface IActionRepository
{
    /// <summary>The action of a reference; null when there is none.</summary>
    Task<Action?> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>All actions, by reference.</summary>
    Task<IReadOnlyList<Action>> ListAsync(CancellationToken cancellationToken);
}
