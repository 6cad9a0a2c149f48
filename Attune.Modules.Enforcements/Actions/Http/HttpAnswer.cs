using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>A response, read to its end.</summary>
internal sealed class HttpAnswer
{
    private const int ChunkBytes = 16 * 1024;

    // What packing adds to a body that is hardly longer than nothing.
    private const int FrameBytes = 64 * 1024;

    private readonly List<KeyValuePair<string, string>> _headers;
    private readonly RetryConditionHeaderValue? _retryAfter;
    private readonly string _media;
    private readonly string? _charset;
    private readonly byte[] _body;
    private readonly Uri _url;
    private readonly int _redirects;

    private HttpAnswer(HttpResponseMessage response, byte[] body, Uri url, int redirects)
    {
        Status = response.StatusCode;
        _headers = [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => !IsSecret(header.Key))
            .Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), string.Join(", ", header.Value).Replace('\0', '\uFFFD')))];
        _retryAfter = response.Headers.RetryAfter;
        (_media, _charset) = ContentType.Parse(
            response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.Last() : null);
        _body = body;
        _url = url;
        _redirects = redirects;
    }

    public HttpStatusCode Status { get; }

    /// <summary>True for a status that another try may change.</summary>
    public bool MayPass => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>How long the server wants not to be asked again; null when it says nothing.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => _retryAfter?.Delta ?? _retryAfter?.Date - now;

    /// <summary>Reads a response to its end.</summary>
    /// <param name="response">The response.</param>
    /// <param name="url">Where it came from.</param>
    /// <param name="redirects">How many redirects led there.</param>
    /// <param name="maxBytes">The most bytes of its body, unpacked.</param>
    /// <param name="memory">Counts what is kept while it is read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ActionFailedException">The body is too long, or was cut short.</exception>
    /// <exception cref="InvalidDataException">The body is not packed as it says.</exception>
    public static async Task<HttpAnswer> ReadAsync(
        HttpResponseMessage response, Uri url, int redirects, int maxBytes, BodyMemory memory, CancellationToken cancellationToken)
    {
        var encodings = Unpacking.Encodings(response.Content.Headers);
        var mostPacked = encodings.Length > 0 ? maxBytes + FrameBytes : maxBytes;
        var packed = await ReadAsync(response, url, mostPacked, memory, cancellationToken);
        return packed is not null && Unpacking.Unpack(packed, encodings, maxBytes) is { } body
            ? new(response, body, url, redirects)
            : throw new ActionFailedException($"The response has more than {maxBytes} bytes (max_response_bytes).", mayRetry: false);
    }

    /// <summary>The response as an execution's <c>data</c>.</summary>
    /// <param name="tries">How many requests it took.</param>
    /// <param name="took">How long they took, together.</param>
    public JsonElement ToData(int tries, TimeSpan took) => JsonElement.Parse(RenderedJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("status_code", (int)Status);
        writer.WriteBoolean("success", (int)Status is >= 200 and < 300);
        writer.WriteString("url", RequestAddress.Shown(_url));
        writer.WriteStartObject("headers");
        foreach (var (name, value) in _headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        WriteBody(writer);
        writer.WriteNumber("tries", tries);
        writer.WriteNumber("redirects", _redirects);
        writer.WriteNumber("elapsed_ms", (long)took.TotalMilliseconds);
        writer.WriteEndObject();
    }), Json.DocumentOptions);

    private static bool IsSecret(string header) =>
        header.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) || header.Equals("Set-Cookie2", StringComparison.OrdinalIgnoreCase);

    // Null when there is more than may be kept.
    private static async Task<byte[]?> ReadAsync(
        HttpResponseMessage response, Uri url, int maxBytes, BodyMemory memory, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var kept = 0L;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var chunk = new byte[ChunkBytes];
            int read;
            while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
            {
                if (body.Length + read > maxBytes)
                {
                    return null;
                }

                memory.Take(read);
                kept += read;
                body.Write(chunk.AsSpan(0, read));
            }

            return body.ToArray();
        }
        catch (IOException error)
        {
            // The head has come, and so the body was under way.
            var came = response.Content.Headers.ContentLength is { } length ? $"{body.Length} of {length} bytes came" : error.Message;
            throw new ActionFailedException($"The answer of {url.Host}:{url.Port} was cut short: {came}");
        }
        finally
        {
            memory.Return(kept);
        }
    }

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
            writer.WritePropertyName("json");
            json.WriteTo(writer);
        }
        else if (Charsets.Decode(_body, _charset) is { } text && !text.Contains('\0', StringComparison.Ordinal))
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

        // JSON is UTF-8, whatever its type says; only where it is not, another charset may be right.
        if (!ContentType.IsJson(_media) || (Charsets.Decode(_body, null) ?? Charsets.Decode(_body, _charset)) is not { } text)
        {
            return false;
        }

        try
        {
            json = JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = Json.MaxDepth });

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
}
