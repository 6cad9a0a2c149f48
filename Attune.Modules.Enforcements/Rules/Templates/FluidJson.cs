using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Fluid;
using Fluid.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>JSON as the filters take it, and back.</summary>
internal static class FluidJson
{
    public static FluidValue Of(JsonElement? json, EvaluationBudget budget)
    {
        if (json is not { } value)
        {
            return NilValue.Instance;
        }

        budget.Spend(1 + (JsonSize.Of(value) >> 4));
        return Of(value);
    }

    public static JsonElement? ToJson(FluidValue value, EvaluationBudget budget)
    {
        if (value is JsonObjectValue whole)
        {
            return whole.Json;
        }

        var json = JsonElement.Parse(RenderedJson.Bytes(writer => Write(writer, value)), Json.DocumentOptions);
        budget.CheckBytes(JsonSize.Of(json));
        return json;
    }

    /// <summary>The value as compact JSON.</summary>
    public static string Text(FluidValue value, EvaluationBudget budget)
    {
        var text = new StringBuilder();
        CompactJson.Append(text, ToJson(value, budget)!.Value);
        return text.ToString();
    }

    internal static FluidValue Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new StringValue(value.GetString()!),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? NumberValue.Create(number) : new StringValue(value.GetRawText()),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        JsonValueKind.Array => new ArrayValue([.. value.EnumerateArray().Select(Of)]),
        JsonValueKind.Object => new JsonObjectValue(value),
        _ => NilValue.Instance,
    };

    private static void Write(Utf8JsonWriter writer, FluidValue value)
    {
        switch (value.Type)
        {
            case FluidValues.Nil or FluidValues.Empty or FluidValues.Blank:
                writer.WriteNullValue();
                break;
            case FluidValues.Boolean:
                writer.WriteBooleanValue(value.ToBooleanValue());
                break;
            case FluidValues.Number:
                writer.WriteNumberValue(value.ToNumberValue());
                break;
            case FluidValues.Array when value is ArrayValue list:
                writer.WriteStartArray();
                foreach (var item in list.Values)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case FluidValues.Object or FluidValues.Dictionary when value is JsonObjectValue whole:
                whole.Json.WriteTo(writer);
                break;
            case FluidValues.DateTime when value.ToObjectValue() is DateTimeOffset instant:
                writer.WriteStringValue(instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture));
                break;
            default:
                // What was decoded may have a character that no stored text has.
                writer.WriteStringValue(value.ToStringValue().Replace('\0', '\uFFFD'));
                break;
        }
    }

    /// <summary>An object, which filters look into by name.</summary>
    private sealed class JsonObjectValue(JsonElement json) : FluidValue
    {
        public JsonElement Json { get; } = json;

        public override FluidValues Type => FluidValues.Object;

        public override bool Equals(FluidValue? other) => other is JsonObjectValue same && JsonValues.AreEqual(Json, same.Json);

        public override bool Equals(object? obj) => obj is FluidValue other && Equals(other);

        public override int GetHashCode() => Json.GetPropertyCount();

        public override bool ToBooleanValue() => true;

        public override decimal ToNumberValue() => 0;

        public override object ToObjectValue() => Json;

        public override string ToStringValue()
        {
            var text = new StringBuilder();
            CompactJson.Append(text, Json);
            return text.ToString();
        }

        public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => new(
            Json.TryGetProperty(name, out var value) ? Of(value)
            : name == "size" ? NumberValue.Create(Json.GetPropertyCount())
            : NilValue.Instance);

        public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) =>
            GetValueAsync(index.ToStringValue(), context);

        [Obsolete("Fluid writes values only in templates of its own.")]
        public override void WriteTo(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => writer.Write(ToStringValue());

        public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) =>
            new(writer.WriteAsync(ToStringValue()));
    }
}
