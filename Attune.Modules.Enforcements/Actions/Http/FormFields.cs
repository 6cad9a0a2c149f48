using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>The fields of a form, or of an address's query: names with one or several values.</summary>
internal static class FormFields
{
    // The URL standard: what application/x-www-form-urlencoded leaves as it is.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("*-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads an object of single values, and of lists of them, which name a field several times. Null is no field.</summary>
    /// <exception cref="ActionFailedException">There is another value in it.</exception>
    public static List<KeyValuePair<string, string>> Read(JsonElement fields, string place)
    {
        if (fields.ValueKind != JsonValueKind.Object)
        {
            throw HttpRequestParameters.Wrong($"{place} must be an object of names and values.");
        }

        var read = new List<KeyValuePair<string, string>>();
        foreach (var field in fields.EnumerateObject())
        {
            var values = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray() : Enumerable.Repeat(field.Value, 1);
            read.AddRange(values.Where(value => value.ValueKind != JsonValueKind.Null).Select(value => KeyValuePair.Create(
                field.Name, Single(value) ?? throw HttpRequestParameters.Wrong(
                    $"{place}.{field.Name} must be a text, a number, true or false, or a list of those."))));
        }

        return read;
    }

    /// <summary>A single value as a text; null for an object or a list.</summary>
    public static string? Single(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>Fields as <c>application/x-www-form-urlencoded</c>.</summary>
    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> fields) =>
        Encoding.ASCII.GetBytes(string.Join('&', fields.Select(field => $"{Encode(field.Key)}={Encode(field.Value)}")));

    private static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var encoded = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            _ = one == ' ' ? encoded.Append('+')
                : one < 0x80 && Plain.Contains((char)one) ? encoded.Append((char)one)
                : encoded.Append('%').Append(one.ToString("X2", null));
        }

        return encoded.ToString();
    }
}
