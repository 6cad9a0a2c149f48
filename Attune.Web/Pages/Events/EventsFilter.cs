using Attune.Db.Changes;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Events;

/// <summary>Which events the list shows.</summary>
public sealed record EventsFilter : IPageFilter<EventsFilter>, ILiveFilter
{
    public string? Trigger { get; init; }
    public string? Rule { get; init; }
    public string? Source { get; init; }

    /// <summary>Conditions that the events meet, in their text form.</summary>
    public string? Search { get; init; }

    public TimeFilter Range { get; init; } = TimeFilter.Any;

    /// <summary>What the chart tells apart; null for what is usual.</summary>
    public string? By { get; init; }

    public bool IsOpen => Range.IsOpen;

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Events);

    public static EventsFilter Parse(AddressQuery query) => new()
    {
        Trigger = query.Text("trigger"),
        Rule = query.Text("rule"),
        Source = query.Text("source"),
        Search = query.Text("q"),
        Range = TimeFilter.Parse(query),
        By = HistogramSplit.Parse(query, HistogramSplit.OfEvents),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("trigger", Trigger)
        .With("rule", Rule)
        .With("source", Source)
        .With("q", Search)
        .With(Range.ToQuery())
        .Beside("by", By);

    /// <summary>What the repository is asked for.</summary>
    public EventFilter ToEventFilter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new() { TriggerRef = Trigger, RuleRef = Rule, SourceRef = Source, Since = since, Until = until };
    }

    // A change names what it can; what it does not name may concern the list.
    public bool Concerns(Change change) =>
        change.Channel == Channels.EventCreated
        && (Trigger is null || change.TriggerRef is null || change.TriggerRef == Trigger)
        && (Rule is null || change.RuleRef is null || change.RuleRef == Rule);
}
