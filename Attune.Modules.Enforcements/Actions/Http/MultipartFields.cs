using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>The parts of a <c>multipart/form-data</c> body.</summary>
internal static class MultipartFields
{
    private static readonly string[] FileNames = ["filename", "content", "content_base64", "content_type"];

    /// <summary>Writes an object whose values are single values, files, or lists of them.</summary>
    /// <returns>The body, and the boundary between its parts.</returns>
    /// <exception cref="ActionFailedException">It is no such object.</exception>
    public static (byte[] Bytes, string Boundary) Write(JsonElement fields, string place)
    {
        if (fields.ValueKind != JsonValueKind.Object)
        {
            throw HttpRequestParameters.Wrong($"{place} must be an object of names and values.");
        }

        var boundary = $"attune-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        using var body = new MemoryStream();
        foreach (var field in fields.EnumerateObject())
        {
            var values = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray() : Enumerable.Repeat(field.Value, 1);
            foreach (var value in values.Where(value => value.ValueKind != JsonValueKind.Null))
            {
                var (head, content) = Part(field.Name, value, $"{place}.{field.Name}");
                body.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\n{head}\r\n\r\n"));
                body.Write(content);
                body.Write("\r\n"u8);
            }
        }

        body.Write(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        return (body.ToArray(), boundary);
    }

    private static (string Head, byte[] Content) Part(string name, JsonElement value, string place)
    {
        var head = $"Content-Disposition: form-data; name=\"{Escaped(name)}\"";
        if (FormFields.Single(value) is { } single)
        {
            return (head, Encoding.UTF8.GetBytes(single));
        }

        if (value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Any(one => !FileNames.Contains(one.Name) || one.Value.ValueKind != JsonValueKind.String)
            || value.TryGetProperty("content", out var text) == value.TryGetProperty("content_base64", out var packed))
        {
            throw HttpRequestParameters.Wrong(
                $"{place} must be a text, a number, true or false, or a file: "
                + "{filename, content_type, content or content_base64}, all of them texts.");
        }

        if (value.TryGetProperty("filename", out var filename))
        {
            head += $"; filename=\"{Escaped(filename.GetString()!)}\"";
        }

        var type = value.TryGetProperty("content_type", out var given) ? given.GetString()! : null;
        if (type is not null && !RequestHeaders.IsValue(type))
        {
            throw HttpRequestParameters.Wrong($"{place}.content_type cannot be sent: it must be of printable Latin characters.");
        }

        type ??= filename.ValueKind == JsonValueKind.Undefined ? null : "application/octet-stream";
        head += type is null ? "" : $"\r\nContent-Type: {type}";
        if (text.ValueKind == JsonValueKind.String)
        {
            return (head, Encoding.UTF8.GetBytes(text.GetString()!));
        }

        return packed.TryGetBytesFromBase64(out var bytes)
            ? (head, bytes)
            : throw HttpRequestParameters.Wrong($"{place}.content_base64 is not base64.");
    }

    // As browsers do, by the HTML standard.
    private static string Escaped(string name) => name
        .Replace("\"", "%22", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);
}
