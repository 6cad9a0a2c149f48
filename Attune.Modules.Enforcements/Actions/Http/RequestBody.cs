using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>What a request sends, and as what.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Type">The content type.</param>
internal sealed record RequestBody(byte[] Bytes, string Type)
{
    private const string Form = MediaTypeNames.Application.FormUrlEncoded;
    private const string Multipart = MediaTypeNames.Multipart.FormData;

    private static readonly string[] Names = ["body", "json_body", "form", "multipart"];

    /// <summary>
    /// Reads the one body that is given. <c>body</c> goes by its content type: an object as the form that the type names, else as JSON; a
    /// text as it is, in the type's charset.
    /// </summary>
    /// <exception cref="ActionFailedException">There are two, or it cannot be sent as that type.</exception>
    public static RequestBody? Read(
        IReadOnlyDictionary<string, JsonElement> given, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var names = Array.FindAll(Names, given.ContainsKey);
        if (names.Length == 0)
        {
            return null;
        }

        if (names.Length > 1)
        {
            throw HttpRequestParameters.Wrong($"Only one of {string.Join(", ", names)} can be given.");
        }

        var type = headers.LastOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
        var content = given[names[0]];
        var (media, charset) = ContentType.Parse(type);
        return (names[0], content.ValueKind) switch
        {
            ("json_body", _) => new(RenderedJson.Bytes(content.WriteTo), type ?? MediaTypeNames.Application.Json),
            ("form", _) => OfForm(content, "form", type),
            ("multipart", _) => OfMultipart(content, "multipart", type),
            (_, JsonValueKind.String) => new(InCharset(content.GetString()!, charset), type ?? "text/plain; charset=utf-8"),
            (_, JsonValueKind.Object) when media == Form => OfForm(content, "body", type),
            (_, JsonValueKind.Object) when media == Multipart => OfMultipart(content, "body", type),
            _ => new(RenderedJson.Bytes(content.WriteTo), type ?? MediaTypeNames.Application.Json),
        };
    }

    private static RequestBody OfForm(JsonElement fields, string place, string? type) =>
        new(FormFields.Encode(FormFields.Read(fields, place)), type ?? Form);

    // The boundary is made here, so the type is too; another kind of multipart stays what it is.
    private static RequestBody OfMultipart(JsonElement fields, string place, string? type)
    {
        var (bytes, boundary) = MultipartFields.Write(fields, place);
        var media = ContentType.Parse(type).Media;
        return new(bytes, $"{(media.StartsWith("multipart/", StringComparison.Ordinal) ? media : Multipart)}; boundary={boundary}");
    }

    private static byte[] InCharset(string text, string? charset)
    {
        if (charset is null || Charsets.Find(charset) is not { } encoding)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        try
        {
            return encoding.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw HttpRequestParameters.Wrong($"body has characters that {encoding.WebName} does not have.");
        }
    }
}
