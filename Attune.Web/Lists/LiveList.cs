using Attune.Db;

namespace Attune.Web.Lists;

/// <summary>
/// A newest-first list that grows at its top while somebody reads it. While it is held (paused, scrolled, or with older rows
/// opened) no row moves: new ones are only counted, and rows that can still change are read again in their places.
/// </summary>
/// <param name="place">Where a row stands in the list.</param>
/// <param name="isFinal">Whether a row can no longer change.</param>
/// <param name="read">Reads a page of the list as it is filtered, of the rows before an instant when one is given.</param>
public sealed class LiveList<T>(
    Func<T, Cursor> place,
    Func<T, bool> isFinal,
    Func<PageRequest, DateTimeOffset?, CancellationToken, Task<Page<T>>> read)
{
    public const int PageSize = 50;

    // PostgreSQL keeps microseconds: the next instant after a row's.
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    /// <summary>The rows shown; null before the first were read.</summary>
    public IReadOnlyList<T>? Rows { get; private set; }

    /// <summary>Where older rows begin; null when there are none.</summary>
    public Cursor? Next { get; private set; }

    /// <summary>How many rows came in above the ones shown: <see cref="PageSize"/> stands for that many or more.</summary>
    public int Waiting { get; private set; }

    /// <summary>True once older rows were opened, which stay until the list is started anew.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>Shows the newest rows.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var newest = await read(new PageRequest { Size = PageSize }, null, cancellationToken);
        (Rows, Next, Waiting, IsExtended) = (newest.Items, newest.Next, 0, false);
    }

    /// <summary>Adds the rows that come after the ones shown.</summary>
    public async Task OlderAsync(CancellationToken cancellationToken)
    {
        var older = await read(new PageRequest { Size = PageSize, After = Next }, null, cancellationToken);
        (Rows, Next, IsExtended) = ([.. Rows ?? [], .. older.Items], older.Next, true);
    }

    /// <summary>Takes in what changed: new rows when the list is not held, else their number.</summary>
    public async Task RefreshAsync(bool held, CancellationToken cancellationToken)
    {
        if (Rows is not { Count: > 0 } shown || !(held || IsExtended))
        {
            await StartAsync(cancellationToken);
            return;
        }

        var top = place(shown[0]);
        var newest = await read(new PageRequest { Size = PageSize }, null, cancellationToken);
        Waiting = newest.Items.TakeWhile(row => IsAbove(place(row), top)).Count();

        if (!shown.All(isFinal))
        {
            var again = Waiting == 0
                ? newest
                : await read(new PageRequest { Size = PageRequest.MaxSize }, top.At + Instant, cancellationToken);
            var byId = again.Items.ToDictionary(row => place(row).Id);
            Rows = [.. shown.Select(row => byId.GetValueOrDefault(place(row).Id, row))];
        }
    }

    private static bool IsAbove(Cursor one, Cursor other) => one.At > other.At || (one.At == other.At && one.Id > other.Id);
}
