using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Attune.Db.Values;

namespace Attune.Db.Http;

/// <summary>Reads bodies into their records.</summary>
public static class JsonBodies
{
    private static readonly JsonSerializerOptions Options = Configure();

    /// <summary>The names of the fields that a body has, without those that it only takes back.</summary>
    public static IReadOnlyList<string> Fields(Type body) =>
        [.. BodyFaults.Own(Options.GetTypeInfo(body)).Select(property => property.Name)];

    /// <param name="text">The bytes as they came.</param>
    /// <param name="maxBytes">The most bytes of its numbers when they are written out.</param>
    /// <param name="isOptional">Whether the record may be left out, and is then one without fields.</param>
    /// <exception cref="RefusedException">It is no JSON object that fits the record; the field names the place.</exception>
    internal static T Read<T>(ReadOnlySpan<byte> text, int maxBytes, bool isOptional)
        where T : class
    {
        text = BodyText.Checked(text, place: "", maxBytes);
        if (text.IsEmpty || text.SequenceEqual("null"u8))
        {
            text = isOptional ? "{}"u8 : throw BodyText.Malformed("The body must be a JSON object; there was none.");
        }

        if (text[0] != '{')
        {
            using var other = JsonDocument.Parse(text.ToArray(), Json.DocumentOptions);
            throw BodyText.Malformed($"The body must be a JSON object, not {BodyFaults.Kind(other.RootElement)}.");
        }

        var type = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
        try
        {
            return JsonSerializer.Deserialize(text, type)!;
        }
        catch (JsonException error)
        {
            throw BodyFaults.Find(JsonElement.Parse(text, Json.DocumentOptions), type, place: "")
                ?? new RefusedException(
                    RefusalKind.Invalid, error.Path is ['$', '.', .. var path] ? path : null,
                    "The body has a value that is not of the kind expected there.");
        }
    }

    /// <summary>The text of an object without one of its fields; null where it has none of that name, or is no JSON.</summary>
    /// <param name="text">The text.</param>
    /// <param name="field">The name of the field.</param>
    /// <param name="isWhole">False for the beginning of a text: then what comes behind the field is not known either.</param>
    internal static byte[]? Without(ReadOnlySpan<byte> text, string field, bool isWhole = true)
    {
        var rest = new ArrayBufferWriter<byte>(text.Length);
        var isThere = false;
        try
        {
            var reader = new Utf8JsonReader(
                text, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
            for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                var start = (int)reader.TokenStartIndex;
                var isIt = reader.ValueTextEquals(field);
                isThere |= isIt;
                if (!reader.Read() || !reader.TrySkip())
                {
                    break;
                }

                if (!isIt)
                {
                    rest.Write(rest.WrittenCount == 0 ? "{"u8 : ","u8);
                    rest.Write(text[start..(int)reader.BytesConsumed]);
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        rest.Write(rest.WrittenCount == 0 ? "{}"u8 : "}"u8);
        return isThere ? rest.WrittenSpan.ToArray() : null;
    }

    private static JsonSerializerOptions Configure()
    {
        var options = new JsonSerializerOptions
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { TakeBack } },
        };
        options.Converters.Add(new GivenInstants());
        return Json.Configure(options);
    }

    private static void TakeBack(JsonTypeInfo type)
    {
        foreach (var name in type.Type.GetCustomAttribute<TakesBackAttribute>()?.Names.Except(
            type.Properties.Select(property => property.Name)).ToList() ?? [])
        {
            var field = type.CreateJsonPropertyInfo(typeof(JsonElement), name);
            field.Set = static (_, _) => { };
            type.Properties.Add(field);
        }
    }

    // As in addresses: without an offset it is UTC, and not the time of the machine that Attune runs on.
    private sealed class GivenInstants : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Instants.TryParse(reader.GetString()!) is { } instant
                ? instant : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}
