using Attune.Db;

namespace Attune.Web.Lists;

/// <summary>The rows of a list that are shown, and how many have come in above them.</summary>
internal sealed class ShownRows<TRow> where TRow : IKeysetRow
{
    /// <summary>Rows of a page.</summary>
    public const int PageSize = 50;

    private readonly WaitingRows<TRow> _waiting = new();

    /// <summary>Newest first; null before the first are read.</summary>
    public IReadOnlyList<TRow>? Rows { get; private set; }

    /// <summary>Where the older ones begin; null where there are none.</summary>
    public Cursor? Next { get; private set; }

    /// <summary>Whether older pages were opened.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>How many came in above.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Shows other rows.</summary>
    public void Show(IReadOnlyList<TRow> rows, Cursor? next, bool extended = false)
    {
        (Rows, Next, IsExtended) = (rows, next, extended);
        _waiting.Clear();
    }

    /// <summary>Shows the first page behind a row; behind none, the newest.</summary>
    public async Task BeginAsync(
        Cursor? after, Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken)
    {
        var page = await read(new() { Size = PageSize, After = after }, cancellationToken);
        Show(page.Items, page.Next);
    }

    /// <summary>Shows the next page of older ones too.</summary>
    public async Task ExtendAsync(Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken)
    {
        var older = await read(new() { Size = PageSize, After = Next }, cancellationToken);
        (Rows, Next, IsExtended) = ([.. Rows ?? [], .. older.Items], older.Next, true);
    }

    /// <summary>Where the page above begins; null where that is the newest one.</summary>
    /// <param name="after">Where the rows begin, in case there are none.</param>
    /// <param name="read">Reads a page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Cursor?> AboveAsync(
        Cursor after, Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken)
    {
        var first = Rows is [var row, ..] ? new Cursor(row.Created, row.Id) : after;
        var newer = await read(new() { Size = PageSize, Before = first }, cancellationToken);
        return newer.Next is null ? null : Stretch.JustAbove(newer.Items[0]);
    }

    /// <summary>Counts what came in above the first row.</summary>
    public Task CountAsync(Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken) =>
        Rows is [var first, ..] ? _waiting.CountAsync(first, read, cancellationToken) : Task.CompletedTask;

    /// <summary>Reads those again, in their places, that can still change.</summary>
    public async Task AgainAsync(
        Func<TRow, bool> isFinal, Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken) =>
        Rows = await Stretch.AgainAsync(Rows ?? [], isFinal, read, cancellationToken);
}
