using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>
/// What an action says of its parameters: a flat object of names, each with a type, whether it is required, a default, and
/// what values it may have; of an array its <c>items</c>, of an object its <c>properties</c>. What it does not name may be given
/// all the same, unless it says <c>"additionalProperties": false</c>.
/// </summary>
internal sealed class ParameterSchema
{
    // As JSON Schema calls it. No parameter's definition is true or false, so that one may have this name all the same.
    private const string OthersFlag = "additionalProperties";

    private readonly List<ParameterDefinition> _definitions;
    private readonly bool _takesOthers;

    private ParameterSchema(List<ParameterDefinition> definitions, bool takesOthers)
    {
        _definitions = definitions;
        _takesOthers = takesOthers;
    }

    /// <summary>Reads a schema that is about to be stored.</summary>
    /// <exception cref="RefusedException">It is none; the field names the place, such as <c>param_schema.url.type</c>.</exception>
    public static ParameterSchema Parse(JsonElement schema, string place)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object with an entry for each parameter.");
        }

        StorableJson.Check(schema, place);
        return OfEntries(schema, place);
    }

    /// <summary>The schema of an object, which may lie within another one.</summary>
    /// <exception cref="RefusedException">As for <see cref="Parse"/>.</exception>
    internal static ParameterSchema OfEntries(JsonElement entries, string place) =>
        new(
            [.. entries.EnumerateObject().Where(entry => !IsFlag(entry))
                .Select(entry => ParameterDefinition.Parse(entry.Name, entry.Value, $"{place}.{entry.Name}"))],
            takesOthers: !entries.EnumerateObject().Any(entry => IsFlag(entry) && entry.Value.ValueKind == JsonValueKind.False));

    /// <summary>The parameters as an action gets them: with the defaults filled in, and as its schema wants them.</summary>
    /// <exception cref="RefusedException">They are not what the schema wants.</exception>
    public static JsonElement? Fit(JsonElement? schema, JsonElement? parameters)
    {
        if (TryRead(schema) is not { } known)
        {
            return parameters;
        }

        known.Check(parameters, "parameters", templates: false);
        return known.Complete(parameters);
    }

    /// <summary>Passes when a stored schema, should there be one, takes the parameters.</summary>
    /// <param name="schema">The action's.</param>
    /// <param name="parameters">The parameters; null for none.</param>
    /// <param name="place">Where they come from, for the message.</param>
    /// <param name="templates">Whether a text with <c>{{ … }}</c> stands for something that is not known yet.</param>
    /// <exception cref="RefusedException">It does not; the field names the parameter.</exception>
    public static void Check(JsonElement? schema, JsonElement? parameters, string place, bool templates) =>
        TryRead(schema)?.Check(parameters, place, templates);

    // One that came into the table by another way, and is none, asks for nothing.
    private static ParameterSchema? TryRead(JsonElement? schema)
    {
        try
        {
            return schema is { ValueKind: JsonValueKind.Object } given ? Parse(given, "param_schema") : null;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    /// <summary>Passes for an object that has what is wanted.</summary>
    /// <exception cref="RefusedException">It has not; the field names the parameter.</exception>
    internal void Check(JsonElement? parameters, string place, bool templates)
    {
        if (!_takesOthers && parameters is { ValueKind: JsonValueKind.Object } given)
        {
            foreach (var member in given.EnumerateObject().Where(member => !_definitions.Exists(one => one.Name == member.Name)))
            {
                throw RefusedException.Invalid(
                    $"{place}.{member.Name}",
                    $"{place}.{member.Name} is not known; there are {string.Join(", ", _definitions.Select(one => one.Name))}.");
            }
        }

        foreach (var definition in _definitions)
        {
            definition.Check(Find(parameters, definition.Name), $"{place}.{definition.Name}", templates);
        }
    }

    /// <summary>Whether nothing in an object is left to its default.</summary>
    internal bool IsComplete(JsonElement? parameters) => _definitions.TrueForAll(definition =>
        Find(parameters, definition.Name) is { } given ? definition.IsComplete(given) : definition.Default is null);

    /// <summary>Writes an object with the defaults filled in.</summary>
    internal void WriteCompleted(Utf8JsonWriter writer, JsonElement? parameters)
    {
        var missing = _definitions.FindAll(definition => definition.Default is not null && Find(parameters, definition.Name) is null);
        writer.WriteStartObject();
        if (parameters is { ValueKind: JsonValueKind.Object } given)
        {
            foreach (var member in given.EnumerateObject().Where(member => !missing.Exists(definition => definition.Name == member.Name)))
            {
                writer.WritePropertyName(member.Name);
                if (_definitions.Find(definition => definition.Name == member.Name) is { } known)
                {
                    known.WriteCompleted(writer, member.Value);
                }
                else
                {
                    member.Value.WriteTo(writer);
                }
            }
        }

        foreach (var definition in missing)
        {
            writer.WritePropertyName(definition.Name);
            definition.Default!.Value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private JsonElement? Complete(JsonElement? parameters) => IsComplete(parameters)
        ? parameters
        : JsonElement.Parse(RenderedJson.Bytes(writer => WriteCompleted(writer, parameters)), Json.DocumentOptions);

    private static bool IsFlag(JsonProperty entry) =>
        entry.Name == OthersFlag && entry.Value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    // Null is as good as nothing: it is what a template comes to whose value is not there.
    private static JsonElement? Find(JsonElement? parameters, string name) =>
        parameters is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
