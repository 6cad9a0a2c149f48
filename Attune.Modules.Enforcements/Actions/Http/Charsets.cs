using System.Text;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>The charsets of bodies. What is none of a charset's characters is told, never replaced.</summary>
internal static class Charsets
{
    private static readonly (byte[] Mark, string Charset)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32"), ([0, 0, 0xFE, 0xFF], "utf-32BE"),
        ([0xFF, 0xFE], "utf-16"), ([0xFE, 0xFF], "utf-16BE"),
    ];

    // Names that are used and are none of the framework's.
    private static readonly Dictionary<string, string> Spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf8"] = "utf-8", ["utf16"] = "utf-16", ["utf32"] = "utf-32", ["utf-16le"] = "utf-16", ["utf-32le"] = "utf-32",
        ["iso8859-1"] = "iso-8859-1", ["cp1252"] = "windows-1252", ["win-1252"] = "windows-1252", ["utf8mb4"] = "utf-8",
    };

    /// <summary>A charset by its name; null for one that is not known, or not safe, as UTF-7.</summary>
    public static Encoding? Find(string name)
    {
        var known = Spellings.GetValueOrDefault(name, name);
        try
        {
            return Strict(known);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// A body as text: as its byte order mark says, else as the charset does, else as UTF-8. Null for bytes that are none of its
    /// characters, or a charset that is not known.
    /// </summary>
    public static string? Decode(ReadOnlySpan<byte> body, string? charset)
    {
        foreach (var (mark, name) in Marks)
        {
            if (body.StartsWith(mark))
            {
                return Decode(body[mark.Length..], Strict(name));
            }
        }

        return Find(charset ?? "utf-8") is { } encoding ? Decode(body, encoding) : null;
    }

    private static string? Decode(ReadOnlySpan<byte> body, Encoding encoding)
    {
        try
        {
            return encoding.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding Strict(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
