using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>The list of enforcements; its address holds the filters.</summary>
public sealed partial class EnforcementsPage
{
    [Inject]
    public required IEnforcementRepository Repository { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery(Name = "rule")]
    public string? Rule { get; set; }

    [SupplyParameterFromQuery(Name = "trigger")]
    public string? Trigger { get; set; }

    [SupplyParameterFromQuery(Name = "event")]
    public string? Event { get; set; }

    [SupplyParameterFromQuery(Name = "status")]
    public string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    private EnforcementsQuery Query { get; set; } = new();

    protected override void OnParametersSet() => Query = new()
    {
        Rule = Lists.Query.Text(Rule),
        Trigger = Lists.Query.Text(Trigger),
        Event = Lists.Query.Id(Event),
        Statuses = new(Statuses.Parse<EnforcementStatus>(Status)),
        Range = TimeFilter.Parse(Range, From, To),
    };

    private void Go(EnforcementsQuery query) => Navigation.NavigateTo(Urls.Enforcements(query));

    private void Filter(IReadOnlyList<EnforcementStatus> statuses) => Go(Query with { Statuses = new(statuses) });

    private void PendingOnly(bool only) => Go(Query with { Statuses = only ? [EnforcementStatus.Created] : [] });

    private Task<Page<EnforcementSummary>> ReadAsync(PageRequest page, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var filter = Query.Filter(Clock.GetUtcNow());
        return Repository.ListAsync(until is null ? filter : filter with { Until = until }, page, cancellationToken);
    }

    // A change names what it can; what it does not name may concern the query.
    private bool Follows(Change change) =>
        change.Channel is Channels.EnforcementCreated or Channels.EnforcementStatusChanged
        && (Query.Rule is null || change.RuleRef is null || change.RuleRef == Query.Rule)
        && (Query.Trigger is null || change.TriggerRef is null || change.TriggerRef == Query.Trigger)
        && (Query.Event is null || change.Event is null || change.Event == Query.Event);
}
