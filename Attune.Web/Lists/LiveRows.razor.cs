using Attune.Db;
using Attune.Db.Changes;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Lists;

/// <summary>
/// A list that shows rows as they come in. It holds still while the reader has paused it, has scrolled down or has opened
/// older rows; then it says how many are waiting.
/// </summary>
public sealed partial class LiveRows<TRow>
{
    private LiveList<TRow> _list = null!;
    private bool _anew;
    private ElementReference _top;
    private DotNetObjectReference<LiveRows<TRow>>? _self;
    private bool _paused;
    private bool _scrolled;
    private bool _readingOlder;

    /// <summary>What is listed; another one starts the list anew.</summary>
    [Parameter, EditorRequired]
    public required object Query { get; set; }

    /// <summary>Reads a page of the query, of the rows before an instant when one is given.</summary>
    [Parameter, EditorRequired]
    public required Func<PageRequest, DateTimeOffset?, CancellationToken, Task<Page<TRow>>> Read { get; set; }

    /// <summary>Where a row stands in the list.</summary>
    [Parameter, EditorRequired]
    public required Func<TRow, Cursor> Place { get; set; }

    /// <summary>Whether a row can no longer change.</summary>
    [Parameter]
    public Func<TRow, bool> IsFinal { get; set; } = static _ => true;

    /// <summary>Whether a change may concern the query.</summary>
    [Parameter, EditorRequired]
    public required Func<Change, bool> Follows { get; set; }

    /// <summary>False when nothing new can come into the list.</summary>
    [Parameter]
    public bool IsOpen { get; set; } = true;

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

    protected override object Subject => Query;

    private bool IsHeld => _paused || _scrolled || _list.IsExtended;

    /// <summary>The browser says whether the top of the list is in view.</summary>
    [JSInvokable]
    public async Task TopSeen(bool seen)
    {
        _scrolled = !seen;
        if (_list.Waiting > 0 && !IsHeld)
        {
            await TakeTurnAsync(_list.StartAsync);
            StateHasChanged();
        }
    }

    protected override void OnInitialized()
    {
        _list = NewList();
        base.OnInitialized();
    }

    // The rows of the last query stay, greyed, until those of this one are there.
    protected override void SubjectChanged() => _anew = true;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Browser.WatchAsync(_top, _self, Leaving);
        }
    }

    protected override bool Concerns(Change change) => IsOpen && Follows(change);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_anew)
        {
            var list = NewList();
            await list.StartAsync(cancellationToken);
            (_list, _anew) = (list, false);
        }
        else
        {
            await _list.RefreshAsync(IsHeld, cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _self?.Dispose();
    }

    private LiveList<TRow> NewList() =>
        new(row => Place(row), row => IsFinal(row), (page, until, token) => Read(page, until, token));

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
        await TakeTurnAsync(_list.StartAsync);
        await Browser.ScrollToTopAsync(Leaving);
    }

    private async Task OlderAsync()
    {
        _readingOlder = true;
        try
        {
            await TakeTurnAsync(_list.OlderAsync);
        }
        finally
        {
            _readingOlder = false;
        }
    }
}
