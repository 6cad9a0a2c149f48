using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Attune.Db;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>Between an action's JSON and its types.</summary>
internal static class ActionJson
{
    /// <summary>As JSON is read and written everywhere; and a whole number may be spelled 3, 3.0 or 3e0, as in conditions.</summary>
    public static JsonSerializerOptions Options { get; } = NewOptions();

    /// <summary>The parameters as the type that the action wants.</summary>
    /// <param name="parameters">An object, or null for none.</param>
    /// <exception cref="RefusedException">They cannot be read as that.</exception>
    public static T Read<T>(JsonElement? parameters)
    {
        if (typeof(T) == typeof(JsonElement?))
        {
            return (T)(object?)parameters!;
        }

        try
        {
            return (parameters ?? JsonElement.Parse("{}")).Deserialize<T>(Options)!;
        }
        catch (JsonException error)
        {
            var place = $"parameters{error.Path?.TrimStart('$')}";
            throw RefusedException.Invalid(place, $"{place} is not of the form that the action's param_schema tells.");
        }
        catch (Exception error) when (error is not RefusedException)
        {
            // Thrown by the type itself, which takes less than the schema lets through.
            throw RefusedException.Invalid("parameters", $"The parameters cannot be read: {error.Message}");
        }
    }

    /// <summary>What an action answered, as JSON; null for nothing.</summary>
    /// <exception cref="RefusedException">It cannot be written as JSON.</exception>
    public static JsonElement? Write(object? answer)
    {
        try
        {
            return answer is null ? null : answer is JsonElement json ? json : JsonSerializer.SerializeToElement(answer, Options);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw RefusedException.Invalid("data", $"What the action answered cannot be written as JSON: {error.Message}");
        }
    }

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(Json.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        options.Converters.Add(new WholeNumber<byte>());
        options.Converters.Add(new WholeNumber<sbyte>());
        options.Converters.Add(new WholeNumber<short>());
        options.Converters.Add(new WholeNumber<ushort>());
        options.Converters.Add(new WholeNumber<int>());
        options.Converters.Add(new WholeNumber<uint>());
        options.Converters.Add(new WholeNumber<long>());
        options.Converters.Add(new WholeNumber<ulong>());
        options.MakeReadOnly();
        return options;
    }

    private sealed class WholeNumber<T> : JsonConverter<T>
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        private static readonly decimal Least = decimal.CreateChecked(T.MinValue);
        private static readonly decimal Most = decimal.CreateChecked(T.MaxValue);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number)
            && decimal.IsInteger(number) && number >= Least && number <= Most
                ? T.CreateChecked(number)
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(decimal.CreateChecked(value));
    }
}
