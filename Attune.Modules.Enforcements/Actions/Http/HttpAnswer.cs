using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>A response, read to its end.</summary>
internal sealed class HttpAnswer
{
    private const int ChunkBytes = 16 * 1024;

    private readonly List<KeyValuePair<string, string>> _headers;
    private readonly MediaTypeHeaderValue? _type;
    private readonly RetryConditionHeaderValue? _retryAfter;
    private readonly byte[] _body;
    private readonly int _redirects;

    private HttpAnswer(HttpResponseMessage response, byte[] body, int redirects)
    {
        Status = response.StatusCode;
        _headers = [.. response.Headers.Concat(response.Content.Headers)
            .Where(header => !IsSecret(header.Key))
            .Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), string.Join(", ", header.Value).Replace('\0', '\uFFFD')))];
        _type = response.Content.Headers.ContentType;
        _retryAfter = response.Headers.RetryAfter;
        _body = body;
        _redirects = redirects;
    }

    public HttpStatusCode Status { get; }

    /// <summary>True for a status that another try may change.</summary>
    public bool MayPass => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>How long the server wants not to be asked again; null when it says nothing.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => _retryAfter?.Delta ?? _retryAfter?.Date - now;

    /// <exception cref="ActionFailedException">The body, unpacked, is longer than <paramref name="maxBytes"/>.</exception>
    public static async Task<HttpAnswer> ReadAsync(
        HttpResponseMessage response, int redirects, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                throw new ActionFailedException($"The response has more than {maxBytes} bytes (max_response_bytes).", mayRetry: false);
            }

            body.Write(chunk.AsSpan(0, read));
        }

        return new(response, body.ToArray(), redirects);
    }

    /// <summary>The response as an execution's <c>data</c>.</summary>
    /// <param name="tries">How many requests it took.</param>
    public JsonElement ToData(int tries) => JsonElement.Parse(RenderedJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("status_code", (int)Status);
        writer.WriteStartObject("headers");
        foreach (var (name, value) in _headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        WriteBody(writer);
        writer.WriteNumber("tries", tries);
        writer.WriteNumber("redirects", _redirects);
        writer.WriteEndObject();
    }), Json.DocumentOptions);

    private static bool IsSecret(string header) =>
        header.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) || header.Equals("Set-Cookie2", StringComparison.OrdinalIgnoreCase);

    private void WriteBody(Utf8JsonWriter writer)
    {
        if (_body.Length == 0)
        {
            writer.WriteNull("body");
        }
        else if (IsJson(out var json))
        {
            writer.WritePropertyName("body");
            json.WriteTo(writer);
        }
        else if (Text() is { } text)
        {
            writer.WriteString("body", text);
        }
        else
        {
            writer.WriteBase64String("body_base64", _body);
        }
    }

    private bool IsJson(out JsonElement json)
    {
        json = default;
        var type = _type?.MediaType;
        if (type is null || !(
            type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
            || !Utf8.IsValid(_body))
        {
            return false;
        }

        try
        {
            json = JsonElement.Parse(_body, new JsonDocumentOptions { MaxDepth = Json.MaxDepth });

            // What the database would refuse as JSON, such as \u0000 or 1e999999, it takes as a text: the request has been made, and
            // its answer is not to be lost.
            StorableJson.Check(json, "body", int.MaxValue, Json.MaxDepth);
            return true;
        }
        catch (Exception error) when (error is JsonException or RefusedException)
        {
            return false;
        }
    }

    private string? Text()
    {
        try
        {
            var charset = _type?.CharSet is { Length: > 0 } name ? name.Trim('"') : "utf-8";
            var text = Encoding.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(_body);
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            // A charset that is not known or not safe, or bytes that are none of its characters.
            return null;
        }
    }
}
