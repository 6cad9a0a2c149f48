using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Executions;

/// <summary>Which executions the list shows.</summary>
public sealed record ExecutionsFilter : IPageFilter<ExecutionsFilter>, ILiveFilter
{
    public EquatableList<ExecutionStatus> Status { get; init; } = [];
    public string? Action { get; init; }
    public string? Rule { get; init; }
    public string? Trigger { get; init; }
    public long? Enforcement { get; init; }
    public long? Parent { get; init; }

    /// <summary>Conditions that the executions meet, in their text form.</summary>
    public string? Search { get; init; }

    public TimeFilter Range { get; init; } = TimeFilter.Any;

    /// <summary>What the chart tells apart; null for what is usual.</summary>
    public string? By { get; init; }

    public bool IsOpen => Range.IsOpen;

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Executions);

    public static ExecutionsFilter Parse(AddressQuery query) => new()
    {
        Status = new(Statuses.Read<ExecutionStatus>(query, "status")),
        Action = query.Text("action"),
        Rule = query.Text("rule"),
        Trigger = query.Text("trigger"),
        Enforcement = query.Id("enforcement"),
        Parent = query.Id("parent"),
        Search = query.Text("q"),
        Range = TimeFilter.Parse(query),
        By = HistogramSplit.Parse(query, HistogramSplit.OfExecutions),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("action", Action)
        .With("rule", Rule)
        .With("trigger", Trigger)
        .With("enforcement", Format.Id(Enforcement))
        .With("parent", Format.Id(Parent))
        .With("status", Statuses.Write(Status))
        .With("q", Search)
        .With(Range.ToQuery())
        .Beside("by", By);

    /// <summary>What the repository is asked for.</summary>
    public ExecutionFilter ToExecutionFilter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new()
        {
            ActionRef = Action, RuleRef = Rule, TriggerRef = Trigger, Enforcement = Enforcement, Parent = Parent,
            Statuses = Status, Since = since, Until = until,
        };
    }

    // A change names what it can; what it does not name may concern the list.
    public bool Concerns(Change change) =>
        change.Channel is Channels.ExecutionCreated or Channels.ExecutionStatusChanged
        && (Action is null || change.ActionRef is null || change.ActionRef == Action)
        && (Rule is null || change.RuleRef is null || change.RuleRef == Rule)
        && (Trigger is null || change.TriggerRef is null || change.TriggerRef == Trigger)
        && (Enforcement is null || change.Enforcement is null || change.Enforcement == Enforcement);
}
