using System.Text;
using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Values;
using Microsoft.Net.Http.Headers;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A file among the parts of a body: it is named, and not kept.</summary>
internal sealed record WebhookFile
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    public required int Size { get; init; }
    public required string Sha256 { get; init; }
}

/// <summary>A part of a body: what its headers say, and where its bytes are.</summary>
internal sealed record WebhookPart(string? Field, string? FileName, string? ContentType, Range Content);

/// <summary>Divides a multipart body into its parts.</summary>
internal static class MultipartBody
{
    private const int MostParts = 1_000;
    private const int LongestBoundary = 200;

    /// <exception cref="RefusedException">It has no boundary, is not divided by it, or was cut short.</exception>
    public static IReadOnlyList<WebhookPart> Read(ReadOnlySpan<byte> body, string? contentType)
    {
        var delimiter = Encoding.Latin1.GetBytes($"--{Boundary(contentType)}");
        var parts = new List<WebhookPart>();
        for (var at = NextDelimiter(body, 0, delimiter); ; at = NextDelimiter(body, at, delimiter))
        {
            var start = at < 0 ? -1 : at + delimiter.Length;
            if (start < 0 || start > body.Length)
            {
                throw Malformed("it ends before its last part does");
            }

            if (body[start..].StartsWith("--"u8))
            {
                return parts;
            }

            var line = body[start..].IndexOf((byte)'\n');
            var next = line < 0 ? -1 : NextDelimiter(body, start + line + 1, delimiter);
            if (next < 0)
            {
                throw Malformed("it ends before its last part does");
            }

            parts.Add(Part(body, start + line + 1, next));
            if (parts.Count > MostParts)
            {
                throw new RefusedException(RefusalKind.TooLarge, null, $"The body has more than {MostParts} parts.");
            }

            at = next;
        }
    }

    private static string Boundary(string? contentType)
    {
        var boundary = MediaTypeHeaderValue.TryParse(contentType, out var type)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString()
            : "";
        return boundary.Length is > 0 and <= LongestBoundary ? boundary : throw Malformed("its content type names no boundary");
    }

    // At the beginning of a line.
    private static int NextDelimiter(ReadOnlySpan<byte> body, int from, byte[] delimiter)
    {
        while (from < body.Length && body[from..].IndexOf(delimiter) is >= 0 and var ahead)
        {
            var at = from + ahead;
            if (at == 0 || body[at - 1] == '\n')
            {
                return at;
            }

            from = at + 1;
        }

        return -1;
    }

    private static WebhookPart Part(ReadOnlySpan<byte> body, int start, int next)
    {
        // The line break before a delimiter belongs to that.
        var end = next - 1;
        end = end > start && body[end - 1] == '\r' ? end - 1 : end;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (start < end)
        {
            var length = body[start..end].IndexOf((byte)'\n');
            var line = length < 0 ? body[start..end] : body[start..(start + length)];
            start = length < 0 ? end : start + length + 1;
            line = line.TrimEnd((byte)'\r');
            if (line.IsEmpty)
            {
                break;
            }

            var colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                headers[Encoding.UTF8.GetString(line[..colon]).Trim()] = Encoding.UTF8.GetString(line[(colon + 1)..]).Trim();
            }
        }

        var disposition = ContentDispositionHeaderValue.TryParse(headers.GetValueOrDefault("Content-Disposition"), out var said) ? said : null;
        var file = disposition?.FileNameStar is { HasValue: true } star ? star.ToString() : Unquoted(disposition?.FileName.ToString());
        return new(
            Unquoted(disposition?.Name.ToString()),
            disposition is null || disposition.FileName.HasValue || disposition.FileNameStar.HasValue ? file ?? "" : null,
            headers.GetValueOrDefault("Content-Type"),
            Math.Min(start, Math.Max(end, 0))..Math.Max(end, start));
    }

    private static string? Unquoted(string? text) => string.IsNullOrEmpty(text)
        ? null
        : RepairedJson.Of(HeaderUtilities.UnescapeAsQuotedString(HeaderUtilities.RemoveQuotes(text)).ToString());

    private static RefusedException Malformed(string why) =>
        new(RefusalKind.Malformed, null, $"The body is not divided into parts as its content type says: {why}.");
}
