using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>Tells from a type what the schema says that people write for actions of other kinds.</summary>
internal sealed class DerivedSchema
{
    private readonly bool _isInput;

    // Types that hold themselves are described once.
    private readonly Stack<Type> _within = [];

    private DerivedSchema(bool isInput) => _isInput = isInput;

    /// <summary>The schema of parameters; null for a type that takes any.</summary>
    /// <exception cref="ArgumentException">It is no type of parameters.</exception>
    public static JsonElement? OfParameters(Type type) =>
        IsAnything(type)
            ? null
            : Of(type, isInput: true)
                ?? throw new ArgumentException($"{type.Name} has no properties that could be parameters; a record has.");

    /// <summary>The schema of what an action answers with; null for a type that has no properties.</summary>
    public static JsonElement? OfResult(Type type) => IsAnything(type) ? null : Of(type, isInput: false);

    private static bool IsAnything(Type type) => type == typeof(JsonElement) || type == typeof(JsonElement?);

    private static JsonElement? Of(Type type, bool isInput)
    {
        var info = ActionJson.Options.GetTypeInfo(type);
        return info.Kind == JsonTypeInfoKind.Object
            ? JsonElement.Parse(RenderedJson.Bytes(writer => new DerivedSchema(isInput).WriteProperties(writer, info)))
            : null;
    }

    private void WriteProperties(Utf8JsonWriter writer, JsonTypeInfo type)
    {
        _within.Push(type.Type);
        var initial = new InitialValues(type);
        writer.WriteStartObject();
        foreach (var property in type.Properties)
        {
            if (!property.IsExtensionData
                && (_isInput ? property.Set is not null || property.AssociatedParameter is not null : property.Get is not null))
            {
                writer.WriteStartObject(property.Name);
                WriteDefinition(writer, property, initial);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
        _within.Pop();
    }

    private void WriteDefinition(Utf8JsonWriter writer, JsonPropertyInfo property, InitialValues initial)
    {
        WriteType(writer, property.CustomConverter is null ? property.PropertyType : typeof(object));
        if (Attribute<DescriptionAttribute>(property) is { } description)
        {
            writer.WriteString("description", description.Description);
        }

        if (Attribute<RangeAttribute>(property) is { } range)
        {
            WriteRange(writer, property, range);
        }

        if (Attribute<SecretAttribute>(property) is not null)
        {
            writer.WriteBoolean("secret", true);
        }

        if (!_isInput)
        {
            return;
        }

        var standard = initial.Of(property);
        var isNullable = property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;
        var isKnown = property.AssociatedParameter is not null || initial.AreKnown;
        if (property.IsRequired || Attribute<RequiredAttribute>(property) is not null || (standard is null && !isNullable && isKnown))
        {
            writer.WriteBoolean("required", true);
        }
        else if (standard is not null)
        {
            writer.WritePropertyName("default");
            JsonSerializer.Serialize(writer, standard, property.PropertyType, ActionJson.Options);
        }
    }

    private void WriteType(Utf8JsonWriter writer, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var info = ActionJson.Options.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                writer.WriteString("type", "object");
                if (info.PolymorphismOptions is null && !_within.Contains(type))
                {
                    writer.WritePropertyName("properties");
                    WriteProperties(writer, info);
                }

                break;
            case JsonTypeInfoKind.Dictionary:
                writer.WriteString("type", "object");
                break;
            case JsonTypeInfoKind.Enumerable:
                writer.WriteString("type", "array");
                if (info.ElementType is { } element && Nullable.GetUnderlyingType(element) is null)
                {
                    writer.WriteStartObject("items");
                    WriteType(writer, element);
                    writer.WriteEndObject();
                }

                break;
            default:
                WriteScalar(writer, type);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, Type type)
    {
        var (name, format) = ScalarTypes.Of(type);
        writer.WriteString("type", name);
        if (format is not null)
        {
            writer.WriteString("format", format);
        }

        if (type.IsEnum && !type.IsDefined(typeof(FlagsAttribute), inherit: false))
        {
            writer.WriteStartArray("enum");
            foreach (var value in Enum.GetValues(type))
            {
                JsonSerializer.Serialize(writer, value, type, ActionJson.Options);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteRange(Utf8JsonWriter writer, JsonPropertyInfo property, RangeAttribute range)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (ScalarTypes.Of(type).Name is not ("integer" or "number") || range.MinimumIsExclusive || range.MaximumIsExclusive)
        {
            throw new ArgumentException($"[Range] of {property.Name} cannot be said in a schema: it bounds numbers, both bounds included.");
        }

        WriteBound("minimum", range.Minimum);
        WriteBound("maximum", range.Maximum);

        // A bound that no decimal can hold stands for none.
        void WriteBound(string name, object bound)
        {
            if (bound is not double number || Math.Abs(number) < (double)decimal.MaxValue)
            {
                writer.WriteNumber(name, Convert.ToDecimal(bound, CultureInfo.InvariantCulture));
            }
        }
    }

    // Of a positional record, an attribute belongs to the constructor's parameter.
    private static T? Attribute<T>(JsonPropertyInfo property)
        where T : Attribute =>
        (property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault()
            ?? property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault()) as T;
}
