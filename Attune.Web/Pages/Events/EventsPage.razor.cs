using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>The list of events; its address holds the filters.</summary>
public sealed partial class EventsPage
{
    [Inject]
    public required IEventRepository Repository { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery(Name = "trigger")]
    public string? Trigger { get; set; }

    [SupplyParameterFromQuery(Name = "rule")]
    public string? Rule { get; set; }

    [SupplyParameterFromQuery(Name = "source")]
    public string? Source { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    private EventsQuery Query { get; set; } = new();

    protected override void OnParametersSet() => Query = new()
    {
        Trigger = Lists.Query.Text(Trigger),
        Rule = Lists.Query.Text(Rule),
        Source = Lists.Query.Text(Source),
        Range = TimeFilter.Parse(Range, From, To),
    };

    private void Go(EventsQuery query) => Navigation.NavigateTo(Urls.Events(query));

    private Task<Page<EventSummary>> ReadAsync(PageRequest page, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var filter = Query.Filter(Clock.GetUtcNow());
        return Repository.ListAsync(until is null ? filter : filter with { Until = until }, page, cancellationToken);
    }

    // A change names what it can; what it does not name may concern the query.
    private bool Follows(Change change) =>
        change.Channel == Channels.EventCreated
        && (Query.Trigger is null || change.TriggerRef is null || change.TriggerRef == Query.Trigger)
        && (Query.Rule is null || change.RuleRef is null || change.RuleRef == Query.Rule);
}
