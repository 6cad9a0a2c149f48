using Attune.Db;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Search;

internal sealed class ExecutionSearch(
    ExecutionScanner executions, SearchEstimates estimates, SearchTurns turns, SearchBounds bounds, TimeProvider clock) : IExecutionSearch
{
    public void Check(string query) => SearchedConditions.Parse(query, ExecutionDocument.Check);

    public IAsyncEnumerable<SearchStep<ExecutionSummary>> RunAsync(
        SearchRequest<ExecutionFilter> request, CancellationToken cancellationToken)
    {
        var conditions = SearchedConditions.Parse(request.Query, ExecutionDocument.Check);
        var filter = request.Filter;
        var first = SearchChecks.Check(request.First, filter.Since, filter.Until);
        return new SearchRun<ExecutionSummary>(
                new Source(executions, estimates, filter, new(conditions.Leaves)), conditions, first, turns, bounds, clock)
            .RunAsync(filter.Since, filter.Until, request.After, cancellationToken);
    }

    private sealed class Source(
        ExecutionScanner executions, SearchEstimates estimates, ExecutionFilter filter, ExecutionDocument document)
        : SearchSource<ExecutionSummary>
    {
        public override Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => executions.OldestAsync(cancellationToken);

        public override async Task<long?> AboutAsync(TimeRange range, CancellationToken cancellationToken) =>
            filter.Statuses.Count == 0
            && filter with { Statuses = [], ActionRef = null, Since = null, Until = null } == new ExecutionFilter() { Statuses = [] }
                ? await estimates.ExecutionsAsync(filter.ActionRef, range, cancellationToken)
                : null;

        public override Task<Cursor?> ReadAsync(
            TimeRange range, Cursor? after, int limit, Action<Cursor, EventFacts?> visit, CancellationToken cancellationToken) =>
            executions.ScanAsync(
                filter, range, after, limit, document.Parts,
                found => visit(new(found.Created, found.Id), new() { TriggerRef = "", Payload = document.Of(found) }),
                cancellationToken);

        public override Task<IReadOnlyList<ExecutionSummary>> RowsAsync(IReadOnlyList<Cursor> places, CancellationToken cancellationToken) =>
            executions.SummariesAsync(places, cancellationToken);
    }
}
