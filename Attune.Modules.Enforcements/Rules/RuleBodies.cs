using System.Text.Json;
using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>What is common to the bodies that say what a rule says: a misspelt field would leave a rule that always matches.</summary>
internal abstract record RuleFields
{
    // Whoever copies or changes a rule may send back all that an answer has.
    private static readonly string[] Known =
        [.. typeof(Rule).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    private static readonly string[] Settable = [.. typeof(NewRule).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    public string? TriggerRef { get; init; }
    public ConditionJoin? Condition { get; init; }

    /// <summary>Left out is one thing, and null another: that is no array, and whoever sends it may mean a rule that always matches.</summary>
    public JsonElement Conditions { get; init; }

    public JsonElement? ActionParams { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>The conditions, as they are to be changed or tried; null where nothing is said of them.</summary>
    protected JsonElement? GivenConditions => Conditions.ValueKind == JsonValueKind.Undefined ? null : Conditions;

    /// <exception cref="RefusedException">A field is none of a rule's; the message names it.</exception>
    protected void CheckNames()
    {
        if (Others?.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } stranger)
        {
            var shown = Reference.Shown(stranger);
            throw RefusedException.Invalid(shown, $"{shown} is no field of a rule; there are {string.Join(", ", Settable)}.");
        }
    }
}

/// <summary>A rule as a client sends it. What is missing is told by the checks of the repository, which name the field.</summary>
internal sealed record NewRuleBody : RuleFields
{
    public string? Ref { get; init; }
    public string? PackRef { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ActionRef { get; init; }
    public JsonElement? TriggerParams { get; init; }
    public bool? Enabled { get; init; }

    public NewRule ToRule()
    {
        CheckNames();
        return new()
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
            Enabled = Enabled ?? true,
        };
    }
}

/// <summary>What a client changes of a rule; what is left out stays, and so does what is null, conditions apart.</summary>
internal sealed record RuleUpdateBody : RuleFields
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ActionRef { get; init; }
    public JsonElement? TriggerParams { get; init; }
    public bool? Enabled { get; init; }

    public RuleUpdate ToUpdate()
    {
        CheckNames();
        return new()
        {
            Label = Label,
            Description = Description,
            ActionRef = ActionRef,
            TriggerRef = TriggerRef,
            Condition = Condition,
            Conditions = GivenConditions,
            ActionParams = ActionParams,
            TriggerParams = TriggerParams,
            Enabled = Enabled,
        };
    }
}
