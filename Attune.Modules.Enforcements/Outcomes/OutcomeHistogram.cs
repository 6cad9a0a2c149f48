using Attune.Db.Histograms;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Outcomes;

internal sealed class OutcomeHistogram(IEventHistogram events, HistogramCounter counter) : IOutcomeHistogram
{
    public Task<Histogram> CountAsync(
        OutcomeFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by, CancellationToken cancellationToken) =>
        filter is { RuleRef: null, Result: null } ? events.CountAsync(filter.Events, edges, by, cancellationToken)
        : EventOutcomes.CanMatch(filter) ? counter.CountAsync(Query(filter, edges, by), cancellationToken)
        : Task.FromResult(Histogram.Empty(edges));

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => events.OldestAsync(cancellationToken);

    internal static HistogramQuery Query(OutcomeFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by) => new()
    {
        Edges = edges,
        Since = filter.Events.Since,
        Until = filter.Events.Until,
        Rows = (range, labelled) => OutcomeQueries.Histogram(filter, edges, range, labelled ? by : null),
    };
}
