using System.Text.Json;
using Attune.Db.Http;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>What whoever writes a rule needs meanwhile.</summary>
internal static class TrialsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/rules/try", TryAsync).WithName("TryRule").WithTags("Explaining").WithSummary(
            "What is wrong with a draft of a rule, and what it makes of one event; nothing is saved");
        api.MapGet("/triggers/{ref}/fields", FieldsAsync).WithName("ListFieldsOfTrigger").WithTags("Explaining").WithSummary(
            "The paths of a trigger's newest payloads, with their types and examples");
    }

    private static async Task<Envelope<RuleTrial>> TryAsync(
        RuleTrialBody body, IRuleTrials trials, CancellationToken cancellationToken) =>
        new(await trials.TryAsync(body.ToRequest(), cancellationToken));

    private static async Task<Envelope<PayloadFields>> FieldsAsync(
        [FromRoute(Name = "ref")] string reference, IPayloadFields fields, CancellationToken cancellationToken) =>
        new(await fields.ReadAsync(reference, cancellationToken));
}

/// <summary>A draft of a rule as a client sends it to be tried. It may be a rule as it was answered, changed.</summary>
[TakesBack(typeof(Rule))]
internal sealed record RuleTrialBody : RuleFields, IJsonBody<RuleTrialBody>
{
    public string? Ref { get; init; }
    public string? ActionRef { get; init; }
    public JsonElement? TriggerParams { get; init; }
    public JsonElement? Window { get; init; }

    /// <summary>The event to try it on.</summary>
    public long? Event { get; init; }

    public RuleTrialRequest ToRequest() => new()
    {
        Ref = Ref,
        TriggerRef = TriggerRef,
        TriggerParams = JsonValues.Given(TriggerParams),
        ActionRef = ActionRef,
        ActionParams = JsonValues.Given(ActionParams),
        Condition = Condition ?? ConditionJoin.All,
        Conditions = GivenConditions,
        Window = JsonValues.Given(Window),
        Event = Event,
    };
}
