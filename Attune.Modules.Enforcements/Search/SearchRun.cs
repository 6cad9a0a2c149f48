using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Search;

/// <summary>One search: goes through the days of a range, newest first, a part of a day at a time.</summary>
internal sealed class SearchRun<TRow>(
    SearchSource<TRow> source, SearchedConditions conditions, int first, SearchTurns turns, SearchBounds bounds, TimeProvider clock)
{
    private const int LeastRows = 50;
    private const int FirstRows = 200;
    private const int MostRows = 4_000;

    // Between which a part should take: often enough to be told, and seldom enough to be worth its query.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private readonly List<Cursor> _found = [];
    private Cursor? _at;
    private DateTimeOffset? _reached;
    private long _rows;
    private long _hits;
    private long _bytes;
    private long? _about;
    private long _partBegan;
    private bool _partEnded;

    public async IAsyncEnumerable<SearchStep<TRow>> RunAsync(
        DateTimeOffset? since, DateTimeOffset? until, Cursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _at = after;
        var (worked, told, limit) = (TimeSpan.Zero, clock.GetTimestamp(), FirstRows);
        var oldest = await source.OldestAsync(cancellationToken);
        var range = new TimeRange(
            since > oldest || oldest is null ? since ?? TimeRange.Always.Since : oldest.Value, until ?? TimeRange.Always.Until);
        if (oldest is not null)
        {
            _about = await source.AboutAsync(_at?.At < range.Until ? range with { Until = _at.Value.At } : range, cancellationToken);
        }

        foreach (var day in oldest is null ? [] : SearchDays.Of(range, _at?.At ?? clock.GetUtcNow()))
        {
            for (var more = true; more;)
            {
                var waits = turns.AreTaken;
                if (waits)
                {
                    yield return new() { Progress = Progress() with { Waiting = true } };
                }

                more = await turns.RunAsync(() => ReadPartAsync(day, limit, cancellationToken), cancellationToken);
                var took = clock.GetElapsedTime(_partBegan);
                worked += took;
                limit = Math.Clamp(took < Quick ? 2 * limit : took > Slow ? limit / 2 : limit, LeastRows, MostRows);
                var end = _hits >= first ? SearchEndReason.Enough
                    : conditions.Steps > bounds.Steps || worked > bounds.Time ? SearchEndReason.Bound
                    : (SearchEndReason?)null;
                if (end is null && !waits && _found.Count == 0 && clock.GetElapsedTime(told) < Between)
                {
                    continue;
                }

                told = clock.GetTimestamp();
                yield return await StepAsync(cancellationToken) with { End = end is { } reason ? new(reason, _at) : null };
                if (end is not null)
                {
                    yield break;
                }
            }

            _reached = day.Since;
        }

        yield return await StepAsync(cancellationToken) with { End = new(SearchEndReason.Complete, null) };
    }

    private async Task<bool> ReadPartAsync(TimeRange day, int limit, CancellationToken cancellationToken)
    {
        (_partBegan, _partEnded) = (clock.GetTimestamp(), false);
        var next = await source.ReadAsync(day, _at, limit, (at, facts) => Visit(at, facts, cancellationToken), cancellationToken);
        return next is not null || _partEnded;
    }

    private void Visit(Cursor at, EventFacts? facts, CancellationToken cancellationToken)
    {
        if (_partEnded)
        {
            // Read already, and to be read again: the next part begins here.
            return;
        }

        (_at, _reached) = (at, at.At);
        _rows++;
        if (facts is null)
        {
            return;
        }

        _bytes += Length(facts.Payload) + Length(facts.Config);
        if (conditions.Holds(facts, at.At, cancellationToken))
        {
            _found.Add(at);
            _hits++;
        }

        _partEnded = _hits >= first || conditions.Steps > bounds.Steps || clock.GetElapsedTime(_partBegan) > bounds.Part;
    }

    private async Task<SearchStep<TRow>> StepAsync(CancellationToken cancellationToken)
    {
        var hits = await source.RowsAsync(_found, cancellationToken);
        _found.Clear();
        return new() { Hits = hits, Progress = Progress() };
    }

    private SearchProgress Progress() => new()
    {
        At = _reached,
        Place = _at,
        Rows = _rows,
        About = _about,
        Hits = _hits,
        Bytes = _bytes,
        Failures = conditions.Failures,
    };

    private static int Length(JsonElement? json) => json is { } value ? JsonMarshal.GetRawUtf8Value(value).Length : 0;
}
