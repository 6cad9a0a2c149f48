namespace Attune.Db.Http;

/// <summary>
/// The paging of a list route. Numbers out of range are clamped, never refused, and the clamped values are the ones echoed.
/// </summary>
public abstract record ListQuery
{
    private const int LastPage = 1_000_000_000;

    /// <summary>The page's number, from 1.</summary>
    [Clamped(1, LastPage)]
    public int Page { get; init; } = 1;

    [Clamped(1, PageRequest.MaxSize), AlsoNamed("page_size")]
    public int PerPage { get; init; } = 50;

    /// <summary>Where the page before ended, as it said; it goes before <see cref="Page"/>.</summary>
    public Cursor? Cursor { get; init; }

    public bool IncludeTotal { get; init; }

    public PageRequest Request => new()
    {
        Size = PerPage,
        After = Cursor,
        Offset = Cursor is null ? (Page - 1L) * PerPage : 0,
        IncludeTotal = IncludeTotal,
    };

    public Listing<T> Listing<T>(Page<T> page) => new(page.Items, new Pagination
    {
        Page = Page,
        PageSize = PerPage,
        HasPrevious = Page > 1 || Cursor is not null,
        HasNext = page.Next is not null,
        NextCursor = page.Next?.ToString(),
        TotalItems = page.Total?.Items,
        TotalPages = page.Total is { } total ? (total.Items + PerPage - 1) / PerPage : null,
        TotalIsMinimum = page.Total?.IsMinimum,
    });
}

/// <summary>The query of a list that has no filters.</summary>
public sealed record PageQuery : ListQuery, IQuery<PageQuery>;
