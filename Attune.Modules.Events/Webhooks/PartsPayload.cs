using System.Security.Cryptography;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a body of several parts comes to: its JSON, its fields, and the files that are named.</summary>
internal sealed record PartsPayload
{
    /// <summary>The JSON part, with the fields beside it as members; without a JSON part, an object of the fields.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>Whether it is the JSON part as it came.</summary>
    public required bool IsJsonAlone { get; init; }

    public required bool IsRepaired { get; init; }
    public required IReadOnlyList<WebhookFile> Files { get; init; }

    /// <exception cref="RefusedException">It is not divided as it says, or a part is to be JSON and is not.</exception>
    public static PartsPayload Read(ReadOnlySpan<byte> body, string? contentType, int maxBytes)
    {
        var parts = MultipartBody.Read(body, contentType);
        var main = Main(body, parts);
        var fields = new Fields();
        var files = new List<WebhookFile>();
        JsonElement? json = null;
        foreach (var part in parts)
        {
            var content = body[part.Content];
            if (part == main)
            {
                json = JsonOf(part, content, maxBytes, fields);
            }
            else if (part.FileName is not null || part.Field is null)
            {
                if (part.FileName is not "" || !content.IsEmpty)
                {
                    // Browsers send a part without name and bytes where no file was chosen.
                    files.Add(FileOf(part, content));
                }
            }
            else if (IsJson(part))
            {
                fields.Add(part.Field, JsonOf(part, content, maxBytes, fields));
            }
            else
            {
                fields.Add(part.Field, BodyCharset.Text(content, BodyCharset.Of(part.ContentType), out var isRepaired));
                fields.NoteRepair(isRepaired);
            }
        }

        if (json is { ValueKind: not JsonValueKind.Object } && fields.Count > 0)
        {
            fields.Add(main!.Field ?? "payload", json.Value);
            json = null;
        }

        var isAlone = json is not null && fields.Count == 0;
        return new()
        {
            Payload = isAlone ? json!.Value : fields.ToJson(json), IsJsonAlone = isAlone, IsRepaired = fields.IsRepaired, Files = files,
        };
    }

    // The part that all others come along with: called payload, or the only one that is JSON.
    private static WebhookPart? Main(ReadOnlySpan<byte> body, IReadOnlyList<WebhookPart> parts)
    {
        foreach (var part in parts)
        {
            if (part.Field == "payload"
                && (part.ContentType is null ? body[part.Content].TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] : IsJson(part)))
            {
                return part;
            }
        }

        var json = parts.Where(part => part.FileName is null or "" && IsJson(part)).ToList();
        return json.Count == 1 ? json[0] : null;
    }

    private static bool IsJson(WebhookPart part) => BodyContent.IsJson(BodyContent.MediaType(part.ContentType));

    private static JsonElement JsonOf(WebhookPart part, ReadOnlySpan<byte> content, int maxBytes, Fields fields)
    {
        var text = BodyCharset.ToUtf8(content, BodyCharset.Of(part.ContentType), isJson: true);
        var json = BodyContent.Json(text, maxBytes, out var isRepaired);
        fields.NoteRepair(isRepaired);
        return json;
    }

    private static WebhookFile FileOf(WebhookPart part, ReadOnlySpan<byte> content) => new()
    {
        Field = SaidText.Shortened(SaidText.Clean(part.Field)),
        Name = SaidText.Shortened(SaidText.Clean(part.FileName)),
        Type = SaidText.Shortened(SaidText.Clean(part.ContentType)),
        Size = content.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
    };
}
