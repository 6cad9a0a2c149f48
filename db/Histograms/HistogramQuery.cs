namespace Attune.Db.Histograms;

/// <summary>What a histogram counts. Its statements answer with <c>bucket</c>, from 0 on, <c>label</c> and <c>value</c>.</summary>
public sealed record HistogramQuery
{
    /// <summary>The ends of the buckets.</summary>
    public required IReadOnlyList<DateTimeOffset> Edges { get; init; }

    /// <summary>The rows' lower bound within the buckets, if they have one.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The rows' upper bound within the buckets, not within it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Counts the rows of a range; told apart by their label, or with a null in its place.</summary>
    public required Func<TimeRange, bool, (string Sql, object Parameters)> Rows { get; init; }

    /// <summary>
    /// Counts the whole hours of a range by the hourly views, but not those named; null where no view knows the filter. Hours and edges
    /// are those of UTC.
    /// </summary>
    public Func<TimeRange, IReadOnlyList<DateTimeOffset>, (string Sql, object Parameters)>? Hours { get; init; }

    /// <summary>Whether <see cref="Hours"/> tells the labels apart.</summary>
    public bool HoursAreLabelled { get; init; }

    /// <summary>The most labels that have a series; the others share one.</summary>
    public int MostLabels { get; init; } = 7;

    /// <summary>Instants as an array of PostgreSQL takes them.</summary>
    public static DateTime[] Instants(IEnumerable<DateTimeOffset> instants) => [.. instants.Select(instant => instant.UtcDateTime)];
}
