using System.Buffers;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Fields of a form or parameters of an address, in their order. A name that comes several times has an array.</summary>
internal sealed class Fields
{
    private readonly Dictionary<string, List<JsonElement>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public int Count => _names.Count;

    /// <summary>True where a name or a text could not be stored as it came.</summary>
    public bool IsRepaired { get; private set; }

    public IReadOnlyList<JsonElement> this[string name] => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>Notes that what is added could not be read as it came.</summary>
    public void NoteRepair(bool isRepaired) => IsRepaired |= isRepaired;

    public void Add(string name, string value)
    {
        var repaired = RepairedJson.Of(value);
        IsRepaired |= !ReferenceEquals(repaired, value);
        Add(name, JsonSerializer.SerializeToElement(repaired));
    }

    public void Add(string name, JsonElement value)
    {
        var repaired = RepairedJson.Of(name);
        IsRepaired |= !ReferenceEquals(repaired, name);
        if (!_values.TryGetValue(repaired, out var values))
        {
            _values[repaired] = values = [];
            _names.Add(repaired);
        }

        values.Add(value);
    }

    /// <summary>An object of all of them.</summary>
    /// <param name="around">An object whose members come first, and stay where a field has the same name.</param>
    public JsonElement ToJson(JsonElement? around = null)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var member in around?.EnumerateObject() ?? default)
            {
                member.WriteTo(writer);
            }

            foreach (var name in _names.Where(name => around?.TryGetProperty(name, out _) != true))
            {
                writer.WritePropertyName(name);
                Write(writer, _values[name]);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(text.WrittenSpan, Json.DocumentOptions);
    }

    private static void Write(Utf8JsonWriter writer, List<JsonElement> values)
    {
        if (values.Count == 1)
        {
            values[0].WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        values.ForEach(value => value.WriteTo(writer));
        writer.WriteEndArray();
    }
}
