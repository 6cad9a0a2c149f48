using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>What is common to the bodies that say what a rule says.</summary>
internal abstract record RuleFields
{
    public string? TriggerRef { get; init; }
    public ConditionJoin? Condition { get; init; }

    /// <summary>
    /// Left out is one thing, and null another: that is no array, and whoever sends it may mean a rule that always matches.
    /// </summary>
    public JsonElement Conditions { get; init; }

    public JsonElement? ActionParams { get; init; }

    /// <summary>A state beside <c>enabled</c>, which says less.</summary>
    /// <exception cref="RefusedException">They do not go together.</exception>
    protected static RuleState? Agreed(RuleState? state, bool? enabled) =>
        state is { } given && enabled is { } said && said != (given == RuleState.Enabled)
            ? throw RefusedException.Invalid(
                "state", $"state is {EnumNames.Of(given)}, and enabled is {(said ? "true" : "false")}: give one of them.")
            : state;

    /// <summary>The conditions, as they are to be changed or tried; null where nothing is said of them.</summary>
    protected JsonElement? GivenConditions => Conditions.ValueKind == JsonValueKind.Undefined ? null : Conditions;
}

/// <summary>A rule as a client sends it. What is missing is told by the checks of the repository, which name the field.</summary>
[TakesBack(typeof(Rule))]
internal sealed record NewRuleBody : RuleFields, IJsonBody<NewRuleBody>
{
    public string? Ref { get; init; }
    public string? PackRef { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ActionRef { get; init; }
    public JsonElement? TriggerParams { get; init; }
    public JsonElement? Window { get; init; }
    public bool? Enabled { get; init; }
    public RuleState? State { get; init; }

    public NewRule ToRule() => new()
    {
        Ref = Ref ?? "",
        PackRef = PackRef,
        Label = Label ?? "",
        Description = Description,
        ActionRef = ActionRef ?? "",
        TriggerRef = TriggerRef ?? "",
        Condition = Condition ?? ConditionJoin.All,
        Conditions = Conditions,
        ActionParams = JsonValues.Given(ActionParams),
        TriggerParams = JsonValues.Given(TriggerParams),
        Window = JsonValues.Given(Window),
        Enabled = Enabled ?? true,
        State = Agreed(State, Enabled),
    };
}

/// <summary>What a client changes of a rule; what is left out stays, and so does what is null, conditions apart.</summary>
[TakesBack(typeof(Rule))]
internal sealed record RuleUpdateBody : RuleFields, IJsonBody<RuleUpdateBody>
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ActionRef { get; init; }
    public JsonElement? TriggerParams { get; init; }

    /// <summary>Left out is one thing, and null another: that makes each match count.</summary>
    public JsonElement Window { get; init; }

    public bool? Enabled { get; init; }
    public RuleState? State { get; init; }

    /// <summary>The version that the change was made from: it is refused when the rule has another by now.</summary>
    public int? ExpectedVersion { get; init; }

    public RuleUpdate ToUpdate() => new()
    {
        ExpectedVersion = ExpectedVersion,
        Label = Label,
        Description = Description,
        ActionRef = ActionRef,
        TriggerRef = TriggerRef,
        Condition = Condition,
        Conditions = GivenConditions,
        ActionParams = ActionParams,
        TriggerParams = TriggerParams,
        Window = Window.ValueKind == JsonValueKind.Undefined ? null : Window,
        Enabled = Enabled,
        State = Agreed(State, Enabled),
    };
}

/// <summary>Which rules to list, as an address says it.</summary>
internal abstract record RuleFilterQuery : ListQuery
{
    public string? TriggerRef { get; init; }
    public string? ActionRef { get; init; }
    public string? PackRef { get; init; }
    public IReadOnlyList<RuleState> State { get; init; } = [];

    public RuleFilter ToFilter(bool enabledOnly) => new()
    {
        EnabledOnly = enabledOnly,
        States = State,
        TriggerRef = TriggerRef,
        ActionRef = ActionRef,
        PackRef = PackRef,
    };
}

internal sealed record RuleListQuery : RuleFilterQuery, IQuery<RuleListQuery>
{
    /// <summary>Only those that are enabled.</summary>
    public bool Enabled { get; init; }
}

internal sealed record EnabledRuleListQuery : RuleFilterQuery, IQuery<EnabledRuleListQuery>;

/// <summary>What a version is compared with, as an address says it.</summary>
internal sealed record VersionQuery : IQuery<VersionQuery>
{
    [Range(1, int.MaxValue)]
    public int? Against { get; init; }
}
