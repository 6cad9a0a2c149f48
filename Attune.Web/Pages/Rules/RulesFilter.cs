using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Rules;

/// <summary>Which rules the list shows.</summary>
public sealed record RulesFilter : IPageFilter<RulesFilter>
{
    public string? Trigger { get; init; }

    public EquatableList<RuleState> State { get; init; } = [];

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Rules);

    public static RulesFilter Parse(AddressQuery query) => new()
    {
        Trigger = query.Text("trigger"),
        State = new(Statuses.Parse<RuleState>(query.Text("state"))),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty.With("trigger", Trigger).With("state", Statuses.Write(State));

    /// <summary>What the repository is asked for.</summary>
    public RuleFilter ToRuleFilter() => new() { TriggerRef = Trigger, States = State };
}
