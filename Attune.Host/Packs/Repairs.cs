using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>
/// Takes out of a thing what was refused, so that what else is wrong with it is found too. What it leaves is tried, and never kept.
/// </summary>
internal static class Repairs
{
    // They come with Attune, and want nothing.
    private const string AnyTrigger = "core.webhook";
    private const string AnyAction = "core.noop";

    private static readonly JsonNode AnyCondition = JsonNode.Parse("""{"field": "a", "operator": "exists"}""")!;

    /// <summary>The thing without what a field names; null where nothing can be taken out.</summary>
    public static T? Without<T>(T said, string? field)
        where T : class => (T?)((said, Part(field)) switch
        {
            (Pack pack, "label") => pack with { Label = "a" },
            (Pack pack, "description") => pack with { Description = null },
            (Pack pack, "version") => pack with { Version = Pack.FirstVersion },
            (Pack pack, "config") => pack with { Config = null },
            (NewTrigger trigger, "label") => trigger with { Label = "a" },
            (NewTrigger trigger, "description") => trigger with { Description = null },
            (NewTrigger trigger, "param_schema") => trigger with { ParamSchema = null },
            (NewTrigger trigger, "out_schema") => trigger with { OutSchema = null },
            (NewTrigger trigger, "webhook_config") => trigger with { WebhookConfig = Without(trigger.WebhookConfig, field!) },
            (NewAction action, "label") => action with { Label = "a" },
            (NewAction action, "description") => action with { Description = null },
            (NewAction action, "param_schema") => action with { ParamSchema = Without(action.ParamSchema, field!) },
            (NewAction action, "out_schema") => action with { OutSchema = null },
            (NewAction action, "timeout_seconds") => action with { TimeoutSeconds = null },
            (NewAction action, "max_retries") => action with { MaxRetries = 0 },
            (NewRule rule, _) => Without(rule, field),
            _ => (object?)null,
        });

    private static NewRule? Without(NewRule rule, string? field) => Part(field) switch
    {
        "label" => rule with { Label = "a" },
        "description" => rule with { Description = null },
        "window" => rule with { Window = null },
        "conditions" => rule with { Conditions = WithoutCondition(rule.Conditions, field!) },
        "trigger_params" => rule with { TriggerParams = null, TriggerRef = AnyTrigger },
        "trigger_ref" => rule with { TriggerRef = AnyTrigger },
        "action_ref" => rule with { ActionRef = AnyAction },

        // A parameter that is not there cannot be taken out, and another action does not ask for it.
        "action_params" => Without(rule.ActionParams, field!) is { } others
            ? rule with { ActionParams = others } : rule with { ActionParams = null, ActionRef = AnyAction },
        _ => null,
    };

    private static string? Part(string? field) => field?.Split('.', '[')[0];

    private static JsonElement? Without(JsonElement? value, string field)
    {
        if (value is not { ValueKind: JsonValueKind.Object } given || field.IndexOf('.', StringComparison.Ordinal) is not (> 0 and var dot))
        {
            return null;
        }

        var place = field[(dot + 1)..];
        var name = given.EnumerateObject().Select(member => member.Name)
            .Where(name => place.StartsWith(name, StringComparison.Ordinal)).MaxBy(name => name.Length);
        var others = (JsonObject)JsonSerializer.SerializeToNode(given)!;
        return name is not null && others.Remove(name) ? JsonSerializer.SerializeToElement(others) : null;
    }

    private static JsonElement? WithoutCondition(JsonElement? conditions, string field)
    {
        if (conditions is not { ValueKind: JsonValueKind.Array } given || !field.StartsWith("conditions[", StringComparison.Ordinal)
            || !int.TryParse(field["conditions[".Length..field.IndexOf(']', StringComparison.Ordinal)], out var index))
        {
            return null;
        }

        var others = (JsonArray)JsonSerializer.SerializeToNode(given)!;
        others[index] = AnyCondition.DeepClone();
        return JsonSerializer.SerializeToElement(others);
    }
}
