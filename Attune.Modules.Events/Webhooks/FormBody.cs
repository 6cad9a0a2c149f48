using System.Net;

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

    private static string Decoded(ReadOnlySpan<byte> text, string? charset, Fields fields)
    {
        var decoded = BodyCharset.Text(WebUtility.UrlDecodeToBytes(text.ToArray(), 0, text.Length), charset, out var isRepaired);
        fields.NoteRepair(isRepaired);
        return decoded;
    }
}
