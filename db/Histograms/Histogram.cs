namespace Attune.Db.Histograms;

/// <summary>How many rows of a list fall into each of several spans of time, told apart by a label.</summary>
public sealed record Histogram
{
    /// <summary>The ends of the buckets, in their order: each bucket begins at one and ends before the next.</summary>
    public required IReadOnlyList<DateTimeOffset> Edges { get; init; }

    /// <summary>What was counted, the most first; series without any row are left out.</summary>
    public required IReadOnlyList<HistogramSeries> Series { get; init; }

    /// <summary>
    /// Set when there were too many rows to count all of them in time: what is older is not in here. It is one of the edges.
    /// </summary>
    public DateTimeOffset? CountedBackTo { get; init; }

    /// <summary>Set when older rows are counted, but not told apart: they are the series <see cref="HistogramPart.Unlabelled"/>.</summary>
    public DateTimeOffset? LabelledBackTo { get; init; }

    /// <summary>All that was counted.</summary>
    public long Total => Series.Sum(series => series.Total);

    /// <summary>One of no rows.</summary>
    public static Histogram Empty(IReadOnlyList<DateTimeOffset> edges) => new() { Edges = edges, Series = [] };
}

/// <summary>What the rows of a series have in common.</summary>
public enum HistogramPart
{
    /// <summary>Their label.</summary>
    Label,

    /// <summary>That their labels are none of the most frequent.</summary>
    Others,

    /// <summary>That they were counted without looking at their labels.</summary>
    Unlabelled,
}

/// <summary>The rows of a label.</summary>
public sealed record HistogramSeries
{
    public required HistogramPart Part { get; init; }

    /// <summary>Null for parts that have none.</summary>
    public string? Label { get; init; }

    /// <summary>A number for each bucket.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    public long Total => Counts.Sum();
}
