using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Action = Attune.Modules.Enforcements.Action;

namespace Attune.Host.Packs;

/// <summary>What is stored as files say it: in one order, without what is as it is when nothing is said, and without any secret.</summary>
internal static class PackShapes
{
    private static readonly string[] LeafOrder = ["field", "quantifier", "operator", "value", "other_field", "ignore_case", "as"];

    public static JsonObject Of(Pack pack) => Without(new()
    {
        ["ref"] = pack.Ref,
        ["label"] = pack.Label,
        ["description"] = pack.Description,
        ["version"] = pack.Version,
        ["config"] = Filled(pack.Config),
    });

    public static JsonObject Of(Trigger trigger) => Without(new()
    {
        ["ref"] = trigger.Ref,
        ["pack_ref"] = OtherPack(trigger.Ref, trigger.PackRef),
        ["label"] = trigger.Label,
        ["description"] = trigger.Description,
        ["enabled"] = trigger.Enabled,
        ["param_schema"] = Node(trigger.ParamSchema),
        ["out_schema"] = Node(trigger.OutSchema),
        ["webhook_enabled"] = trigger.WebhookEnabled ? true : null,
        ["webhook_config"] = trigger.WebhookConfig.Mistake is null
            ? Filled(JsonSerializer.SerializeToElement(trigger.WebhookConfig, Json.Options)) : null,
    });

    public static JsonObject Of(Action action) => Without(new()
    {
        ["ref"] = action.Ref,
        ["pack_ref"] = OtherPack(action.Ref, action.PackRef),
        ["label"] = action.Label,
        ["description"] = action.Description,
        ["param_schema"] = Node(action.ParamSchema),
        ["out_schema"] = Node(action.OutSchema),
        ["timeout_seconds"] = action.TimeoutSeconds,
        ["max_retries"] = action.MaxRetries == 0 ? null : action.MaxRetries,
    });

    public static JsonObject Of(Rule rule) => Without(new()
    {
        ["ref"] = rule.Ref,
        ["pack_ref"] = OtherPack(rule.Ref, rule.PackRef),
        ["label"] = rule.Label,
        ["description"] = rule.Description,
        ["state"] = rule.State == RuleState.Shadow ? EnumNames.Of(rule.State) : null,
        ["enabled"] = rule.State == RuleState.Shadow ? null : rule.Enabled,
        ["trigger_ref"] = rule.TriggerRef,
        ["trigger_params"] = Filled(rule.TriggerParams),
        ["condition"] = rule.Condition == ConditionJoin.All ? null : EnumNames.Of(rule.Condition),
        ["conditions"] = rule.Conditions.GetArrayLength() == 0 ? null : Conditions(rule.Conditions),
        ["window"] = Node(rule.Window),
        ["action_ref"] = rule.ActionRef,
        ["action_params"] = Filled(rule.ActionParams),
    });

    private static JsonObject Without(JsonObject shape)
    {
        foreach (var (name, _) in shape.Where(member => member.Value is null).ToList())
        {
            shape.Remove(name);
        }

        return shape;
    }

    private static string? OtherPack(string reference, string? pack) =>
        pack is null || reference.StartsWith(pack + ".", StringComparison.Ordinal) ? null : pack;

    private static JsonNode? Node(JsonElement? value) =>
        JsonValues.Given(value) is { } given ? JsonSerializer.SerializeToNode(given) : null;

    private static JsonNode? Filled(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } given && given.GetPropertyCount() == 0 ? null : Node(value);

    // The database has keys by their length; a person reads a condition from its field on.
    private static JsonNode? Conditions(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Conditions)]),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .OrderBy(member => Array.IndexOf(LeafOrder, member.Name))
            .Select(member => KeyValuePair.Create(
                member.Name,
                member.Name is "all" or "any" or "not" ? Conditions(member.Value) : JsonSerializer.SerializeToNode(member.Value)))),
        _ => JsonSerializer.SerializeToNode(value),
    };
}
