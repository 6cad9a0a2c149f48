using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Tests.Enforcements;

namespace Attune.Tests.Search;

/// <summary>What tests of searching begin with: stored rows, and a search that runs to its end.</summary>
public abstract class SearchTest(DatabaseEngine engine) : EnforcementsTest(engine)
{
    protected static async Task<SearchOutcome<TRow>> RunAsync<TRow>(IAsyncEnumerable<SearchStep<TRow>> search)
    {
        var steps = new List<SearchStep<TRow>>();
        await foreach (var step in search)
        {
            steps.Add(step);
        }

        return new(steps, [.. steps.SelectMany(step => step.Hits)], steps[^1].End!);
    }

    protected Task<SearchOutcome<EventSummary>> SearchAsync(
        string query, EventFilter? filter = null, int first = SearchRequest<object>.MostFirst, Cursor? after = null) =>
        RunAsync(Get<IEventSearch>().RunAsync(
            new() { Query = query, Filter = filter ?? new(), First = first, After = after }, Cancellation));

    /// <summary>Events of a trigger, an hour after one another, the last of them an hour ago.</summary>
    /// <returns>Their ids, oldest first.</returns>
    protected async Task<IReadOnlyList<long>> WriteHourlyAsync(string trigger, IReadOnlyList<string> payloads)
    {
        var ids = new List<long>();
        for (var at = 0; at < payloads.Count; at++)
        {
            ids.Add(await ScalarAsync<long>($"""
                INSERT INTO event (trigger_ref, payload, created)
                VALUES ('{trigger}', '{payloads[at].Replace("'", "''", StringComparison.Ordinal)}', now() - {payloads.Count - at} * INTERVAL '1 hour')
                RETURNING id
                """));
        }

        return ids;
    }
}

/// <summary>What a search came to.</summary>
public sealed record SearchOutcome<TRow>(IReadOnlyList<SearchStep<TRow>> Steps, IReadOnlyList<TRow> Hits, SearchEnd End)
{
    public SearchProgress Progress => Steps[^1].Progress;
}
