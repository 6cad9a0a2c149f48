using System.Net;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a webhook's sender posted. A relay may have wrapped it in an envelope that says who the first sender was.</summary>
internal sealed record WebhookBody
{
    private static readonly string[] EnvelopeFields = ["payload", "headers", "source_ip", "user_agent"];

    public required JsonElement Payload { get; init; }

    /// <summary>The first sender's headers, an object.</summary>
    public JsonElement? Headers { get; init; }

    public string? SourceIp { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>Reads a body: JSON, or a form whose field <c>payload</c> holds JSON.</summary>
    /// <exception cref="RefusedException">It is neither.</exception>
    public static WebhookBody Read(ReadOnlySpan<byte> body, string? contentType, int maxBytes)
    {
        var json = BodyText.Parse(IsForm(body, contentType) ? FormPayload(body) : body, "body", maxBytes);
        return IsEnvelope(json)
            ? new()
            {
                Payload = json.GetProperty("payload"),
                Headers = json.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object ? headers : null,
                SourceIp = Text(json, "source_ip"),
                UserAgent = Text(json, "user_agent"),
            }
            : new() { Payload = json };
    }

    /// <summary>A header of the first sender's, whatever the case of its name.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers?.EnumerateObject() ?? default)
        {
            if (string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase) && header.Value.ValueKind == JsonValueKind.String)
            {
                return header.Value.GetString();
            }
        }

        return null;
    }

    // Many post JSON with the type of a form, as curl does of its own accord. No form begins like a JSON text.
    private static bool IsForm(ReadOnlySpan<byte> body, string? contentType) =>
        contentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
        && body.TrimStart(" \t\r\n"u8) is not ([] or [(byte)'{' or (byte)'[' or (byte)'"', ..]);

    private static ReadOnlySpan<byte> FormPayload(ReadOnlySpan<byte> body)
    {
        var name = "payload="u8;
        foreach (var range in body.Split((byte)'&'))
        {
            if (body[range].StartsWith(name))
            {
                var value = body[range][name.Length..].ToArray();
                return WebUtility.UrlDecodeToBytes(value, 0, value.Length);
            }
        }

        throw new RefusedException(RefusalKind.Malformed, "payload", "The form has no field payload with JSON in it.");
    }

    // Only what is exactly the envelope: a body of somebody else's that has a field payload among others is a payload itself.
    private static bool IsEnvelope(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("payload", out _)
        && json.EnumerateObject().All(field => EnvelopeFields.Contains(field.Name))
        && IsKind(json, "headers", JsonValueKind.Object)
        && IsKind(json, "source_ip", JsonValueKind.String)
        && IsKind(json, "user_agent", JsonValueKind.String);

    private static bool IsKind(JsonElement json, string name, JsonValueKind kind) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == kind || value.ValueKind == JsonValueKind.Null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
