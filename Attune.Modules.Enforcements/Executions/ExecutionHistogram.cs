using Attune.Db.Histograms;

namespace Attune.Modules.Enforcements.Executions;

// Always of the rows: the hourly views have an execution in the hour in which its history was written, which may be the next one.
internal sealed class ExecutionHistogram(ExecutionScanner executions, HistogramCounter counter) : IExecutionHistogram
{
    public Task<Histogram> CountAsync(
        ExecutionFilter filter, IReadOnlyList<DateTimeOffset> edges, ExecutionLabel by, CancellationToken cancellationToken) =>
        ExecutionQueries.CanMatch(filter)
            ? counter.CountAsync(Query(filter, edges, by), cancellationToken)
            : Task.FromResult(Histogram.Empty(edges));

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => executions.OldestAsync(cancellationToken);

    internal static HistogramQuery Query(ExecutionFilter filter, IReadOnlyList<DateTimeOffset> edges, ExecutionLabel by) => new()
    {
        Edges = edges,
        Since = filter.Since,
        Until = filter.Until,
        Rows = (range, labelled) => ExecutionQueries.Histogram(filter, edges, range, labelled ? by : null),

        // A series for each status.
        MostLabels = by == ExecutionLabel.Status ? Enum.GetValues<ExecutionStatus>().Length : 7,
    };
}
