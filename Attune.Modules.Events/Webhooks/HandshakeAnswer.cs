using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// The answer to a sender's question. It repeats what was sent, so it is never anything that a browser shows as a page.
/// </summary>
internal sealed record HandshakeAnswer : IResult
{
    private const int Longest = 1024;

    // Escapes every character that means something in markup, wherever the answer may land.
    private static readonly JsonSerializerOptions Escaped = new() { Encoder = JavaScriptEncoder.Default };

    public int Status { get; init; } = StatusCodes.Status200OK;

    public string? ContentType { get; init; }

    public string Body { get; init; } = "";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Repeats a text as it came.</summary>
    /// <exception cref="RefusedException">It is no challenge as senders make them.</exception>
    public static HandshakeAnswer Text(string? text) => new()
    {
        ContentType = "text/plain; charset=utf-8",
        Body = Checked(text).All(letter => letter is not ('<' or '>')) ? text! : throw Unfit(),
    };

    /// <summary>Repeats a text with what means something in markup escaped, as Microsoft asks.</summary>
    /// <inheritdoc cref="Text" path="/exception"/>
    public static HandshakeAnswer EscapedText(string? text) => new()
    {
        ContentType = "text/plain; charset=utf-8",
        Body = System.Net.WebUtility.HtmlEncode(Checked(text)),
    };

    public static HandshakeAnswer Json(params (string Name, string Value)[] fields) => new()
    {
        ContentType = "application/json; charset=utf-8",
        Body = JsonSerializer.Serialize(fields.ToDictionary(field => field.Name, field => Checked(field.Value)), Escaped),
    };

    /// <summary>A text that may be repeated: of one line, and no longer than any challenge is.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static string Checked(string? text) =>
        text?.Length is > 0 and <= Longest && text.All(letter => letter is >= ' ' and <= '~') ? text : throw Unfit();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        var body = Encoding.UTF8.GetBytes(Body);
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }

    private static RefusedException Unfit() =>
        new(RefusalKind.Malformed, null, $"The challenge is none: 1 to {Longest} printable characters of ASCII are expected, and no markup.");
}
