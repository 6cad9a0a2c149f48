using Attune.Db;
using Attune.Db.Changes;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Lists;

/// <summary>
/// A newest-first list that grows at its top while somebody reads it. While it is held (paused, scrolled down, or with older rows
/// opened) no row moves: new ones are only counted, and rows that can still change are read again in their places.
/// </summary>
public sealed partial class LiveRows<TRow> where TRow : IKeysetRow
{
    private const int PageSize = 50;

    private IReadOnlyList<TRow>? _rows;
    private Cursor? _next;
    private int _waiting;
    private bool _anew;
    private bool _paused;
    private bool _scrolled;
    private bool _extended;
    private bool _readingOlder;
    private ElementReference _top;
    private DotNetObjectReference<LiveRows<TRow>>? _self;

    /// <summary>What is listed; another filter starts the list anew.</summary>
    [Parameter, EditorRequired]
    public required ILiveFilter Filter { get; set; }

    /// <summary>Reads a page of the list as it is filtered.</summary>
    [Parameter, EditorRequired]
    public required Func<PageRequest, CancellationToken, Task<Page<TRow>>> Read { get; set; }

    /// <summary>Whether a row can no longer change.</summary>
    [Parameter]
    public Func<TRow, bool> IsFinal { get; set; } = static _ => true;

    /// <summary>What a row is, in the singular.</summary>
    [Parameter, EditorRequired]
    public required string Noun { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<IReadOnlyList<TRow>> ChildContent { get; set; }

    /// <summary>What to show when no row is there.</summary>
    [Parameter, EditorRequired]
    public required RenderFragment Empty { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    protected override object Subject => Filter;

    private bool IsHeld => _paused || _scrolled || _extended;

    /// <summary>The browser says whether the top of the list is in view.</summary>
    [JSInvokable]
    public async Task TopSeen(bool seen)
    {
        _scrolled = !seen;
        if (_waiting > 0 && !IsHeld)
        {
            await TakeTurnAsync(StartAsync);
            StateHasChanged();
        }
    }

    // The rows of the last filter stay, greyed, until those of this one are there.
    protected override void SubjectChanged() => _anew = true;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Browser.WatchAsync(_top, _self, Leaving);
        }
    }

    protected override bool Concerns(Change change) => Filter.IsOpen && Filter.Concerns(change);

    protected override Task ReadAsync(CancellationToken cancellationToken) =>
        !_anew && IsHeld && _rows is { Count: > 0 } shown
            ? RefreshAsync(shown, cancellationToken)
            : StartAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _self?.Dispose();
    }

    private static bool IsAbove(TRow one, TRow other) =>
        one.Created > other.Created || (one.Created == other.Created && one.Id > other.Id);

    // Shows the newest rows.
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var newest = await Read(new PageRequest { Size = PageSize }, cancellationToken);
        (_rows, _next, _waiting, _extended, _anew) = (newest.Items, newest.Next, 0, false, false);
    }

    // Counts the rows that came in above the ones shown, and reads the ones shown again.
    private async Task RefreshAsync(IReadOnlyList<TRow> shown, CancellationToken cancellationToken)
    {
        var newest = await Read(new PageRequest { Size = PageSize }, cancellationToken);
        _waiting = newest.Items.TakeWhile(row => IsAbove(row, shown[0])).Count();
        if (shown.All(IsFinal))
        {
            return;
        }

        var again = _waiting == 0
            ? newest
            : await Read(new PageRequest { Size = PageRequest.MaxSize, After = JustAbove(shown[0]) }, cancellationToken);
        var byId = again.Items.ToDictionary(row => row.Id);
        _rows = [.. shown.Select(row => byId.GetValueOrDefault(row.Id, row))];
    }

    // A page after this place begins with the row.
    private static Cursor JustAbove(TRow row) => new(row.Created, row.Id + 1);

    private async Task LiveAsync(bool live)
    {
        _paused = !live;
        if (live)
        {
            await CatchUpAsync();
        }
    }

    private async Task CatchUpAsync()
    {
        _paused = false;
        await TakeTurnAsync(StartAsync);
        await Browser.ScrollToTopAsync(Leaving);
    }

    private async Task OlderAsync()
    {
        _readingOlder = true;
        try
        {
            await TakeTurnAsync(async token =>
            {
                var older = await Read(new PageRequest { Size = PageSize, After = _next }, token);
                (_rows, _next, _extended) = ([.. _rows ?? [], .. older.Items], older.Next, true);
            });
        }
        finally
        {
            _readingOlder = false;
        }
    }
}
