using Attune.Db.Changes;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Events;

/// <summary>Which events the list shows.</summary>
public sealed record EventsFilter : IPageFilter<EventsFilter>, ILiveFilter
{
    public string? Trigger { get; init; }
    /// <summary>The rule that matched; with a <see cref="Result"/> the rule of which that holds.</summary>
    public string? Rule { get; init; }

    /// <summary>The one rule that events were meant for.</summary>
    public string? Target { get; init; }

    /// <summary>What became of them.</summary>
    public EventResult? Result { get; init; }
    public string? Source { get; init; }

    /// <summary>Conditions that the events meet, in their text form.</summary>
    public string? Search { get; init; }

    public TimeFilter Range { get; init; } = TimeFilter.Any;

    /// <summary>What the chart tells apart; null for what is usual.</summary>
    public string? By { get; init; }

    /// <summary>The path of the payload whose values are drawn; null for none.</summary>
    public string? Chart { get; init; }

    public bool IsOpen => Range.IsOpen;

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Events);

    public static EventsFilter Parse(AddressQuery query) => new()
    {
        Trigger = query.Text("trigger"),
        Rule = query.Text("rule"),
        Target = query.Text("target"),
        Result = query.Read("result", EnumNames.Find<EventResult>, $"one of {string.Join(", ", EnumNames.All<EventResult>())}"),
        Source = query.Text("source"),
        Search = query.Text("q"),
        Range = TimeFilter.Parse(query),
        By = HistogramSplit.Parse(query, HistogramSplit.OfEvents),
        Chart = ParseChart(query),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("trigger", Trigger)
        .With("rule", Rule)
        .With("target", Target)
        .With("result", Result is { } result ? EnumNames.Of(result) : null)
        .With("source", Source)
        .With("q", Search)
        .With(Range.ToQuery())
        .Beside("by", By)
        .Beside("chart", Chart);

    /// <summary>What the repository is asked for.</summary>
    public OutcomeFilter ToOutcomeFilter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new()
        {
            RuleRef = Rule,
            Result = Result,
            Events = new() { TriggerRef = Trigger, RuleRef = Target, SourceRef = Source, Since = since, Until = until },
        };
    }

    // A change names what it can; what it does not name may concern the list. What becomes of an event is told by its enforcements and
    // executions.
    public bool Concerns(Change change) => change.Channel switch
    {
        Channels.EventCreated => IsOf(Trigger, change.TriggerRef) && IsOf(Target, change.RuleRef)
            && (Rule is null || Result is EventResult.Unmatched),
        Channels.EnforcementCreated or Channels.EnforcementStatusChanged or Channels.ExecutionCreated or Channels.ExecutionStatusChanged =>
            IsOf(Trigger, change.TriggerRef) && IsOf(Rule, change.RuleRef),
        _ => false,
    };

    private static string? ParseChart(AddressQuery query)
    {
        if (query.Text("chart") is { } path && !ConditionPaths.IsOfPayload(path))
        {
            query.Wrong("chart", path, "a path into the payload, such as total or alerts[*].status");
        }

        return query.Text("chart");
    }

    private static bool IsOf(string? wanted, string? named) => wanted is null || named is null || named == wanted;
}
