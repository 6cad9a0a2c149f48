using System.Runtime.CompilerServices;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

/// <summary>A search whose steps a test gives. A text is wrong where it has a question mark.</summary>
public sealed class FakeSearch : IEventSearch, IExecutionSearch, ISampledPaths
{
    /// <summary>Texts that were asked for, oldest first.</summary>
    public List<(string Query, Cursor? After)> Asked { get; } = [];

    public List<SearchStep<EventSummary>> Events { get; } = [];

    public List<SearchStep<ExecutionSummary>> Executions { get; } = [];

    public List<SampledPath> Paths { get; } = [];

    /// <summary>While it is not set, a search stands still after its steps.</summary>
    public bool Ends { get; set; } = true;

    public void Check(string query)
    {
        if (query.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at)
        {
            throw new RefusedException(RefusalKind.Invalid, "q", $"q, character {at + 1}: a value was expected.") { At = TextPlace.Of(query, at) };
        }
    }

    public IAsyncEnumerable<SearchStep<EventSummary>> RunAsync(SearchRequest<EventFilter> request, CancellationToken cancellationToken) =>
        RunAsync(request.Query, request.After, Events, cancellationToken);

    public IAsyncEnumerable<SearchStep<ExecutionSummary>> RunAsync(
        SearchRequest<ExecutionFilter> request, CancellationToken cancellationToken) =>
        RunAsync(request.Query, request.After, Executions, cancellationToken);

    public Task<IReadOnlyList<SampledPath>> OfEventsAsync(EventFilter filter, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SampledPath>>(Paths);

    public Task<IReadOnlyList<SampledPath>> OfExecutionsAsync(ExecutionFilter filter, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SampledPath>>(Paths);

    private IAsyncEnumerable<SearchStep<TRow>> RunAsync<TRow>(
        string query, Cursor? after, List<SearchStep<TRow>> steps, CancellationToken cancellationToken)
    {
        Check(query);
        lock (Asked)
        {
            Asked.Add((query, after));
        }

        return StepsAsync(steps, cancellationToken);
    }

    private async IAsyncEnumerable<SearchStep<TRow>> StepsAsync<TRow>(
        List<SearchStep<TRow>> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await Task.Yield();
            yield return step;
        }

        if (!Ends)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
