using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Templates;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>What a rule may say. Whatever passes here can be stored, and compiles.</summary>
internal static class RuleChecks
{
    public static JsonElement NoConditions { get; } = JsonElement.Parse("[]");

    public static JsonElement NoParameters { get; } = JsonElement.Parse("{}");

    /// <summary>The rule as it will be stored, with everything left out filled in.</summary>
    /// <param name="rule">The rule as it was sent, or as it will be after a change.</param>
    /// <param name="before">What it was; null when it is made. A timer that was accepted once may stay as it is.</param>
    /// <exception cref="RefusedException">A value is not acceptable; the field names the place.</exception>
    public static NewRule Check(NewRule rule, NewRule? before = null)
    {
        Reference.Check(rule.Ref, "ref");
        var pack = Reference.PackOf(rule.Ref, rule.PackRef);
        StorableText.CheckLabel(rule.Label);
        StorableText.CheckDescription(rule.Description);
        Reference.Check(rule.TriggerRef, "trigger_ref");
        Reference.Check(rule.ActionRef, "action_ref");

        var conditions = rule.Conditions is { ValueKind: not JsonValueKind.Undefined } given ? given : NoConditions;
        var actionParams = JsonValues.Given(rule.ActionParams) ?? NoParameters;
        var triggerParams = JsonValues.Given(rule.TriggerParams) ?? NoParameters;
        var parsed = RuleConditions.Parse(conditions, rule.Condition);
        ParameterTemplate.Parse(actionParams, "action_params");
        CheckTriggerParams(rule.TriggerRef, triggerParams, before);
        var isArray = conditions.ValueKind == JsonValueKind.Array;
        return rule with
        {
            PackRef = pack,
            Condition = parsed.JoinedBy,
            Conditions = isArray ? conditions : parsed.Stored,
            ActionParams = actionParams,
            TriggerParams = triggerParams,
            Window = CheckedWindow(JsonValues.Given(rule.Window)),
            State = rule.State ?? RuleStates.Of(rule.Enabled, shadow: false),
        };
    }

    private static JsonElement? CheckedWindow(JsonElement? window)
    {
        if (window is { } given)
        {
            StorableJson.Check(given, "window");
            RuleWindow.Parse(given, "window");
        }

        return window;
    }

    /// <summary>Whether a rule begins to wait for its timer, or for another one.</summary>
    /// <param name="rule">The rule as it will be.</param>
    /// <param name="before">What it was; null when it is made.</param>
    public static bool BeginsTimer(NewRule rule, NewRule? before) =>
        TimerTriggers.All.Contains(rule.TriggerRef)
        && (before is null || !HasTimerOf(before, rule.TriggerRef, rule.TriggerParams) || (IsEvaluated(rule) && !IsEvaluated(before)));

    private static bool IsEvaluated(NewRule rule) => rule.State is RuleState.Enabled or RuleState.Shadow;

    private static bool HasTimerOf(NewRule before, string trigger, JsonElement? parameters) =>
        before.TriggerRef == trigger
        && JsonElement.DeepEquals(before.TriggerParams ?? NoParameters, parameters ?? NoParameters);

    private static void CheckTriggerParams(string trigger, JsonElement parameters, NewRule? before)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid("trigger_params", "trigger_params must be an object.");
        }

        StorableJson.Check(parameters, "trigger_params");
        if (before is null || !HasTimerOf(before, trigger, parameters))
        {
            EventsModule.CheckTimer(trigger, parameters);
        }
    }
}
