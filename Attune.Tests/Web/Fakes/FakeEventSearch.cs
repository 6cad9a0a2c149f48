using System.Runtime.CompilerServices;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

/// <summary>Finds what a test says, whatever is asked, and keeps what was asked.</summary>
public sealed class FakeEventSearch : IEventSearch
{
    public List<EventSummary> Hits { get; } = [];

    public List<SearchRequest<EventFilter>> Asked { get; } = [];

    public void Check(string query)
    {
        // Every text is a condition here.
    }

    public async IAsyncEnumerable<SearchStep<EventSummary>> RunAsync(
        SearchRequest<EventFilter> request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked.Add(request);
        await Task.CompletedTask;
        yield return new()
        {
            Hits = [.. Hits], Progress = new() { Rows = 40, Hits = Hits.Count, Bytes = 0, Failures = 0 },
            End = new(SearchEndReason.Complete, null),
        };
    }
}
