using System.Text.Json;

namespace Attune.Modules.Enforcements.Working;

/// <summary>An execution that a worker has in hand.</summary>
internal sealed record ClaimedExecution
{
    public required long Id { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required string ActionRef { get; init; }
    public JsonElement? Config { get; init; }

    /// <summary>Also tells this claim from a later one, should the execution be given back meanwhile.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public int? TimeoutSeconds { get; init; }
}

/// <summary>What became of an execution.</summary>
/// <param name="Execution">The execution, as it was claimed.</param>
/// <param name="Status">Completed, failed or timeout.</param>
/// <param name="Result">The result, as JSON.</param>
internal sealed record FinishedExecution(ClaimedExecution Execution, ExecutionStatus Status, string Result);
