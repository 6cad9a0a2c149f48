using Attune.Db;
using Attune.Db.Changes;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Lists;

/// <summary>
/// A newest-first list that grows at its top while somebody watches it. While it is held (paused, scrolled down, with pointer or focus
/// among its rows, or with older rows opened) no row moves: new ones are only counted, and rows that can still change are read again
/// in their places. Who comes back to it finds the rows that were shown, and the same one at the top of the window.
/// </summary>
public sealed partial class LiveRows<TRow> where TRow : IKeysetRow
{
    private readonly ShownRows<TRow> _shown = new();
    private string _address = "";
    private bool _anew;
    private bool _paused;
    private bool _scrolled;
    private bool _inside;
    private bool _restoring;
    private bool _placeDrawn;
    private bool _turning;
    private ElementReference _top;
    private ElementReference _card;
    private DotNetObjectReference<LiveRows<TRow>>? _self;

    /// <summary>What is listed; another filter starts the list anew.</summary>
    [Parameter, EditorRequired]
    public required ILiveFilter Filter { get; set; }

    /// <summary>The row after which the list begins; null for the newest ones.</summary>
    [Parameter]
    public Cursor? After { get; set; }

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

    /// <summary>What can be done with the list, at the end of its bar.</summary>
    [Parameter]
    public RenderFragment? Tools { get; set; }

    [Inject]
    public required BrowserRows Browser { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override object Subject => (Filter, After);

    private bool CanGrow => Filter.IsOpen && After is null;

    private bool IsHeld => _paused || _scrolled || _inside || _shown.IsExtended || !CanGrow;

    private bool IsWaiting => _shown.Waiting > 0 && IsHeld;

    private string WaitingText => $"{Format.Number(_shown.Waiting)}{(_shown.Waiting >= WaitingRows<TRow>.Most ? "+" : "")} new";

    private string Newest => At(null);

    // A list that has become very long goes on at another address.
    private string? OlderAddress => _shown.Rows?.Count >= Stretch.Most ? At(_shown.Next) : null;

    /// <summary>The browser says whether the top of the list is in view.</summary>
    [JSInvokable]
    public Task TopSeen(bool seen) => HoldAsync(() => _scrolled = !seen);

    /// <summary>The browser says whether pointer or focus are among the rows.</summary>
    [JSInvokable]
    public Task Inside(bool inside) => HoldAsync(() => _inside = inside);

    // The rows of the last filter stay, greyed, until those of this one are there.
    protected override void SubjectChanged() => _anew = true;

    // The rows of the place are in this drawing: what is told to the browser from here on reaches it after them.
    protected override bool ShouldRender()
    {
        _placeDrawn = _restoring;
        return true;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Browser.WatchAsync(_top, _card, _self, Leaving);
        }

        if (_placeDrawn)
        {
            (_placeDrawn, _restoring) = (false, false);
            await Browser.RestoreAsync(Leaving);
        }
    }

    protected override bool Concerns(Change change) => Filter.IsOpen && Filter.Concerns(change);

    protected override Task ReadAsync(CancellationToken cancellationToken) =>
        _anew ? BeginAsync(cancellationToken)
        : IsHeld && _shown.Rows is { Count: > 0 } ? RefreshAsync(cancellationToken)
        : StartAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _self?.Dispose();
    }

    private string At(Cursor? place) => FilterPlace.At(Navigation.Uri, place);

    private async Task HoldAsync(System.Action hold)
    {
        hold();
        if (_shown.Waiting > 0 && !IsHeld)
        {
            await TakeTurnAsync(StartAsync);
        }

        StateHasChanged();
    }

    // Another list: where the reader left it, or from its beginning.
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var isFirst = _shown.Rows is null;
        if (await Browser.RecallAsync(cancellationToken) is { } place)
        {
            var (rows, next) = await Stretch.ReadAsync(place.First, place.Count, Read, cancellationToken);
            if (rows.Count > 0)
            {
                _shown.Show(rows, next, extended: CanGrow);
                (_restoring, _anew, _address) = (true, false, Navigation.Uri);
                await CountAsync(cancellationToken);
                return;
            }
        }

        await StartAsync(cancellationToken);
        if (!isFirst)
        {
            await Browser.BeginAsync(cancellationToken);
        }
    }

    // Shows the newest rows.
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _shown.BeginAsync(After, Read, cancellationToken);
        (_anew, _address) = (false, Navigation.Uri);
    }

    private Task CountAsync(CancellationToken cancellationToken) =>
        CanGrow ? _shown.CountAsync(Read, cancellationToken) : Task.CompletedTask;

    // Counts the rows that came in above the ones shown, and reads those that can still change again.
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await CountAsync(cancellationToken);
        await _shown.AgainAsync(IsFinal, Read, cancellationToken);
    }

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
        await Browser.BeginAsync(Leaving);
    }

    private Task OlderAsync() => TurnAsync(token => _shown.ExtendAsync(Read, token));

    // The page above has an address of its own, as the one below a long list has.
    private Task NewerAsync() => TurnAsync(async token => Navigation.NavigateTo(At(await _shown.AboveAsync(After!.Value, Read, token))));

    private async Task TurnAsync(Func<CancellationToken, Task> turn)
    {
        _turning = true;
        try
        {
            await TakeTurnAsync(turn);
        }
        finally
        {
            _turning = false;
        }
    }
}
