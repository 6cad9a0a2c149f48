using Attune.Db;
using Attune.Db.Changes;
using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Lists;

/// <summary>
/// The rows of a list by when they came, drawn above it, and kept up to date. A range of it is chosen with pointer or keys, and becomes
/// the list's.
/// </summary>
public sealed partial class LiveHistogram
{
    private ElementReference _chart;
    private DotNetObjectReference<LiveHistogram>? _self;
    private Histogram? _histogram;
    private IReadOnlyList<ChartMark> _marks = [];
    private HistogramDrawing? _drawing;
    private int _width;
    private bool _isTable;

    /// <summary>What the list shows; another filter begins anew.</summary>
    [Parameter, EditorRequired]
    public required ILiveFilter Filter { get; set; }

    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    /// <summary>What a row is, in the singular.</summary>
    [Parameter, EditorRequired]
    public required string Noun { get; set; }

    /// <summary>How rows can be told apart; the first one is what is shown if nothing is chosen.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<HistogramSplit> Splits { get; set; }

    /// <summary>The name of the split that is chosen; null for the first.</summary>
    [Parameter]
    public string? By { get; set; }

    /// <summary>Counts the rows of a filter.</summary>
    [Parameter, EditorRequired]
    public required Func<ChartRequest, CancellationToken, Task<Histogram>> Count { get; set; }

    /// <summary>When the oldest row came.</summary>
    [Parameter, EditorRequired]
    public required Func<CancellationToken, Task<DateTimeOffset?>> Oldest { get; set; }

    /// <summary>The address with another range.</summary>
    [Parameter, EditorRequired]
    public required Func<TimeFilter, string> LinkTo { get; set; }

    /// <summary>Where one bucket leads; null where it leads nowhere.</summary>
    [Parameter]
    public Func<TimeFilter, string>? LinkToOne { get; set; }

    /// <summary>The address with another split; null where it cannot be chosen.</summary>
    [Parameter]
    public Func<string?, string>? LinkBy { get; set; }

    /// <summary>The list of one label of the split; null for none.</summary>
    [Parameter]
    public Func<string, string, string?>? LinkLabel { get; set; }

    /// <summary>Reads what happened meanwhile to the rules of a filter; null where nothing is marked.</summary>
    [Parameter]
    public Func<ILiveFilter, TimeRange, CancellationToken, Task<IReadOnlyList<ChartMark>>>? Marks { get; set; }

    /// <summary>Whether it stands in a panel, and has no frame of its own.</summary>
    [Parameter]
    public bool Plain { get; set; }

    [Inject]
    public required BrowserCharts Charts { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required SharedReads Reads { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    // Dearer than a page of the list, and a bar grows by little.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(2);

    protected override object Subject => (Filter, Split.Name, Most);

    private HistogramSplit Split => HistogramSplit.Of(Splits, By);

    private int Most => HistogramDrawing.Most(_width);

    private bool Opens => LinkToOne is not null;

    private string Title => $"{char.ToUpperInvariant(Noun[0])}{Noun[1..]}s";

    private string Label => _drawing is not { } drawing ? $"{Title} over time"
        : $"{Title} over time: {Format.Count(drawing.Totals.Sum(), Noun)} in {drawing.Buckets} bars. Arrow keys go through them, with Shift "
          + $"they choose a range, Enter {(Opens ? "opens one bar or " : "")}zooms into it, Escape lets it go.";

    private string? Note => _histogram switch
    {
        { CountedBackTo: { } at } => $"Counted back to {BucketWords.Instant(at, Browser.Zone)}: there are too many older ones to count at once.",
        { LabelledBackTo: { } at } => $"Told apart back to {BucketWords.Instant(at, Browser.Zone)}: there are too many older ones to look at each.",
        _ => null,
    };

    /// <summary>The browser says how wide the chart has become.</summary>
    [JSInvokable]
    public async Task Resized(int width)
    {
        _width = width;
        await OnParametersSetAsync();
        Draw();
        StateHasChanged();
    }

    /// <summary>The browser says what was chosen: a range, or one bucket to open.</summary>
    [JSInvokable]
    public void Choose(string since, string until, bool isOne)
    {
        var range = TimeFilter.Between(Instants.TryParse(since), Instants.TryParse(until));
        Navigation.NavigateTo(isOne && LinkToOne is { } one ? one(range) : LinkTo(range));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Resized(await Charts.StartAsync(_chart, _self, Leaving));
        }
    }

    protected override bool Concerns(Change change) => Range.IsOpen && Filter.Concerns(change);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        // How many bars fit is not known before the browser has said it.
        if (_width <= 0)
        {
            return;
        }

        var (filter, range, split, most, zone) = (Filter, Range, Split.Name, Most, Browser.Zone);
        var marks = Marks;
        (_histogram, _marks) = await Reads.ReadAsync((Noun, filter, split, most, zone.Id, marks is null), CountAsync, cancellationToken);
        Draw();

        async Task<(Histogram, IReadOnlyList<ChartMark>)> CountAsync(CancellationToken token)
        {
            var now = Clock.GetUtcNow();
            var (since, until) = range.Bounds(now);
            var edges = HistogramEdges.OfList(since, until, now, await Oldest(token), most, zone);
            return (
                await Count(new(filter, edges, split, now), token),
                marks is null || edges.Count == 0 ? [] : await marks(filter, new(edges[0], edges[^1]), token));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _self?.Dispose();
    }

    private void Draw() => _drawing = _histogram is not { } histogram || _width <= 0 ? null : new(
        histogram.Edges, Split.Series(histogram, label => LinkLabel?.Invoke(Split.Name, label)), _width, Browser.Zone, Noun);
}

/// <summary>What a chart asks for.</summary>
/// <param name="Filter">What is shown.</param>
/// <param name="Edges">The ends of the buckets.</param>
/// <param name="By">The name of what tells the rows apart.</param>
/// <param name="Now">Now.</param>
public sealed record ChartRequest(ILiveFilter Filter, IReadOnlyList<DateTimeOffset> Edges, string By, DateTimeOffset Now);
