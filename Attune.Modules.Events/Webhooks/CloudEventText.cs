using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The attributes of a CloudEvent, as headers have them and as they are kept.</summary>
internal static partial class CloudEventText
{
    /// <summary>An object of them.</summary>
    public static JsonElement Json(IEnumerable<KeyValuePair<string, JsonElement>> attributes, bool isBase64)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in attributes)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            if (isBase64)
            {
                // No attribute can have this name.
                writer.WriteString("data_encoding", "base64");
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(text.WrittenSpan, Attune.Db.Json.DocumentOptions);
    }

    /// <summary>A value may be in quotes; characters that no header holds are percent-encoded in UTF-8.</summary>
    public static string Decoded(string value)
    {
        value = value.Trim();
        if (value is ['"', .. var quoted, '"'])
        {
            value = Escaped().Replace(quoted, "$1");
        }

        return Encoded().Replace(value, match => Encoding.UTF8.GetString(
            Convert.FromHexString(match.Value.Replace("%", "", StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escaped();

    [GeneratedRegex("(%[0-9A-Fa-f]{2})+")]
    private static partial Regex Encoded();
}
