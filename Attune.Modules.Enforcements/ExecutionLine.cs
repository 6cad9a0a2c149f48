namespace Attune.Modules.Enforcements;

/// <summary>How much a line of an execution matters.</summary>
public enum ExecutionLineLevel
{
    Info,
    Warning,
    Error,
}

/// <summary>A line that an action said.</summary>
public sealed record ExecutionLine
{
    /// <summary>Its place, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it was said, by the clock of the worker.</summary>
    public required DateTimeOffset At { get; init; }

    public required ExecutionLineLevel Level { get; init; }
    public required string Text { get; init; }
}
