using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Enforcements;

/// <summary>Which enforcements the list shows.</summary>
public sealed record EnforcementsFilter : IPageFilter<EnforcementsFilter>, ILiveFilter
{
    public string? Rule { get; init; }
    public string? Trigger { get; init; }
    public long? Event { get; init; }
    public EquatableList<EnforcementStatus> Status { get; init; } = [];
    /// <summary>True for those of shadow rules alone, false for all others.</summary>
    public bool? Shadow { get; init; }

    public TimeFilter Range { get; init; } = TimeFilter.Any;

    /// <summary>What the chart tells apart; null for what is usual.</summary>
    public string? By { get; init; }

    public bool IsOpen => Range.IsOpen;

    public bool PendingOnly => Status is [EnforcementStatus.Created];

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Enforcements);

    public static EnforcementsFilter Parse(AddressQuery query) => new()
    {
        Rule = query.Text("rule"),
        Trigger = query.Text("trigger"),
        Event = query.Id("event"),
        Status = new(Statuses.Read<EnforcementStatus>(query, "status")),
        Shadow = query.Read<bool>("shadow", text => text switch { "true" => true, "false" => false, _ => null }, "true or false"),
        Range = TimeFilter.Parse(query),
        By = HistogramSplit.Parse(query, HistogramSplit.OfEnforcements),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("rule", Rule)
        .With("trigger", Trigger)
        .With("event", Format.Id(Event))
        .With("status", Statuses.Write(Status))
        .With("shadow", Shadow switch { true => "true", false => "false", null => null })
        .With(Range.ToQuery())
        .Beside("by", By);

    /// <summary>What the repository is asked for.</summary>
    public EnforcementFilter ToEnforcementFilter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new() { RuleRef = Rule, TriggerRef = Trigger, Event = Event, Statuses = Status, Shadow = Shadow, Since = since, Until = until };
    }

    // A change names what it can; what it does not name may concern the list.
    public bool Concerns(Change change) =>
        change.Channel is Channels.EnforcementCreated or Channels.EnforcementStatusChanged
            or Channels.ExecutionCreated or Channels.ExecutionStatusChanged
        && (Rule is null || change.RuleRef is null || change.RuleRef == Rule)
        && (Trigger is null || change.TriggerRef is null || change.TriggerRef == Trigger)
        && (Event is null || change.Event is null || change.Event == Event);
}
