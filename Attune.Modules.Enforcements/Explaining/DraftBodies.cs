using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Attune.Db.Http;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>A draft of a rule as a client sends it. It may be the body of a rule: what else such a body has does not matter here.</summary>
[TakesBack(typeof(Rule))]
internal sealed record RuleDraftBody : RuleFields, IJsonBody<RuleDraftBody>
{
    public JsonElement? Window { get; init; }

    public RuleDraft ToDraft() => new()
    {
        Window = JsonValues.Given(Window),
        TriggerRef = TriggerRef,
        Condition = Condition,
        Conditions = GivenConditions,
        ActionParams = ActionParams,
    };
}

/// <summary>What a client asks to be tried on stored events.</summary>
internal sealed record BacktestBody : IJsonBody<BacktestBody>
{
    public int? Version { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
    public int? First { get; init; }
    public int? Skip { get; init; }

    /// <summary>What to try instead of the rule of the address; what it leaves out it takes from there.</summary>
    public RuleDraftBody? Draft { get; init; }

    public BacktestRequest ToRequest(string? reference)
    {
        var request = new BacktestRequest
        {
            Subject = new() { RuleRef = reference, Version = Version, Draft = Draft?.ToDraft() },
            Since = Since,
            Until = Until,
            Skip = Skip ?? 0,
        };
        return First is { } first ? request with { First = first } : request;
    }
}

/// <summary>Which rule an event is to be asked about, as an address says it.</summary>
internal sealed record ExplainQuery : IQuery<ExplainQuery>
{
    /// <summary>The rule's reference.</summary>
    public string? Rule { get; init; }

    [Range(1, int.MaxValue)]
    public int? Version { get; init; }
}

/// <summary>How many rules to tell of, as an address says it.</summary>
internal sealed record ExplainRulesQuery : IQuery<ExplainRulesQuery>
{
    [Range(1, EventExplanation.MostRules)]
    public int? Limit { get; init; }
}

/// <summary>What an address asks to be tried on stored events.</summary>
internal sealed record BacktestQuery : IQuery<BacktestQuery>
{
    [Range(1, int.MaxValue)]
    public int? Version { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    [Clamped(int.MinValue, int.MaxValue)]
    public int? First { get; init; }

    [Clamped(int.MinValue, int.MaxValue)]
    public int? Skip { get; init; }

    public BacktestBody ToBody() => new() { Version = Version, Since = Since, Until = Until, First = First, Skip = Skip };
}
