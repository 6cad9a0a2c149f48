namespace Attune.Db.Histograms;

/// <summary>An hourly view that knows one reference of the rows it counts, such as the trigger of events.</summary>
/// <param name="Name">The view.</param>
/// <param name="Reference">Its column of references.</param>
/// <param name="Count">Its column of counts.</param>
public sealed record HourlyView(string Name, string Reference, string Count)
{
    /// <summary>Counts whole hours into buckets, as <see cref="HistogramQuery.Hours"/> is asked to.</summary>
    /// <param name="edges">The ends of the buckets.</param>
    /// <param name="hours">Which hours.</param>
    /// <param name="leftOut">Hours of the range that are not counted.</param>
    /// <param name="reference">Counts only what has this reference.</param>
    /// <param name="labelled">Tells the references apart.</param>
    public (string Sql, object Parameters) Hours(
        IReadOnlyList<DateTimeOffset> edges, TimeRange hours, IReadOnlyList<DateTimeOffset> leftOut, string? reference, bool labelled)
    {
        var sql = $"""
            SELECT width_bucket(bucket, @edges) - 1 AS bucket, {(labelled ? Reference : "NULL")}::text AS label,
                   sum({Count})::bigint AS value
              FROM {Name}
             WHERE bucket >= @Since
               AND bucket < @Until
               AND bucket <> ALL (@leftOut)
               {(reference is null ? "" : $"AND {Reference} = @reference")}
             GROUP BY 1, 2
            """;
        return (sql, new
        {
            hours.Since,
            hours.Until,
            reference,
            edges = HistogramQuery.Instants(edges),
            leftOut = HistogramQuery.Instants(leftOut),
        });
    }
}
