using System.Runtime.CompilerServices;
using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>The list of events.</summary>
public sealed partial class EventsPage
{
    [Inject]
    public required IEventOutcomes Outcomes { get; init; }

    [Inject]
    public required IOutcomeHistogram Histograms { get; init; }

    [Inject]
    public required RuleMarks RuleMarks { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IEventSearch Search { get; init; }

    [Inject]
    public required ISampledPaths Paths { get; init; }

    protected override bool HasPlaces => true;

    private static string Word(EventResult result) => result switch
    {
        EventResult.Matched => "A rule matched",
        EventResult.Unmatched => "Fired nothing",
        EventResult.Pending => "Pending",
        _ => "An execution failed",
    };

    private void Go(EventsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<MatchedEvent>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Outcomes.ListAsync(Filter.ToOutcomeFilter(Clock.GetUtcNow()), page, cancellationToken);

    private async IAsyncEnumerable<SearchStep<MatchedEvent>> SearchAsync(
        Cursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = Filter.ToOutcomeFilter(Clock.GetUtcNow());
        SearchRequest<EventFilter> request = new() { Query = Filter.Search ?? "", Filter = filter.Events, After = after };
        await foreach (var step in Search.RunAsync(request, cancellationToken))
        {
            // What became of an event is no part of what is searched: it is asked of what was found.
            var found = await Outcomes.HoldingAsync(filter, step.Hits, cancellationToken);
            var hits = found.Count == 0 ? [] : await Outcomes.OfEventsAsync(found, cancellationToken);
            yield return new() { Hits = hits, Progress = step.Progress, End = step.End };
        }
    }

    private Task<Histogram> CountAsync(ChartRequest chart, CancellationToken cancellationToken) => Histograms.CountAsync(
        ((EventsFilter)chart.Filter).ToOutcomeFilter(chart.Now), chart.Edges, EnumNames.Find<EventLabel>(chart.By) ?? default, cancellationToken);

    private Task<IReadOnlyList<ChartMark>> MarksAsync(ILiveFilter filter, TimeRange range, CancellationToken cancellationToken) =>
        RuleMarks.ReadAsync(((EventsFilter)filter).Rule, ((EventsFilter)filter).Trigger, range, cancellationToken);

    private string? LinkLabel(string by, string label) => by == "trigger" ? (Filter with { Trigger = label, By = null }).Address : null;
}
