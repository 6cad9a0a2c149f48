using System.Globalization;
using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Json;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>
/// What the newest events of the list have at a path of their payload: numbers over time, and the most frequent values. It says which
/// part of the list it has looked at.
/// </summary>
public sealed partial class PathChart
{
    private const int MostRows = 50;

    // So few different numbers are codes rather than measures.
    private const int FewNumbers = 12;

    private PathValues? _values;
    private PathPlot? _plot;
    private string? _refusal;
    private EventsFilter? _read;
    private bool _isTable;

    /// <summary>The list, with the path.</summary>
    [Parameter, EditorRequired]
    public required EventsFilter Filter { get; set; }

    [Inject]
    public required IPathValues Values { get; init; }

    [Inject]
    public required SharedReads Reads { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    // It reads up to a thousand payloads, and moves by little.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    protected override object Subject => Filter with { By = null };

    private bool IsStale => _read != (EventsFilter)Subject;

    protected override bool Concerns(Change change) =>
        change.Channel == Channels.EventCreated && Filter.Range.IsOpen && Filter.Concerns(change);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var filter = (EventsFilter)Subject;
        try
        {
            _values = await Reads.ReadAsync(("values", filter), token => Values.ReadAsync(
                new() { Path = filter.Chart!, Filter = filter.ToOutcomeFilter(Clock.GetUtcNow()), Query = filter.Search }, token), cancellationToken);
            (_plot, _refusal) = (PathPlot.Of(_values.Points), null);
        }
        catch (RefusedException refused)
        {
            (_values, _plot, _refusal) = (null, null, refused.Message);
        }

        _read = filter;
    }

    private static bool ShowsTop(PathValues values) => values.Top.Count > 0
        && (values.Top.Any(one => one.Value.ValueKind != System.Text.Json.JsonValueKind.Number) || (values.Top.Count <= FewNumbers && values.Others == 0));

    // A text as it is, unless nothing of it would be seen.
    private static string Shown(PathValueCount one) =>
        LeafText.Copied(one.Value) is var text && string.IsNullOrWhiteSpace(text) ? LeafText.Literal(one.Value) : Visible.Beginning(text, 60);

    private static string Share(PathValueCount one, PathValues values) =>
        string.Create(CultureInfo.InvariantCulture, $"--share:{100.0 * one.Count / values.Top[0].Count:0.#}%");

    private static string Said(PathValues values) => values.Numbers is not { } numbers ? ""
        : $"{Format.Count(numbers.Count, "number")} over time, from {Format.Measure(numbers.Least)} to {Format.Measure(numbers.Most)}, "
          + $"{Format.Measure(numbers.Mean)} in the mean";

    private string Looked(PathValues values)
    {
        if (values.Events == 0)
        {
            return "No events in this list.";
        }

        var of = values.Complete
            ? values.Events == 1 ? "the only event" : $"all {Format.Number(values.Events)} events"
            : $"the newest {Format.Number(values.Events)} events, back to {BucketWords.Instant(values.Since!.Value, Browser.Zone)}";
        var found = (values.Found, Filter.Search) switch
        {
            (0, null) => $"Not there in {of}",
            (0, _) => $"Not there in any that the search finds among {of}",
            (var some, null) => $"There in {Format.Number(some)} of {of}",
            (var some, _) => $"There in {Format.Number(some)} that the search finds among {of}",
        };
        return values.TooLarge == 0 ? $"{found}." : $"{found}; {Format.Number(values.TooLarge)} too large to be looked into.";
    }

    private string LinkTo(PathValueCount one)
    {
        var condition = $"{Filter.Chart} == {LeafText.Literal(one.Value)}";
        return (Filter with { Search = Filter.Search is { } search ? $"({search}) and {condition}" : condition }).Address;
    }
}
