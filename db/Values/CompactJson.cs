using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Attune.Db.Values;

/// <summary>
/// Adds a JSON value to a text, compact: every character as itself, but for those that JSON has no other way to write. The
/// writer of .NET would escape emoji too, and people read these texts.
/// </summary>
public static class CompactJson
{
    public static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var brace = '{';
                foreach (var member in value.EnumerateObject())
                {
                    AppendText(text.Append(brace), member.Name);
                    Append(text.Append(':'), member.Value);
                    brace = ',';
                }

                text.Append(brace == '{' ? "{}" : "}");
                break;
            case JsonValueKind.Array:
                var bracket = '[';
                foreach (var item in value.EnumerateArray())
                {
                    Append(text.Append(bracket), item);
                    bracket = ',';
                }

                text.Append(bracket == '[' ? "[]" : "]");
                break;
            case JsonValueKind.String:
                AppendText(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' or '\\' => text.Append('\\').Append(character),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
