using System.Text.Json;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>The paths that recent rows have, for whoever writes conditions about them.</summary>
public interface ISampledPaths
{
    /// <summary>The paths of the newest events of a list: 200 of them, within a week, of 4 MB together.</summary>
    Task<IReadOnlyList<SampledPath>> OfEventsAsync(EventFilter filter, CancellationToken cancellationToken);

    /// <summary>The same of executions, as <see cref="IExecutionSearch"/> names them.</summary>
    Task<IReadOnlyList<SampledPath>> OfExecutionsAsync(ExecutionFilter filter, CancellationToken cancellationToken);
}

/// <summary>A path that stored rows have.</summary>
public sealed record SampledPath
{
    /// <summary>As the text form of conditions has it: <c>alerts[*].labels["app.kubernetes.io/name"]</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What is there: <c>text</c>, <c>number</c>, <c>boolean</c>, <c>null</c>, <c>list</c> or <c>object</c>, the commonest first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Short simple values that are there, the newest first, at most ten.</summary>
    public required IReadOnlyList<JsonElement> Examples { get; init; }

    /// <summary>How many of the rows have it.</summary>
    public required int Rows { get; init; }
}
