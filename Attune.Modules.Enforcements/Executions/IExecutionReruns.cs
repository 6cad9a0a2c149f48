using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Runs executions again. What is run again stays as it ended; the new execution names it.</summary>
public interface IExecutionReruns
{
    /// <summary>
    /// Requests a new execution of the same action, with the same parameters unless others are given. It belongs to the same enforcement,
    /// but
    /// is none of its top-level executions, and no attempt of the one that it names.
    /// </summary>
    /// <returns>The new execution; null when there is none to run again.</returns>
    /// <exception cref="RefusedException">
    /// The execution or a later attempt of it is still under way, the action is gone, or does not take the parameters.
    /// </exception>
    Task<Execution?> RerunAsync(long id, ExecutionRerun rerun, CancellationToken cancellationToken);
}

/// <summary>How an execution is to be run again.</summary>
public sealed record ExecutionRerun
{
    /// <summary>An object; null for what the execution had.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Also while the execution, or a later attempt of it, is still under way: then both run.</summary>
    public bool Force { get; init; }
}
