using System.Text.Json;
using Attune.Modules.Events;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>Makes fields of what an action or a timer takes.</summary>
internal static class ParameterFields
{
    private const string Missed =
        """
        "missed_ticks": {"type": "string", "enum": ["latest", "all", "none"],
                         "description": "What is fired of the ticks that a stopped Attune missed; the latest, if nothing is said."}
        """;

    private const string Zone = """ "timezone": {"type": "string", "description": "Such as Europe/Berlin; UTC, if nothing is said."} """;

    private const string Cron = $$"""
        {"expression": {"type": "string", "required": true, "description": "Minute, hour, day, month, day of the week: 30 6 * * MON-FRI"},
         {{Zone}}, {{Missed}}}
        """;

    private const string Once = $$"""
        {"fire_at": {"type": "string", "required": true, "description": "An instant, such as 2026-12-24T18:00:00Z"}, {{Zone}}, {{Missed}}}
        """;

    /// <summary>What a trigger's parameters are, for the triggers that timers fire; null for others.</summary>
    public static JsonElement? OfTimer(string trigger) => trigger switch
    {
        TimerTriggers.Interval => JsonElement.Parse($$"""{"seconds": {"type": "integer", "required": true}, {{Missed}}}"""),
        TimerTriggers.OriginalInterval => JsonElement.Parse($$"""
            {"interval": {"type": "integer", "required": true},
             "unit": {"type": "string", "enum": ["seconds", "minutes", "hours", "days"]}, {{Missed}}}
            """),
        TimerTriggers.Cron or TimerTriggers.OriginalCron => JsonElement.Parse(Cron),
        TimerTriggers.DateTime or TimerTriggers.OriginalDateTime => JsonElement.Parse(Once),
        _ => null,
    };

    /// <summary>A field for each parameter of a schema, and for each other one that is given.</summary>
    /// <param name="schema">An object of names with their definitions; null for none.</param>
    /// <param name="given">The parameters that there are.</param>
    public static List<ParameterField> Of(JsonElement? schema, JsonElement? given)
    {
        var fields = new List<ParameterField>();
        if (schema is { ValueKind: JsonValueKind.Object } known)
        {
            fields.AddRange(known.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Object).Select(Known));
        }

        if (given is { ValueKind: JsonValueKind.Object } there)
        {
            foreach (var member in there.EnumerateObject())
            {
                var field = fields.Find(one => one.Name == member.Name);
                if (field is null)
                {
                    fields.Add(field = new() { Name = member.Name, IsKnown = false });
                }

                field.Give(member.Value);
            }
        }

        return fields;
    }

    /// <summary>What the fields say together.</summary>
    public static JsonElement Read(IEnumerable<ParameterField> fields) => JsonSerializer.SerializeToElement(
        new OrderedDictionary<string, JsonElement>(
            fields.Select(field => (field.Name, Value: field.Read())).Where(one => one.Value is not null)
                .Select(one => KeyValuePair.Create(one.Name, one.Value!.Value)).DistinctBy(one => one.Key)));

    private static ParameterField Known(JsonProperty entry) => new()
    {
        Name = entry.Name,
        Type = Text(entry.Value, "type") ?? "any",
        IsRequired = Flag(entry.Value, "required"),
        IsSecret = Flag(entry.Value, "secret"),
        Description = Text(entry.Value, "description"),
        Default = entry.Value.TryGetProperty("default", out var standard) && standard.ValueKind != JsonValueKind.Null ? standard : null,
        Choices = entry.Value.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array
            ? [.. choices.EnumerateArray()] : [],
    };

    private static bool Flag(JsonElement definition, string name) =>
        definition.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement definition, string name) =>
        definition.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
