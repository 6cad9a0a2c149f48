using System.Net;
using System.Text;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Reads <c>application/x-www-form-urlencoded</c>.</summary>
internal static class FormBody
{
    public static Fields Read(ReadOnlySpan<byte> body, string? charset)
    {
        var fields = new Fields();
        foreach (var range in body.Split((byte)'&'))
        {
            var field = body[range];
            if (field.IsEmpty)
            {
                continue;
            }

            var end = field.IndexOf((byte)'=');
            fields.Add(
                Decoded(end < 0 ? field : field[..end], charset, fields), Decoded(end < 0 ? [] : field[(end + 1)..], charset, fields));
        }

        return fields;
    }

    /// <summary>The JSON that a form has in its field <c>payload</c>; null where it has none, and is only fields.</summary>
    /// <exception cref="RefusedException">The field begins as JSON does and is none, or none that can be stored.</exception>
    public static (JsonElement Json, bool IsRepaired)? Payload(Fields fields, int maxBytes)
    {
        if (fields["payload"] is not [{ ValueKind: JsonValueKind.String } field])
        {
            return null;
        }

        var text = Encoding.UTF8.GetBytes(field.GetString()!);
        var looksLikeJson = text.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
        try
        {
            return looksLikeJson || fields.Count == 1 ? (BodyContent.Json(text, maxBytes, out var isRepaired), isRepaired) : null;
        }
        catch (RefusedException refused) when (refused.Kind == RefusalKind.Malformed && !looksLikeJson)
        {
            return null;
        }
    }

    private static string Decoded(ReadOnlySpan<byte> text, string? charset, Fields fields)
    {
        var decoded = BodyCharset.Text(WebUtility.UrlDecodeToBytes(text.ToArray(), 0, text.Length), charset, out var isRepaired);
        fields.NoteRepair(isRepaired);
        return decoded;
    }
}
