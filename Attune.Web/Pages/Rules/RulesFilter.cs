using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Rules;

/// <summary>Which rules the list shows.</summary>
public sealed record RulesFilter : IPageFilter<RulesFilter>
{
    /// <summary>Text that stands in the reference or the label.</summary>
    public string? Search { get; init; }

    public string? Trigger { get; init; }

    public EquatableList<RuleState> State { get; init; } = [];

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Rules);

    public static RulesFilter Parse(AddressQuery query) => new()
    {
        Search = query.Text("q"),
        Trigger = query.Text("trigger"),
        State = new(Statuses.Read<RuleState>(query, "state")),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty.With("q", Search).With("trigger", Trigger).With("state", Statuses.Write(State));

    /// <summary>What the repository is asked for.</summary>
    public RuleFilter ToRuleFilter() => new() { TriggerRef = Trigger, States = State };
}
