namespace Attune.Host.Bench;

/// <summary>How much a run of the bench does.</summary>
internal sealed record BenchSize
{
    /// <summary>Ends within three minutes on two cores.</summary>
    public const long DefaultRows = 900_000;

    /// <summary>Events to read from, over ninety days.</summary>
    public required long Rows { get; init; }

    /// <summary>Events appended in batches, a round.</summary>
    public int Batch { get; init; } = 50_000;

    /// <summary>How long the callers call, a round.</summary>
    public TimeSpan Calling { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Events that a rule matches, a round.</summary>
    public int Pipeline { get; init; } = 20_000;
}
