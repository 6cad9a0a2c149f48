using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Modules.Events.Ledger;

namespace Attune.Modules.Events;

/// <summary>What a trigger may be called, and what it may say.</summary>
internal static partial class TriggerRules
{
    public const int MaxRefBytes = 120;
    private const int MaxLabelBytes = 255;
    private const int MaxDescriptionBytes = 10_000;
    private const int MaxSchemaBytes = 256 * 1024;

    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    public static void Check(NewTrigger trigger)
    {
        Required(trigger.Ref, "ref", MaxRefBytes);
        if (!Reference().IsMatch(trigger.Ref) || trigger.Ref.Any(char.IsUpper))
        {
            throw RefusedException.Invalid("ref",
                "ref must be a pack and a name with one dot between them, in lower case and without spaces, such as shop.order_placed.");
        }

        TextCheck.Check(trigger.PackRef ?? "", "pack_ref", MaxRefBytes);
        if (!Pack().IsMatch(PackOf(trigger)))
        {
            var place = trigger.PackRef is null ? "ref" : "pack_ref";
            throw RefusedException.Invalid(place, trigger.PackRef is null
                ? "the pack in ref must begin with a letter, and have two or more of a-z, 0-9, _ and -."
                : "pack_ref must begin with a letter, and have two or more of a-z, 0-9, _ and -.");
        }

        Check(trigger.Label, trigger.Description, trigger.ParamSchema, trigger.OutSchema);
        Required(trigger.Label, "label", MaxLabelBytes);
    }

    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    public static void Check(TriggerUpdate update) => Check(update.Label, update.Description, update.ParamSchema, update.OutSchema);

    /// <summary>The pack that is named, or else the part of the reference before the dot.</summary>
    public static string PackOf(NewTrigger trigger) => trigger.PackRef ?? trigger.Ref[..trigger.Ref.IndexOf('.', StringComparison.Ordinal)];

    private static void Check(string? label, string? description, JsonElement? paramSchema, JsonElement? outSchema)
    {
        if (label is not null)
        {
            Required(label, "label", MaxLabelBytes);
        }

        TextCheck.Check(description ?? "", "description", MaxDescriptionBytes);
        Schema(paramSchema, "param_schema");
        Schema(outSchema, "out_schema");
    }

    private static void Required(string? text, string place, int maxBytes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw RefusedException.Invalid(place, $"{place} must not be empty.");
        }

        TextCheck.Check(text, place, maxBytes);
    }

    private static void Schema(JsonElement? schema, string place)
    {
        if (schema is not { ValueKind: not JsonValueKind.Undefined } given)
        {
            return;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object.");
        }

        JsonCheck.Check(given, place, MaxSchemaBytes);
    }

    [GeneratedRegex(@"^[^.\s]+\.[^.\s]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[a-z][a-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pack();
}
