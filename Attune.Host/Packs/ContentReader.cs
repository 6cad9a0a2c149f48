using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>What the fields of a file come to: as the HTTP API has them, and as the original's files do.</summary>
internal static class ContentReader
{
    public static NewTrigger Trigger(ObjectFields fields, string pack)
    {
        var reference = Reference(fields, pack);
        var trigger = new NewTrigger
        {
            Ref = reference,
            PackRef = pack,
            Label = fields.Text("label") ?? LabelOf(reference),
            Description = fields.Text("description"),
            Enabled = fields.Flag("enabled") ?? true,
            ParamSchema = Flat(fields.Json("param_schema", "parameters")),
            OutSchema = fields.Json("out_schema", "output", "output_schema"),
            WebhookEnabled = fields.Flag("webhook_enabled") ?? false,
            WebhookConfig = WebhookSecrets.Resolve(fields, "webhook_config"),
        };
        fields.CheckOthers("a trigger", "type", "tags", "examples", "is_adhoc", "metadata");
        return trigger;
    }

    public static NewAction Action(ObjectFields fields, string pack)
    {
        var reference = Reference(fields, pack);
        var action = new NewAction
        {
            Ref = reference,
            PackRef = pack,
            Label = fields.Text("label") ?? LabelOf(reference),
            Description = fields.Text("description"),
            ParamSchema = Flat(fields.Json("param_schema", "parameters")),
            OutSchema = fields.Json("out_schema", "output", "output_schema"),
            TimeoutSeconds = fields.Whole("timeout_seconds"),
            MaxRetries = fields.Whole("max_retries") ?? 0,
        };
        fields.CheckOthers(
            "an action", "enabled", "runner_type", "entry_point", "entrypoint", "runtime", "runtime_ref", "runtime_version",
            "runtime_version_constraint", "parameter_delivery", "parameter_format", "output_format", "tags", "examples", "is_adhoc",
            "policies", "workflow_file", "required_worker_runtimes", "metadata");
        return action;
    }

    public static NewRule Rule(ObjectFields fields, string pack)
    {
        var reference = Reference(fields, pack);
        var enabled = fields.Flag("enabled");
        var state = fields.OneOf<RuleState>("state");
        var rule = new NewRule
        {
            Ref = reference,
            PackRef = pack,
            Label = fields.Text("label") ?? LabelOf(reference),
            Description = fields.Text("description"),
            TriggerRef = Qualified(pack, fields.Text("trigger_ref", "trigger")) ?? "",
            TriggerParams = fields.Json("trigger_params"),
            Condition = fields.OneOf<ConditionJoin>("condition") ?? ConditionJoin.All,
            Conditions = fields.JsonOrNull("conditions"),
            Window = fields.Json("window"),
            ActionRef = Qualified(pack, fields.Text("action_ref", "action")) ?? "",
            ActionParams = fields.Json("action_params"),
            Enabled = enabled ?? true,
            State = state,
        };
        if (state is { } said && enabled is { } flag && flag != (said == RuleState.Enabled))
        {
            fields.Note(
                fields.Node.Locate("state"),
                $"state is {EnumNames.Of(said)}, and enabled is {(flag ? "true" : "false")}: give one of them.");
        }

        fields.CheckOthers("a rule", "tags", "examples", "is_adhoc", "metadata");
        return rule;
    }

    /// <summary>A reference as it is meant within a pack: the pack's own things need not name it.</summary>
    public static string? Qualified(string pack, string? reference) =>
        reference is { Length: > 0 } && !reference.Contains('.', StringComparison.Ordinal) ? $"{pack}.{reference}" : reference;

    /// <summary>What a thing is called that has no label.</summary>
    public static string LabelOf(string reference)
    {
        var words = reference[(reference.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' ').Replace('-', ' ').Trim();
        return words.Length == 0 ? reference : CultureInfo.InvariantCulture.TextInfo.ToUpper(words[0]) + words[1..];
    }

    // The original's file may leave the reference out, and give the name alone.
    private static string Reference(ObjectFields fields, string pack)
    {
        fields.Text("pack_ref");
        var (given, name) = (fields.Text("ref"), fields.Text("name"));
        return Qualified(pack, given ?? name) ?? "";
    }

    /// <summary>Older files of the original have JSON Schema where a flat object of parameters is meant.</summary>
    private static JsonElement? Flat(JsonElement? schema)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } given
            || !given.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "object")
        {
            return schema;
        }

        var required = given.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToHashSet()
            : [];
        var flat = new JsonObject();
        if (given.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                var definition = JsonSerializer.SerializeToNode(property.Value);
                if (required.Contains(property.Name) && definition is JsonObject entry)
                {
                    entry["required"] = true;
                }

                flat[property.Name] = definition;
            }
        }

        if (given.TryGetProperty("additionalProperties", out var others) && others.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            flat["additionalProperties"] = others.GetBoolean();
        }

        return JsonSerializer.SerializeToElement(flat);
    }
}
