using Attune.Db;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Search;

internal sealed class EventSearch(
    IEventScanner events, SearchEstimates estimates, SearchTurns turns, SearchBounds bounds, TimeProvider clock) : IEventSearch
{
    public void Check(string query) => SearchedConditions.Parse(query);

    public IAsyncEnumerable<SearchStep<EventSummary>> RunAsync(
        SearchRequest<EventFilter> request, CancellationToken cancellationToken)
    {
        var conditions = SearchedConditions.Parse(request.Query);
        var filter = request.Filter;
        var first = SearchChecks.Check(request.First, filter.Since, filter.Until);
        return new SearchRun<EventSummary>(new Source(events, estimates, filter, conditions.Conditions), conditions, first, turns, bounds, clock)
            .RunAsync(filter.Since, filter.Until, request.After, cancellationToken);
    }

    private sealed class Source(IEventScanner events, SearchEstimates estimates, EventFilter filter, RuleConditions conditions)
        : SearchSource<EventSummary>
    {
        private readonly IReadOnlyList<string> _necessary = NecessaryPayload.Of(conditions);

        private readonly bool _readsPayload = conditions.Items.SelectMany(item => item.Leaves)
            .Any(leaf => leaf.Text.Field.Root == FieldRoot.Payload || leaf.Text.Other?.Root == FieldRoot.Payload);

        public override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => events.OldestAsync(cancellationToken);

        public override async Task<long?> AboutAsync(TimeRange range, CancellationToken cancellationToken) =>
            filter with { TriggerRef = null, Since = null, Until = null } == new EventFilter()
                ? await estimates.EventsAsync(filter.TriggerRef, range, cancellationToken)
                : null;

        public override Task<Cursor?> ReadAsync(
            TimeRange range, Cursor? after, int limit, Action<Cursor, EventFacts?> visit, CancellationToken cancellationToken) =>
            events.ScanNewestAsync(
                new()
                {
                    Filter = filter, Range = range, After = after, Limit = limit, Necessary = _necessary,
                    WithPayload = _readsPayload, WithConfig = conditions.ReadsOutside,
                },
                (at, found) => visit(at, found is null ? null : FactsOf(found)),
                cancellationToken);

        public override Task<IReadOnlyList<EventSummary>> RowsAsync(IReadOnlyList<Cursor> places, CancellationToken cancellationToken) =>
            events.SummariesAsync(places, cancellationToken);

        private static EventFacts FactsOf(ScannedEvent scanned) => new()
        {
            TriggerRef = scanned.TriggerRef,
            Payload = scanned.Payload,
            Config = scanned.Config,
            SourceRef = scanned.SourceRef,
        };
    }
}
