using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Triggers;

/// <summary>What a trigger may say of itself.</summary>
internal static class TriggerRules
{
    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    /// <returns>The pack that the trigger is to belong to.</returns>
    public static string Check(NewTrigger trigger)
    {
        Reference.Check(trigger.Ref, "ref");
        var pack = Reference.PackOf(trigger.Ref, trigger.PackRef);
        StorableText.CheckLabel(trigger.Label);
        Check(trigger.Description, trigger.ParamSchema, trigger.OutSchema);
        return pack;
    }

    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    public static void Check(TriggerUpdate update)
    {
        if (update.Label is not null)
        {
            StorableText.CheckLabel(update.Label);
        }

        Check(update.Description, update.ParamSchema, update.OutSchema);
    }

    private static void Check(string? description, JsonElement? paramSchema, JsonElement? outSchema)
    {
        StorableText.CheckDescription(description);
        CheckSchema(paramSchema, "param_schema");
        CheckSchema(outSchema, "out_schema");
    }

    private static void CheckSchema(JsonElement? schema, string place)
    {
        if (schema is not { ValueKind: not JsonValueKind.Undefined } given)
        {
            return;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object.");
        }

        StorableJson.Check(given, place);
    }
}
