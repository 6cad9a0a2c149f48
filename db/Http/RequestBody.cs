using System.Text.Json;
using System.Text.Unicode;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Db.Http;

/// <summary>Reads a request's body: no more than is taken, and as JSON whatever the sender calls it.</summary>
public static class RequestBody
{
    private const int ChunkBytes = 16 * 1024;

    /// <exception cref="RefusedException">The body has more than <paramref name="maxBytes"/>.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, int maxBytes, string setting, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes, setting);
        }

        // What a sender says of its length is not trusted with memory.
        using var body = new MemoryStream(ChunkBytes);
        var chunk = new byte[ChunkBytes];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                throw TooLarge(maxBytes, setting);
            }

            body.Write(chunk.AsSpan(0, read));
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    /// <summary>The fields of a body that has to be a JSON object.</summary>
    /// <exception cref="RefusedException">It is too large, not JSON, or not an object.</exception>
    public static async Task<JsonFields> ReadObjectAsync(
        HttpRequest request, int maxBytes, string setting, CancellationToken cancellationToken)
    {
        var json = Parse((await ReadAsync(request, maxBytes, setting, cancellationToken)).Span);
        return json.ValueKind == JsonValueKind.Object
            ? new JsonFields(json)
            : throw Malformed("The body must be a JSON object.");
    }

    /// <exception cref="RefusedException">The text is empty, not UTF-8, not JSON, or none that can be stored.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> text)
    {
        text = text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text;
        if (text.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw Malformed("The body is empty; JSON is expected.");
        }

        if (!Utf8.IsValid(text))
        {
            throw Malformed("The body is not UTF-8.");
        }

        try
        {
            var json = JsonElement.Parse(text, Json.DocumentOptions);

            // At once, so that every name and text in it can be read without care.
            StorableJson.CheckPayload(json, "body", int.MaxValue, "");
            return json;
        }
        catch (JsonException error)
        {
            throw Malformed($"The body is not JSON: {error.Message}");
        }
    }

    private static RefusedException Malformed(string message) => new(RefusalKind.Malformed, null, message);

    private static RefusedException TooLarge(int maxBytes, string setting) =>
        new(RefusalKind.TooLarge, null, $"The body has more than {maxBytes} bytes ({setting}).");
}
