using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What one event is to hold of a body: a CloudEvent's data, or all of it. Without a payload where the body is empty.</summary>
internal sealed record WebhookItem(JsonElement? Payload, CloudEvent? CloudEvent = null);

/// <summary>What a webhook's sender posted. A relay may have wrapped it in an envelope that says who the first sender was.</summary>
internal sealed record WebhookBody
{
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string[] EnvelopeFields = ["payload", "headers", "source_ip", "user_agent"];

    /// <summary>One, but for a batch of CloudEvents, which may have any number.</summary>
    public required IReadOnlyList<WebhookItem> Items { get; init; }

    public bool IsBatch { get; init; }

    /// <summary>The payload of what is no batch; null where the body is empty.</summary>
    public JsonElement? Payload => Items[0].Payload;

    /// <summary>True where something of the body could not be stored as it came, and U+FFFD stands for it.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>The files that came with it.</summary>
    public IReadOnlyList<WebhookFile> Files { get; init; } = [];

    /// <summary>The first sender's headers, an object.</summary>
    public JsonElement? Headers { get; init; }

    public string? SourceIp { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>Reads a body: CloudEvents, JSON of any content type, a form, one of several parts, or text; packed or not.</summary>
    /// <param name="body">The bytes as they came.</param>
    /// <param name="request">What was said beside them.</param>
    /// <param name="limit">The most bytes when they are unpacked.</param>
    /// <param name="maxBytes">The most bytes of its numbers when they are written out.</param>
    /// <exception cref="RefusedException">It is none of these, or is not what it is called.</exception>
    public static WebhookBody Read(ReadOnlySpan<byte> body, WebhookRequest request, BodyLimit limit, int maxBytes)
    {
        body = UnpackedBody.Read(body, request.Header("Content-Encoding"), limit);
        var type = BodyContent.MediaType(request.ContentType);
        if (type.StartsWith("application/cloudevents", StringComparison.Ordinal))
        {
            return OfCloudEvents(body, type, request.ContentType, maxBytes);
        }

        if (CloudEvents.IsBinary(request))
        {
            return OfData(body, request, maxBytes);
        }

        return body.Trim(" \t\r\n"u8).IsEmpty ? new() { Items = [new(null)] }
            : type.StartsWith("multipart/", StringComparison.Ordinal) ? OfParts(body, request.ContentType, maxBytes)
            : type == Form && !BodyContent.LooksLikeJson(body) ? OfForm(body, request.ContentType, maxBytes)
            : OfContent(body, request.ContentType, maxBytes);
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

    private static WebhookBody OfCloudEvents(ReadOnlySpan<byte> body, string type, string? contentType, int maxBytes)
    {
        if (type is not (CloudEvents.Structured or CloudEvents.Batched))
        {
            throw new RefusedException(
                RefusalKind.Unsupported, "Content-Type",
                $"CloudEvents are taken as {CloudEvents.Structured}, as {CloudEvents.Batched}, and in headers.");
        }

        var json = BodyContent.Json(BodyCharset.ToUtf8(body, BodyCharset.Of(contentType), isJson: true), maxBytes, out var isRepaired);
        return type == CloudEvents.Batched
            ? new() { Items = CloudEvents.OfBatch(json, maxBytes), IsBatch = true, IsRepaired = isRepaired }
            : new() { Items = [CloudEvents.OfJson(json, "", maxBytes)], IsRepaired = isRepaired };
    }

    private static WebhookBody OfData(ReadOnlySpan<byte> body, WebhookRequest request, int maxBytes)
    {
        if (body.IsEmpty)
        {
            return new() { Items = [new(null, CloudEvents.OfHeaders(request, isBase64: false))] };
        }

        // The least that is wrong is told first: what the event lacks.
        CloudEvents.OfHeaders(request, isBase64: false);
        if (BodyContent.MediaType(request.ContentType) == Form && !BodyContent.LooksLikeJson(body))
        {
            var form = OfForm(body, request.ContentType, maxBytes);
            return form with { Items = [new(form.Payload, CloudEvents.OfHeaders(request, isBase64: false))] };
        }

        var payload = BodyContent.Read(body, request.ContentType, maxBytes, out var isRepaired);
        return new()
        {
            Items =
            [
                new(payload ?? JsonSerializer.SerializeToElement(Convert.ToBase64String(body)),
                    CloudEvents.OfHeaders(request, isBase64: payload is null)),
            ],
            IsRepaired = isRepaired,
        };
    }

    private static WebhookBody OfContent(ReadOnlySpan<byte> body, string? contentType, int maxBytes) =>
        Of(BodyContent.Read(body, contentType, maxBytes, out var isRepaired) ?? throw new RefusedException(
            RefusalKind.Unsupported, "Content-Type",
            $"The body is neither JSON nor text; of {BodyContent.MediaType(contentType)} nothing else is taken.")) with
        { IsRepaired = isRepaired };

    // Senders of forms that have more to say put JSON into one field; so does the original's.
    private static WebhookBody OfForm(ReadOnlySpan<byte> body, string? contentType, int maxBytes)
    {
        var fields = FormBody.Read(body, BodyCharset.Of(contentType));
        return FormBody.Payload(fields, maxBytes) is var (json, isRepaired)
            ? Of(json) with { IsRepaired = isRepaired || fields.IsRepaired }
            : new() { Items = [new(fields.ToJson())], IsRepaired = fields.IsRepaired };
    }

    private static WebhookBody OfParts(ReadOnlySpan<byte> body, string? contentType, int maxBytes)
    {
        var parts = PartsPayload.Read(body, contentType, maxBytes);
        return (parts.IsJsonAlone ? Of(parts.Payload) : new() { Items = [new(parts.Payload)] }) with
        {
            IsRepaired = parts.IsRepaired, Files = parts.Files,
        };
    }

    private static WebhookBody Of(JsonElement json) => IsEnvelope(json)
        ? new()
        {
            Items = [new(json.GetProperty("payload"))],
            Headers = json.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object ? headers : null,
            SourceIp = Text(json, "source_ip"),
            UserAgent = Text(json, "user_agent"),
        }
        : new() { Items = [new(json)] };

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
