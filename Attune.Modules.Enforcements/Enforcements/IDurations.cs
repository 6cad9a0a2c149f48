namespace Attune.Modules.Enforcements;

/// <summary>How long things took: half of them at most the one, nineteen of twenty at most the other.</summary>
public sealed record DurationPair
{
    public required TimeSpan Median { get; init; }
    public required TimeSpan Most { get; init; }

    /// <summary>How many were looked at.</summary>
    public required long Counted { get; init; }

    /// <summary>Whether there are older ones, which were not looked at.</summary>
    public required bool IsSample { get; init; }
}

/// <summary>What executions failed with.</summary>
public sealed record FailureReason
{
    /// <summary>What they said, as <see cref="FailureGroup.Error"/> has it; null where they said nothing.</summary>
    public string? Error { get; init; }

    public required string ActionRef { get; init; }
    public required ExecutionStatus Status { get; init; }

    /// <summary>How many of those that were looked at.</summary>
    public required long Count { get; init; }

    public required DateTimeOffset Latest { get; init; }
}

/// <summary>How quick and how well a range went, from its newest rows.</summary>
public interface IDurations
{
    /// <summary>The most rows that a time is told from.</summary>
    public const int Sample = 10_000;

    /// <summary>From an event to its enforcements being resolved; null where none was.</summary>
    Task<DurationPair?> ToResolveAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>From an execution being asked for to its completion; null where none was completed.</summary>
    Task<DurationPair?> ToCompleteAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>What the executions of a range failed with, the most frequent first, grouped as by <see cref="IFailureGroups"/>.</summary>
    Task<IReadOnlyList<FailureReason>> FailuresAsync(
        DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken);
}
