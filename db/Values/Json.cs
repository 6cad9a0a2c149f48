using System.Text.Json;
using System.Text.Json.Serialization;

namespace Attune.Db;

/// <summary>How JSON is read and written everywhere: in the tables, on the wire and in the feed.</summary>
public static class Json
{
    /// <summary>Deepest nesting that is accepted, in levels.</summary>
    public const int MaxDepth = 128;

    // What was accepted nests deeper later: parameters hold a payload, a result holds parameters, and an answer holds any of them.
    private const int MaxDepthWithin = 4 * MaxDepth;

    public static JsonDocumentOptions DocumentOptions { get; } = new() { MaxDepth = MaxDepthWithin };

    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Snake-case names and enum values, as the original's clients know them.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.MaxDepth = MaxDepthWithin;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new Instants());
        return options;
    }

    // RFC 3339 with a Z, which is how the original's clients expect UTC to be written.
    private sealed class Instants : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}
