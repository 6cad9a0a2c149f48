using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>The list of executions; its address holds the filters.</summary>
public sealed partial class ExecutionsPage
{
    [Inject]
    public required IExecutionRepository Repository { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery(Name = "status")]
    public string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "action")]
    public string? ActionRef { get; set; }

    [SupplyParameterFromQuery(Name = "rule")]
    public string? Rule { get; set; }

    [SupplyParameterFromQuery(Name = "trigger")]
    public string? Trigger { get; set; }

    [SupplyParameterFromQuery(Name = "enforcement")]
    public string? Enforcement { get; set; }

    [SupplyParameterFromQuery(Name = "parent")]
    public string? Parent { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    private ExecutionsQuery Query { get; set; } = new();

    protected override void OnParametersSet() => Query = new()
    {
        Action = Lists.Query.Text(ActionRef),
        Rule = Lists.Query.Text(Rule),
        Trigger = Lists.Query.Text(Trigger),
        Enforcement = Lists.Query.Id(Enforcement),
        Parent = Lists.Query.Id(Parent),
        Statuses = new(Statuses.Parse<ExecutionStatus>(Status)),
        Range = TimeFilter.Parse(Range, From, To),
    };

    private void Go(ExecutionsQuery query) => Navigation.NavigateTo(Urls.Executions(query));

    private void Filter(IReadOnlyList<ExecutionStatus> statuses) => Go(Query with { Statuses = new(statuses) });

    private Task<Page<ExecutionSummary>> ReadAsync(PageRequest page, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var filter = Query.Filter(Clock.GetUtcNow());
        return Repository.ListAsync(until is null ? filter : filter with { Until = until }, page, cancellationToken);
    }

    // A change names what it can; what it does not name may concern the query.
    private bool Follows(Change change) =>
        change.Channel is Channels.ExecutionCreated or Channels.ExecutionStatusChanged
        && (Query.Action is null || change.ActionRef is null || change.ActionRef == Query.Action)
        && (Query.Rule is null || change.RuleRef is null || change.RuleRef == Query.Rule)
        && (Query.Trigger is null || change.TriggerRef is null || change.TriggerRef == Query.Trigger)
        && (Query.Enforcement is null || change.Enforcement is null || change.Enforcement == Query.Enforcement);
}
