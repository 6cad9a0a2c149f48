using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Reads JSON, whatever it is called, and text. What cannot be stored of it is repaired.</summary>
internal static class BodyContent
{
    private static readonly string[] TextTypes =
    [
        "application/xml", "application/yaml", "application/x-yaml", "application/javascript", "application/x-ndjson", "application/ndjson",
        "application/graphql", "application/sql", "application/toml", "application/x-sh", "application/soap+xml", "application/csv",
    ];

    private enum BodyKind
    {
        Json,
        Text,
        Unsaid,
        Other,
    }

    /// <param name="body">The bytes, not packed.</param>
    /// <param name="contentType">What the sender calls them.</param>
    /// <param name="maxBytes">The most bytes of its numbers when they are written out.</param>
    /// <param name="isRepaired">True where something of it could not be stored as it came.</param>
    /// <returns>The value, text as a JSON string; null where it is neither JSON nor text.</returns>
    /// <exception cref="RefusedException">It is to be JSON and is not, or has what cannot be stored nor repaired.</exception>
    public static JsonElement? Read(ReadOnlySpan<byte> body, string? contentType, int maxBytes, out bool isRepaired)
    {
        var kind = KindOf(MediaType(contentType));
        var charset = BodyCharset.Of(contentType);
        var text = BodyCharset.ToUtf8(body, charset, isJson: kind != BodyKind.Text);
        var looksLikeJson = LooksLikeJson(text);
        try
        {
            return Json(text, maxBytes, out isRepaired);
        }
        catch (RefusedException refused) when (
            refused.Kind == RefusalKind.Malformed && kind != BodyKind.Json && (kind != BodyKind.Unsaid || !looksLikeJson))
        {
            isRepaired = false;
            return kind switch
            {
                BodyKind.Text => Text(text, out isRepaired),
                BodyKind.Unsaid when IsText(text) => Text(text, out isRepaired),
                _ => null,
            };
        }
    }

    /// <summary>A JSON text, repaired where it has to be.</summary>
    /// <exception cref="RefusedException">It is none, or has what cannot be stored nor repaired.</exception>
    public static JsonElement Json(ReadOnlySpan<byte> text, int maxBytes, out bool isRepaired)
    {
        var repaired = RepairedJson.Of(text);
        isRepaired = repaired is not null;
        return BodyText.Parse(repaired ?? text, "body", maxBytes);
    }

    /// <summary>The type of a body without its parameters, in lower case; empty where none is said.</summary>
    public static string MediaType(string? contentType)
    {
        var end = contentType?.AsSpan().IndexOfAny(';', ',') ?? -1;
        return (end < 0 ? contentType ?? "" : contentType![..end]).Trim().ToLowerInvariant();
    }

    public static bool IsJson(string mediaType) => KindOf(mediaType) == BodyKind.Json;

    public static bool LooksLikeJson(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];

    private static BodyKind KindOf(string mediaType) => mediaType switch
    {
        "" => BodyKind.Unsaid,
        "application/json" or "text/json" or "application/x-json" => BodyKind.Json,
        _ when mediaType.EndsWith("+json", StringComparison.Ordinal) => BodyKind.Json,
        _ when mediaType.StartsWith("text/", StringComparison.Ordinal) || TextTypes.Contains(mediaType)
            || mediaType.EndsWith("+xml", StringComparison.Ordinal) || mediaType.EndsWith("+yaml", StringComparison.Ordinal) => BodyKind.Text,
        // What curl and some libraries say of their own accord, of JSON and text as well.
        "application/x-www-form-urlencoded" => BodyKind.Json,
        _ => BodyKind.Other,
    };

    private static JsonElement Text(ReadOnlySpan<byte> text, out bool isRepaired)
    {
        var given = Encoding.UTF8.GetString(text);
        var repaired = RepairedJson.Of(given);
        isRepaired = !ReferenceEquals(given, repaired) || !Utf8.IsValid(text);
        return JsonSerializer.SerializeToElement(repaired);
    }

    private static bool IsText(ReadOnlySpan<byte> text)
    {
        foreach (var character in text)
        {
            if (character is < (byte)' ' and not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return Utf8.IsValid(text);
    }
}
