namespace Attune.Modules.History;

/// <summary>A number for an hour.</summary>
public sealed record VolumePoint
{
    /// <summary>The hour's beginning, UTC.</summary>
    public required DateTimeOffset Bucket { get; init; }

    /// <summary>The status, where the series has one; null otherwise.</summary>
    public string? Label { get; init; }

    public required long Value { get; init; }
}

/// <summary>The hourly views that can be read.</summary>
public enum VolumeSeries
{
    Events,
    Enforcements,
    ExecutionThroughput,
    ExecutionStatus,
    WorkerStatus,
}

/// <summary>Reads the hourly volumes, which are right up to now.</summary>
public interface IVolumeRepository
{
    /// <summary>Points of a half-open range of hours, oldest first, summed over all references. Hours without rows are left out.</summary>
    Task<IReadOnlyList<VolumePoint>> ReadAsync(
        VolumeSeries series, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>The references with the most rows in a half-open range of hours, most first.</summary>
    Task<IReadOnlyList<RefVolume>> TopAsync(
        VolumeSeries series, DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken);
}

/// <summary>How many rows a trigger, rule, action or worker had.</summary>
public sealed record RefVolume
{
    public required string Ref { get; init; }
    public required long Value { get; init; }
}
