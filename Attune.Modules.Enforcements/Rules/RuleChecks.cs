using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Modules.Enforcements.Conditions;
using Attune.Modules.Enforcements.Templates;
using Attune.Modules.Enforcements.Values;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>What a rule may say. Whatever passes here can be stored, and compiles.</summary>
internal static partial class RuleChecks
{
    private const int LongestRef = 120;
    private const int LongestLabel = 1_000;
    private const int LongestDescription = 100_000;

    public static JsonElement NoConditions { get; } = JsonElement.Parse("[]");

    public static JsonElement NoParameters { get; } = JsonElement.Parse("{}");

    /// <summary>The rule as it will be stored, with everything left out filled in.</summary>
    /// <param name="rule">The rule as it was sent, or as it will be after a change.</param>
    /// <param name="newConditions">Whether somebody has just written them; what was accepted earlier can be switched off in any case.</param>
    /// <exception cref="RefusedException">A value is not acceptable; the field names the place.</exception>
    public static NewRule Check(NewRule rule, bool newConditions)
    {
        CheckRef(rule.Ref, "ref");
        var pack = PackOf(rule.Ref, rule.PackRef);
        CheckText(rule.Label, "label", LongestLabel, required: true);
        CheckText(rule.Description, "description", LongestDescription, required: false);
        CheckRef(rule.TriggerRef, "trigger_ref");
        CheckRef(rule.ActionRef, "action_ref");

        var conditions = rule.Conditions is { ValueKind: not JsonValueKind.Undefined } given ? given : NoConditions;
        var actionParams = Given(rule.ActionParams) ?? NoParameters;
        var triggerParams = Given(rule.TriggerParams) ?? NoParameters;
        var parsed = RuleConditions.Parse(conditions, rule.Condition);
        if (newConditions)
        {
            PatternTrial.Check(parsed);
        }

        ParameterTemplate.Parse(actionParams, "action_params");
        CheckTriggerParams(rule.TriggerRef, triggerParams);
        return rule with { PackRef = pack, Conditions = conditions, ActionParams = actionParams, TriggerParams = triggerParams };
    }

    /// <summary>JSON null says nothing, like a value left out.</summary>
    public static JsonElement? Given(JsonElement? value) =>
        value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } ? value : null;

    /// <summary>Passes for a text that can be stored.</summary>
    /// <exception cref="RefusedException">It cannot, or it is empty though required.</exception>
    public static void CheckText(string? text, string field, int longest, bool required)
    {
        if (required && string.IsNullOrWhiteSpace(text))
        {
            throw RefusedException.Invalid(field, $"{field} must not be empty.");
        }

        if (text?.Length > longest)
        {
            throw RefusedException.Invalid(field, $"{field} is longer than {longest} characters.");
        }

        if (text is not null && !IsStorable(text))
        {
            throw RefusedException.Invalid(field, $"{field} contains a character that cannot be stored.");
        }
    }

    /// <summary>False for a text with a NUL character or half a surrogate pair: no row can have it.</summary>
    public static bool IsStorable(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0' || (char.IsSurrogate(text[at]) && !char.IsSurrogatePair(text, at++)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A reference as a message shows it.</summary>
    public static string Shown(string reference) => reference.Length > LongestRef ? reference[..LongestRef] + "…" : reference;

    /// <summary>Passes for a reference, such as <c>pack.name</c>.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static void CheckRef(string? reference, string field)
    {
        if (string.IsNullOrEmpty(reference) || !Ref.IsMatch(reference) || !IsStorable(reference)
            || reference.Any(character => char.IsUpper(character) || char.IsControl(character))
            || Encoding.UTF8.GetByteCount(reference) > LongestRef)
        {
            throw RefusedException.Invalid(
                field, $"{field} must be pack.name: lower case, one dot, no spaces or slashes, at most {LongestRef} bytes.");
        }
    }

    /// <summary>The pack that is named, or else the part of the reference before the dot.</summary>
    /// <exception cref="RefusedException">It is no name of a pack.</exception>
    public static string PackOf(string reference, string? packRef)
    {
        var pack = packRef ?? reference[..reference.IndexOf('.', StringComparison.Ordinal)];
        return PackRef.IsMatch(pack) ? pack : throw RefusedException.Invalid(
            packRef is null ? "ref" : "pack_ref",
            $"'{Shown(pack)}' is no pack: a pack begins with a letter a-z, and goes on with letters a-z, digits, _ and -.");
    }

    private static void CheckTriggerParams(string trigger, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid("trigger_params", "trigger_params must be an object.");
        }

        StorableJson.Check(parameters, "trigger_params");
        EventsModule.CheckTimer(trigger, parameters);
    }

    [GeneratedRegex(@"^[^.\s/\\]+\.[^.\s/\\]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ref { get; }

    // As the pack table has it.
    [GeneratedRegex(@"^[a-z][a-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PackRef { get; }
}
