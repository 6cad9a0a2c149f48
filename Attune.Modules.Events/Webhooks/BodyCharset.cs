using System.Text;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Reads the text of a body in whatever character set it is, as UTF-8.</summary>
internal static class BodyCharset
{
    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8),
        ([0xFF, 0xFE, 0, 0], Encoding.UTF32),
        ([0, 0, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: false)),
        ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    /// <summary>
    /// The text as UTF-8, without a byte order mark. A mark goes before what the content type says; what is UTF-8 after all is read as
    /// such where JSON is, since JSON is always. Bytes that are no text stay what they are.
    /// </summary>
    public static ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> body, string? charset, bool isJson)
    {
        foreach (var (mark, encoding) in Marks)
        {
            if (body.StartsWith(mark))
            {
                return Converted(body[mark.Length..], encoding);
            }
        }

        var said = Named(charset) ?? (isJson ? Guessed(body) : null);
        return said is null || (isJson && said.IsSingleByte && Utf8.IsValid(body)) ? body : Converted(body, said);
    }

    /// <summary>Text of bytes in a character set; those that are none of it become U+FFFD.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, string? charset, out bool isRepaired)
    {
        var encoding = Named(charset) ?? Encoding.UTF8;
        isRepaired = encoding.CodePage == Encoding.UTF8.CodePage && !Utf8.IsValid(bytes);
        return encoding.GetString(bytes);
    }

    /// <summary>The character set that a content type names, or null.</summary>
    public static string? Of(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Charset.HasValue
            ? HeaderUtilities.RemoveQuotes(type.Charset).ToString()
            : null;

    /// <summary>The encoding of that name; null where there is none, or it is not known.</summary>
    private static Encoding? Named(string? charset)
    {
        if (string.IsNullOrWhiteSpace(charset))
        {
            return null;
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset.Trim()) ?? Encoding.GetEncoding(charset.Trim());
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // JSON begins with two characters of ASCII, or is one.
    private static Encoding? Guessed(ReadOnlySpan<byte> body) => body.Length % 2 != 0 ? null : body switch
    {
        [not 0, 0, ..] => Encoding.Unicode,
        [0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    private static ReadOnlySpan<byte> Converted(ReadOnlySpan<byte> text, Encoding from) =>
        from.CodePage == Encoding.UTF8.CodePage ? text : Encoding.UTF8.GetBytes(from.GetString(text));
}
