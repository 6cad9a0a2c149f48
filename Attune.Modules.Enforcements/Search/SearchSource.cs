using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Search;

/// <summary>Where a search reads its rows.</summary>
/// <typeparam name="TRow">A row as lists show it.</typeparam>
internal abstract class SearchSource<TRow>
{
    /// <summary>When the oldest row was made that is still there; null where there is none.</summary>
    public abstract Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);

    /// <summary>About how many rows a range has; null where that is not known without counting.</summary>
    public abstract Task<long?> AboutAsync(TimeRange range, CancellationToken cancellationToken);

    /// <summary>Shows the next rows, newest first.</summary>
    /// <param name="range">A chunk of the table, or less.</param>
    /// <param name="after">The last row that was shown.</param>
    /// <param name="limit">The most rows to show.</param>
    /// <param name="visit">Is shown the place of each row, and what conditions look at where they may hold.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Where to go on; null when all of the range has been shown.</returns>
    public abstract Task<Cursor?> ReadAsync(
        TimeRange range, Cursor? after, int limit, Action<Cursor, EventFacts?> visit, CancellationToken cancellationToken);

    /// <summary>The rows at these places, newest first.</summary>
    public abstract Task<IReadOnlyList<TRow>> RowsAsync(IReadOnlyList<Cursor> places, CancellationToken cancellationToken);
}
