using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

/// <summary>Counts the rows that the fakes have; what they are told apart by is what a row says of itself.</summary>
public sealed class FakeHistograms(FakeAttune attune) : IEventHistogram, IOutcomeHistogram, IEnforcementHistogram, IExecutionHistogram
{
    /// <summary>The edges that were asked for, oldest first.</summary>
    public List<IReadOnlyList<DateTimeOffset>> Asked { get; } = [];

    /// <summary>What every count says of how far back it went.</summary>
    public DateTimeOffset? CountedBackTo { get; set; }

    public Task<Histogram> CountAsync(
        EventFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by, CancellationToken cancellationToken) =>
        CountAsync(edges, () => attune.Events.Values
            .Where(row => (filter.TriggerRef is null || row.TriggerRef == filter.TriggerRef) && FakeLists.Within(row.Created, filter.Since, filter.Until))
            .Select(row => (row.Created, by == EventLabel.Trigger ? row.TriggerRef
                : attune.Enforcements.Values.Any(match => match.Event == row.Id) ? "matched" : "fired_nothing")));

    public Task<Histogram> CountAsync(
        OutcomeFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by, CancellationToken cancellationToken) =>
        CountAsync(filter.Events, edges, by, cancellationToken);

    public Task<Histogram> CountAsync(
        EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, EnforcementLabel by, CancellationToken cancellationToken) =>
        CountAsync(edges, () => attune.Enforcements.Values
            .Where(row => (filter.RuleRef is null || row.RuleRef == filter.RuleRef) && FakeLists.Within(row.Created, filter.Since, filter.Until))
            .Select(row => (row.Created, by == EnforcementLabel.Rule ? row.RuleRef
                : by == EnforcementLabel.Status ? EnumNames.Of(row.Status)
                : row.ResolvedAt is null ? "pending" : "done")));

    public Task<Histogram> CountAsync(
        ExecutionFilter filter, IReadOnlyList<DateTimeOffset> edges, ExecutionLabel by, CancellationToken cancellationToken) =>
        CountAsync(edges, () => attune.Executions.Values
            .Where(row => (filter.ActionRef is null || row.ActionRef == filter.ActionRef) && FakeLists.Within(row.Created, filter.Since, filter.Until))
            .Select(row => (row.Created, by == ExecutionLabel.Action ? row.ActionRef : EnumNames.Of(row.Status))));

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult<DateTimeOffset?>(attune.Events.Values.Select(row => (DateTimeOffset?)row.Created).Min());
        }
    }

    private Task<Histogram> CountAsync(IReadOnlyList<DateTimeOffset> edges, Func<IEnumerable<(DateTimeOffset Created, string Label)>> rows)
    {
        lock (attune.Gate)
        {
            Asked.Add(edges);
            return Task.FromResult(new Histogram
            {
                Edges = edges,
                CountedBackTo = CountedBackTo,
                Series = [.. rows().GroupBy(row => row.Label).Select(group => new HistogramSeries
                {
                    Part = HistogramPart.Label,
                    Label = group.Key,
                    Counts = [.. Enumerable.Range(0, Math.Max(0, edges.Count - 1))
                        .Select(bucket => group.LongCount(row => row.Created >= edges[bucket] && row.Created < edges[bucket + 1]))],
                }).OrderByDescending(series => series.Total)],
            });
        }
    }
}
